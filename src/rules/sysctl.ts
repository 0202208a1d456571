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
 * its owner (undefined: it has no mapping, so nobody is it). Source: kernel/pid.c pid_table_root_permissions. Before Linux 6.14 there was one
 * file, of the initial uid 0.
 */
export function mayOpenPidMax<N>(
  view: View<N>,
  who: Credentials<N>,
  { pid, root }: { pid: N; root: number | undefined },
): Outcome<true> {
  const owner = view.owner(pid);
  if (owner !== undefined && hasCapability(view, who, owner, "CAP_SYS_ADMIN")) return ok(true);
  return who.euid === root ? ok(true) : refused("EACCES", "no-admin-over-owner");
}

/** What a text says, and how many of its bytes were read: those up to the next word. */
export interface ReadNumber {
  readonly number: number;
  readonly taken: number;
}
interface Bounds {
  readonly least: number;
  readonly greatest: number;
  /** Whether a number with a sign counts, be it -0. */
  readonly signed: boolean;
}

/** White space, a number as C writes it, and one of three ends. Source: kernel/sysctl.c proc_get_long. */
const NUMBER = /^\s*(-?)(0x[\da-f]+|\d+)(?:[ \t\n]\s*|$)/i;
/** The kernel copies one more, and takes a number as long as that for cut off. */
const MOST_CHARACTERS = 20;

/** The first number of a text, between two others. Source: kernel/sysctl.c proc_dointvec_minmax, proc_doulongvec_minmax. */
function parseNumber(text: string, { least, greatest, signed }: Bounds): Outcome<ReadNumber> {
  const [read = "", sign = "", digits = ""] = NUMBER.exec(text) ?? [];
  const isNumber = `${sign}${digits}`.length <= MOST_CHARACTERS && (signed || sign === "");
  const value = isNumber ? valueOf(digits) : Number.NaN;
  const number = sign === "" ? value : 0 - value;
  return number >= least && number <= greatest
    ? ok({ number, taken: read.length })
    : refused("EINVAL", "number-out-of-range");
}

/** In the base that the number begins with, as C has it. */
function valueOf(digits: string): number {
  if (!/^0\d/.test(digits)) return Number.parseInt(digits);
  return /[89]/.test(digits) ? Number.NaN : Number.parseInt(digits, 8);
}

const INT_MAX = 0x7fffffff;
/** `signed`: before Linux 5.14, where it is read as a number that may have a sign. */
export const parseLimit = (text: string, { signed }: { readonly signed: boolean }): Outcome<ReadNumber> =>
  parseNumber(text, { least: 0, greatest: INT_MAX, signed });
export const parsePidMax = (text: string): Outcome<ReadNumber> =>
  parseNumber(text, { least: LEAST_PID_MAX, greatest: GREATEST_PID_MAX, signed: true });
/** The number that the next process is to come after, where pid_max is `greatest`. */
export const parseLastPid = (text: string, greatest: number): Outcome<ReadNumber> =>
  parseNumber(text, { least: 0, greatest, signed: true });
