import { hasCap, type Capability } from "../abi/capabilities.ts";
import { CONSTANTS } from "../abi/constants.ts";
import type { FullCredentials } from "./full-credentials.ts";
import { ok, refused, type Outcome } from "./outcome.ts";

/** The sets that capset(2) gives. */
export interface CapabilitySets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

/**
 * CAPSET: permitted and effective capabilities can be given up, not taken; inheritable ones come out of the permitted
 * ones unless CAP_SETPCAP lifts that, and always out of the bounding set. Every refusal is EPERM.
 * Source: security/commoncap.c cap_capset.
 */
export function mayCapset<N>(
  who: FullCredentials<N>,
  { effective, permitted, inheritable }: CapabilitySets,
): Outcome<true> {
  if (!hasCap(who.effective, "CAP_SETPCAP") && !isWithin(inheritable, who.inheritable | who.permitted)) {
    return refused("EPERM", "inheritable-beyond-permitted");
  }
  if (!isWithin(inheritable, who.inheritable | who.bounding)) return refused("EPERM", "inheritable-beyond-bounding");
  if (!isWithin(permitted, who.permitted)) return refused("EPERM", "capabilities-grow");
  if (!isWithin(effective, permitted)) return refused("EPERM", "effective-beyond-permitted");
  return ok(true);
}

/** Whether the bounding set may shrink: prctl(2), PR_CAPBSET_DROP. Source: security/commoncap.c cap_prctl_drop. */
export const mayDropBounding = <N>({ effective }: FullCredentials<N>): Outcome<true> =>
  hasCap(effective, "CAP_SETPCAP") ? ok(true) : refused("EPERM", "no-setpcap");

/** The ambient set after capset: what the new sets leave of it. Source: security/commoncap.c cap_capset. */
export const ambientAfter = (ambient: bigint, { permitted, inheritable }: CapabilitySets): bigint =>
  ambient & permitted & inheritable;

/**
 * prctl(2), PR_CAP_AMBIENT_RAISE: one at a time, of what is both permitted and inheritable. To lower or to clear it is
 * everybody's right. Every refusal is EPERM. Source: security/commoncap.c cap_task_prctl.
 */
export function mayRaiseAmbient<N>(who: FullCredentials<N>, capability: Capability): Outcome<true> {
  if (!hasCap(who.permitted, capability)) return refused("EPERM", "ambient-beyond-permitted");
  if (!hasCap(who.inheritable, capability)) return refused("EPERM", "ambient-beyond-inheritable");
  if ((who.securebits & SECBIT_NO_CAP_AMBIENT_RAISE) !== 0) return refused("EPERM", "ambient-may-not-grow");
  return ok(true);
}

/** prctl(2), PR_SET_KEEPCAPS: SECBIT_KEEP_CAPS without a capability, unless it is locked. Source: cap_task_prctl. */
export const maySetKeepCaps = <N>({ securebits }: FullCredentials<N>): Outcome<true> =>
  (securebits & (SECBIT_KEEP_CAPS << 1)) === 0 ? ok(true) : refused("EPERM", "securebits-locked");

const { SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP, SECBIT_KEEP_CAPS, SECBIT_NO_CAP_AMBIENT_RAISE } = CONSTANTS;
const PRIVILEGED_BITS = SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP | SECBIT_KEEP_CAPS | SECBIT_NO_CAP_AMBIENT_RAISE;
/** What a program asks of interpreters: restrictions that user space puts on itself. Since Linux 6.14. */
const EXEC_BITS = CONSTANTS.SECBIT_EXEC_RESTRICT_FILE | CONSTANTS.SECBIT_EXEC_DENY_INTERACTIVE;
/** Each bit has a lock, the bit above it. */
const withLocks = (bits: number): number => bits | (bits << 1);
const LOCKS = (PRIVILEGED_BITS | EXEC_BITS) << 1;

/** prctl(2), PR_SET_SECUREBITS. Every refusal is EPERM. Source: security/commoncap.c cap_task_prctl. */
export function maySetSecurebits<N>(
  { securebits, effective }: FullCredentials<N>,
  { wanted, execBits }: { wanted: number; execBits: boolean },
): Outcome<true> {
  const changed = securebits ^ wanted;
  const locks = securebits & LOCKS;
  if (((locks >> 1) & changed) !== 0 || (locks & ~wanted) !== 0) return refused("EPERM", "securebits-locked");
  const known = withLocks(execBits ? PRIVILEGED_BITS | EXEC_BITS : PRIVILEGED_BITS);
  if ((wanted & ~known) !== 0) return refused("EPERM", "securebits-unknown");
  if (hasCap(effective, "CAP_SETPCAP")) return ok(true);
  // Without the capability even changing nothing is refused, as it always was.
  const free = changed !== 0 && (changed & ~withLocks(EXEC_BITS)) === 0;
  return free ? ok(true) : refused("EPERM", "no-setpcap");
}

const isWithin = (set: bigint, of: bigint): boolean => (set & ~of) === 0n;
