import { isLink, type ProcLink } from "../../abi/proc-links.ts";
import type { NsKey, Task, World } from "./world.ts";

/** A path below /proc/PID, taken apart. */
export interface ProcPath {
  readonly task: Task;
  /** What follows /proc/PID (or /proc/PID/task/TID): "ns/net", "uid_map". */
  readonly file: string;
}

const PROC_PATH = /^\/proc\/(self|\d+)(?:\/task\/(\d+))?\/(.+)$/;

/** The process that a /proc path speaks of, as one task sees it; undefined where there is none, or no such path. */
export function procPath(world: World, viewer: Task, path: string): ProcPath | undefined {
  const [, process = "", thread, file = ""] = PROC_PATH.exec(path) ?? [];
  if (file === "") return undefined;
  const task = process === "self" ? viewer : taskWithNumber(world, viewer.pid, Number(process));
  if (task === undefined || thread === undefined) return task === undefined ? undefined : { task, file };
  const inside = taskWithNumber(world, viewer.pid, Number(thread));
  return inside?.leader === task.leader ? { task: inside, file } : undefined;
}

export function taskWithNumber(
  world: Pick<World, "namespaces" | "tasks">,
  pid: NsKey,
  number: number,
): Task | undefined {
  const name = world.namespaces.get(pid)?.pid?.tasks.get(number);
  return name === undefined ? undefined : world.tasks.get(name);
}

/** "ns/net" is the link net. */
export function linkFile(file: string): ProcLink | undefined {
  const name = file.startsWith("ns/") ? file.slice("ns/".length) : "";
  return isLink(name) ? name : undefined;
}
