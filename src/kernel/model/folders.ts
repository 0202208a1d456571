import { procPath } from "./proc-paths.ts";
import { mountsFound } from "./roots.ts";
import { namespaceOf } from "./view.ts";
import type { Task, World } from "./world.ts";

/** The folders that every task finds. */
export const FOLDERS: ReadonlySet<string> = new Set(["/", "/proc", "/run", "/run/netns"]);
/** Those of a process, below /proc/PID: "." is that one itself. */
const OF_PROCESS: ReadonlySet<string> = new Set([".", "ns/.", "fd/.", "task/."]);

/** Whether a path leads to a folder, as one task sees it. */
export function isFolder(world: World, viewer: Task, path: string): boolean {
  if (FOLDERS.has(path)) return true;
  const at = procPath(world, viewer, `${path}/.`);
  return at !== undefined && OF_PROCESS.has(at.file);
}

/** The names in a folder that the world has: processes, and bind mounts of namespaces. */
export function namesIn(world: World, viewer: Task, path: string): readonly string[] {
  const { pid } = viewer;
  const processes = path === "/proc" ? namespaceOf(world, pid).pid?.tasks.keys() : undefined;
  const binds = mountsFound(world, viewer)?.binds;
  const below = [...(binds?.values() ?? [])]
    .filter((bind) => bind.path.startsWith(`${path}/`))
    .map((bind) => bind.path.slice(path.length + 1));
  const own = processes === undefined ? [] : [...Array.from(processes, String), "self"];
  return [...new Set([...own, ...below])].filter((name) => !name.includes("/")).toSorted();
}
