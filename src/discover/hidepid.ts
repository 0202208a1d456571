import type { SeenMount } from "./mount-table.ts";

/** hidepid=1 and 2, by number before Linux 5.8 and by name since. Source: fs/proc/root.c, proc(5). */
export function hidesProcesses(mounts: readonly SeenMount[], procRoot: string): boolean {
  const proc = mounts.findLast(({ mountPoint, fsType }) => fsType === "proc" && mountPoint === procRoot);
  return proc !== undefined && /(^|,)hidepid=(?!0|off)/.test(proc.superOptions);
}
