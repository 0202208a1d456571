import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { OPERATION_NAMES } from "../../caps/operations.ts";
import { SCHEMAS } from "../schemas.ts";
import type { Machine } from "./values-of.ts";

/** Folders that are not there, and processes that end meanwhile, have nothing to offer. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** This machine, by /proc and the names under /run/netns. Nothing is opened but small files of /proc. */
export function thisMachine(proc = "/proc", netns = "/run/netns"): Machine {
  const pids = (): number[] =>
    (attempt(() => readdirSync(proc)) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  const commOf = (pid: number): string | undefined =>
    attempt(() => readFileSync(`${proc}/${pid}/comm`, "utf8").trimEnd());
  return {
    processes: () =>
      pids().flatMap((pid) => {
        const comm = commOf(pid);
        return comm === undefined ? [] : [{ pid, comm }];
      }),
    networkNames: () => attempt(() => readdirSync(netns)) ?? [],
    inodes(kind) {
      const first = new Map<string, number>();
      for (const pid of pids()) {
        const inode = attempt(() => /\[(\d+)\]$/.exec(readlinkSync(`${proc}/${pid}/ns/${kind}`))?.[1]);
        if (inode !== undefined && !first.has(inode)) first.set(inode, pid);
      }
      return Array.from(first, ([inode, pid]) => ({ inode, comm: `${pid} ${commOf(pid) ?? ""}` }));
    },
    operations: () => OPERATION_NAMES.map((word) => ({ word })),
    schemas: () => [...SCHEMAS.keys()],
  };
}
