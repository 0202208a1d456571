import { CONSTANTS } from "../../abi/constants.ts";
import { mostTasksIn } from "./most-tasks.ts";
import type { Native } from "./native.ts";

/** A number that no descriptor of a look has: so many namespaces are not kept open, and at most 512 are opened besides. */
const BEYOND = 4000;

/** From so many tasks on, reading them takes longer than making room. */
const MANY_TASKS = 1000;

/**
 * Makes the table of descriptors as large as it will be needed, by a descriptor with a high number. As it fills, the kernel would
 * double it, and wait each time, since Node has several threads, until none can be reading the smaller one: 6 to 15 ms, five times
 * for 3,000 namespaces. Here it waits once, while others read processes. Where no more descriptors are allowed, nothing is done.
 * Source: fs/file.c expand_fdtable, which calls synchronize_rcu; measured.
 */
export function makeRoom(
  native: Pick<Native, "fcntl" | "close">,
  procRoot: string,
  proc: { readonly raw: number },
): void {
  if (mostTasksIn(procRoot) < MANY_TASKS) return;
  const high = native.fcntl(proc.raw, CONSTANTS.F_DUPFD_CLOEXEC, BEYOND);
  if (high >= 0) native.close(high);
}
