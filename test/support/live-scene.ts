import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { LINKS, type ProcLink } from "../../src/abi/proc-links.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { asOrdinaryUser } from "./ordinary-user.ts";
import { root, type Viewer } from "./viewers.ts";

/** So long a machine that is busy may take to start a few programs. */
const PATIENCE_MS = 20_000;

/** Processes of a test in namespaces of their own; whoever made it ends them, with all that is below. */
export class LiveScene implements Disposable {
  readonly #children: ChildProcess[] = [];
  readonly #viewer: Viewer;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  /** Runs a shell script that says `ready` when everything stands, and then sleeps or reads: the number of its shell. */
  async play(script: string): Promise<number> {
    const credentials = this.#viewer === root ? {} : asOrdinaryUser();
    // A group of its own, by which all that is not in a pid namespace of its own is ended.
    const child = spawn("sh", ["-c", script], { ...credentials, stdio: ["pipe", "pipe", "inherit"], detached: true });
    this.#children.push(child);
    let said = "";
    const ready = (async () => {
      while (!said.includes("ready")) said += String((await once(child.stdout, "data"))[0]);
    })();
    await Promise.race([ready, once(child, "exit"), sleep(PATIENCE_MS, undefined, { ref: false })]);
    if (child.pid === undefined || !said.includes("ready")) throw new Error(`not ready: ${script}: ${said}`);
    return child.pid;
  }

  [Symbol.dispose](): void {
    for (const { pid, stdin } of this.#children) {
      stdin?.destroy();
      try {
        if (pid !== undefined) process.kill(-pid, "SIGKILL");
      } catch (error) {
        // It has ended by itself: what the test says of that comes first.
        if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
      }
    }
  }
}

/** The inode numbers behind the links of a process, as readlink(1) prints them. */
export function readLinks(pid: number | "self"): Readonly<Partial<Record<ProcLink, number>>> {
  const found: Partial<Record<ProcLink, number>> = {};
  for (const link of LINKS) {
    const { stdout } = spawnSync("readlink", [`/proc/${pid}/ns/${link}`], { encoding: "utf8" });
    const inode = /\[(\d+)\]/.exec(stdout)?.[1];
    if (inode !== undefined) found[link] = Number(inode);
  }
  return found;
}

/** The same of each process of an image: by its label, the inode number that each link leads to. */
export function linksInImage(
  { namespaces, processes }: Topology,
  ambient: Readonly<Partial<Record<ProcLink, number>>>,
): ReadonlyMap<number, Readonly<Partial<Record<ProcLink, number>>>> {
  const inodes = new Map(namespaces.map(({ label, identity }) => [label, identity?.inode]));
  return new Map(
    processes.map(({ identity, namespaces: links }) => {
      const found: Partial<Record<ProcLink, number>> = {};
      for (const link of LINKS) {
        // Left out: the same as the process's own.
        const reference = links[link] ?? (link.endsWith("_for_children") ? links[ownLink(link)] : undefined);
        const inode = reference?.startsWith("ambient:") === true ? ambient[ownLink(link)] : inodes.get(reference ?? "");
        if (inode !== undefined) found[link] = inode;
      }
      return [identity?.pid ?? 0, found];
    }),
  );
}
const ownLink = (link: ProcLink): ProcLink =>
  link.startsWith("pid") ? "pid" : link.startsWith("time") ? "time" : link;

/** The first child of a process, as the kernel lists them. */
export const childOf = (pid: number): number => Number(cat(`/proc/${pid}/task/${pid}/children`).trim().split(" ")[0]);

/** What cat(1) prints of a file. */
export const cat = (path: string): string => spawnSync("cat", [path], { encoding: "utf8" }).stdout;
