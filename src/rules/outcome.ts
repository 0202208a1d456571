import type { ErrnoName } from "../abi/errnos.ts";
import type { Reason } from "../messages/reasons.ts";

/** What a kernel answers. The running kernel gives the errno; only the model also knows the reason. */
export type Outcome<T> = Success<T> | Refused;
export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}
export interface Refused {
  readonly ok: false;
  readonly errno: ErrnoName;
  readonly reason?: Reason;
}

export const ok = <T>(value: T): Success<T> => ({ ok: true, value });
export const refused = (errno: ErrnoName, reason?: Reason): Refused =>
  reason === undefined ? { ok: false, errno } : { ok: false, errno, reason };
