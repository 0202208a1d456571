import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

/** A pid namespace in which a new process gets a number. */
export interface NumberPlace<N> {
  readonly ns: N;
  /** Numbers lie below it. One for each pid namespace since Linux 6.14, before that one for all. */
  readonly max: number;
  /** Whether it has, or had, a first process. */
  readonly born: boolean;
  taken(number: number): boolean;
}

/** SET_TID, the whole list: one number for each level at most. Source: kernel/pid.c alloc_pid. */
export function mayListNumbers(count: number, levels: number): Outcome<true> {
  return count <= levels ? ok(true) : refused("EINVAL", "more-numbers-than-levels");
}

/**
 * SET_TID: whether a new process may have this very number in one pid namespace; `who` is the one who clones, with the
 * credentials it had before. Source: kernel/pid.c alloc_pid.
 */
export function mayTakeNumber<N>(
  view: View<N>,
  who: Credentials<N>,
  place: NumberPlace<N>,
  number: number,
): Outcome<true> {
  if (number < 1 || number >= place.max) return refused("EINVAL", "number-out-of-range");
  if (number !== 1 && !place.born) return refused("EINVAL", "first-process-must-be-1");
  if (!mayRestore(view, who, place.ns)) return refused("EPERM", "no-restore-in-pid-namespace");
  if (place.taken(number)) return refused("EEXIST", "number-taken");
  return ok(true);
}

/** Either capability over the owner will do. CAP_CHECKPOINT_RESTORE came with Linux 5.9. */
export function mayRestore<N>(view: View<N>, who: Credentials<N>, pid: N): boolean {
  const owner = view.owner(pid);
  if (owner === undefined) return false;
  const may = (name: "CAP_CHECKPOINT_RESTORE" | "CAP_SYS_ADMIN"): boolean => hasCapability(view, who, owner, name);
  return may("CAP_CHECKPOINT_RESTORE") || may("CAP_SYS_ADMIN");
}
