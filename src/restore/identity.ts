import { readFileSync } from "node:fs";
import { parseMountinfo } from "../procfs/mountinfo.ts";
import { parseStat } from "../procfs/stat.ts";
import type { ProcessIdentity } from "./registry-entry.ts";
import { push } from "../snapshot/push.ts";

/** When a process began; undefined: there is none of that number, or only a zombie of it. */
export function startOf(pid: number): number | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
    return stat.ok && stat.value.state !== "Z" && stat.value.state !== "X" ? stat.value.startTime : undefined;
  } catch {
    // ENOENT before the file is open, ESRCH after.
    return undefined;
  }
}

/** Whether that very process is there still. */
export const isThere = ({ pid, startTime }: ProcessIdentity): boolean => startOf(pid) === startTime;

export const bootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();

/** The mounts of namespace files, by path, lowest first. */
export function namespaceMounts(): ReadonlyMap<string, readonly number[]> {
  const mounts = parseMountinfo(readFileSync("/proc/thread-self/mountinfo", "latin1"));
  if (!mounts.ok) throw new Error(`mountinfo is not understood: ${mounts.line}`);
  const found = new Map<string, number[]>();
  for (const { id, fsType, mountPoint } of mounts.value) {
    if (fsType !== "nsfs") continue;
    push(found, mountPoint, id);
  }
  return found;
}
