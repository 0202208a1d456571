import { accessSync, constants, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ErrnoName } from "../abi/errnos.ts";
import { outcomeOf } from "../kernel/live/outcome-of.ts";
import { cgroupFolder } from "./carry-cgroup.ts";

const refusalOf = (call: () => void): ErrnoName | undefined => {
  const outcome = outcomeOf(call);
  return outcome.ok ? undefined : outcome.errno;
};

/** Whether a namespace's file could be mounted there: over a file, or over one that can be made in a folder that can be made. */
export function mountPointRefusal(path: string): ErrnoName | undefined {
  const found = outcomeOf(() => statSync(path));
  if (found.ok) return found.value.isDirectory() ? "ENOTDIR" : undefined;
  return found.errno === "ENOENT" ? folderRefusal(dirname(path)) : found.errno;
}

/** Whether something can be made in a folder, which can be made itself where it is missing. */
function folderRefusal(path: string): ErrnoName | undefined {
  const found = outcomeOf(() => statSync(path));
  if (!found.ok) return found.errno === "ENOENT" && path !== dirname(path) ? folderRefusal(dirname(path)) : found.errno;
  if (!found.value.isDirectory()) return "ENOTDIR";
  return refusalOf(() => accessSync(path, constants.W_OK | constants.X_OK));
}

/** Whether a process could be moved to a control group. ENODEV: no hierarchy is mounted as a whole. */
export function cgroupRefusal(root: string): ErrnoName | undefined {
  const folder = cgroupFolder(root);
  if (folder === undefined) return "ENODEV";
  const there = outcomeOf(() => statSync(folder));
  if (!there.ok) return there.errno === "ENOENT" ? folderRefusal(dirname(folder)) : there.errno;
  return refusalOf(() => accessSync(join(folder, "cgroup.procs"), constants.W_OK));
}
