import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

/** pid_max lies between these. Source: kernel/pid.c pid_max_min, pid_max_max. */
const LEAST_PID_MAX = 301;
export const GREATEST_PID_MAX = 4_194_304;

/**
 * Whether /proc/sys/user/max_*_namespaces may be opened for writing: the files of the opener's own user namespace.
 * Source: kernel/ucount.c set_permissions.
 */
export function mayOpenLimit<N>(view: View<N>, who: Credentials<N>): Outcome<true> {
  return hasCapability(view, who, who.user, "CAP_SYS_RESOURCE")
    ? ok(true)
    : refused("EACCES", "no-resource-capability");
}

/**
 * Whether /proc/sys/kernel/pid_max may be opened for writing: that of the opener's own pid namespace; `root` is uid 0 of
 * its owner, as far as it is mapped. Source: kernel/pid.c pid_table_root_permissions. Before Linux 6.14 there was one
 * file, of the initial uid 0.
 */
export function mayOpenPidMax<N>(
  view: View<N>,
  who: Credentials<N>,
  { pid, root }: { pid: N; root: number | undefined },
): Outcome<true> {
  const owner = view.owner(pid);
  if (owner !== undefined && hasCapability(view, who, owner, "CAP_SYS_ADMIN")) return ok(true);
  return root !== undefined && who.euid === root ? ok(true) : refused("EACCES", "no-admin-over-owner");
}

/** One decimal number, between two others. Source: kernel/sysctl.c proc_doulongvec_minmax, proc_dointvec_minmax. */
export function parseNumber(text: string, { least, greatest }: { least: number; greatest: number }): Outcome<number> {
  const match = /^\s*(-?\d+)(?:\s|$)/.exec(text);
  const number = match === null ? Number.NaN : Number(match[1]);
  return number >= least && number <= greatest ? ok(number) : refused("EINVAL", "number-out-of-range");
}

export const parseLimit = (text: string): Outcome<number> =>
  parseNumber(text, { least: 0, greatest: Number.MAX_SAFE_INTEGER });
export const parsePidMax = (text: string): Outcome<number> =>
  parseNumber(text, { least: LEAST_PID_MAX, greatest: GREATEST_PID_MAX });
