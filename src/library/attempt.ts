import type { ErrnoName } from "../abi/errnos.ts";
import { SyscallError } from "../errors.ts";
import type { Reason } from "../messages/reasons.ts";
import { ok, type Success } from "../rules/outcome.ts";

/** What was asked for, or the refusal as a value. */
export type Attempt<T> = Success<T> | RefusedAttempt;
export interface RefusedAttempt {
  readonly ok: false;
  readonly errno: ErrnoName;
  /** The rule that refused, where it is known. */
  readonly reason: Reason | undefined;
  /** The whole of it, with a message. */
  readonly error: SyscallError;
}

/**
 * Makes a call whose refusal is an answer too:
 *
 *     const parent = attempt(() => ns.parent());
 *     if (!parent.ok) console.log(parent.errno);
 *
 * Only what the kernel refuses becomes a value (a `SyscallError`, of this library or of nsatlas/raw); whatever else is
 * thrown goes on. What the call opened is the caller's to end, as without. Of a promise: see `attemptAsync`.
 */
export function attempt<T>(call: () => T): Attempt<T> {
  try {
    return ok(call());
  } catch (error) {
    return refusedOr(error);
  }
}

/** The same for calls that take time: `await attemptAsync(() => openNamespace(ref))`. */
export async function attemptAsync<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return ok(await call());
  } catch (error) {
    return refusedOr(error);
  }
}

function refusedOr(error: unknown): RefusedAttempt {
  if (!(error instanceof SyscallError)) throw error;
  return { ok: false, errno: error.code, reason: error.rule, error };
}
