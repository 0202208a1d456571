import { readFileSync, readlinkSync } from "node:fs";

/**
 * A process of this machine as a text that no other one ever has: its number, when it started (clock ticks since boot), and
 * the pid namespace that counts so. It is in the names of what a run of the tests makes, so that a later run can tell
 * what one left that was killed. Where there is no /proc, the number alone.
 */
export function processMark(pid = process.pid) {
  const began = startOf(pid);
  return began === undefined ? `${pid}` : `${pid}-${began}-${ownNumbers()}`;
}

/** Whether the process of a mark has ended for sure: what is counted by others is none of ours to judge. */
export function hasEnded(mark) {
  const [, pid, began, numbers] = /^(\d+)-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (pid === undefined || numbers !== ownNumbers()) return false;
  return startOf(pid) !== began;
}

function startOf(pid) {
  try {
    // The name in parentheses may hold anything; then come the state, and as field 22 the start time: proc_pid_stat(5).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    // One that nobody has waited for yet does nothing any more.
    return /^[ZXx]$/.test(fields[0]) ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function ownNumbers() {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
  } catch {
    return undefined;
  }
}
