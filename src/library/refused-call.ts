import type { ErrnoName } from "../abi/errnos.ts";
import { SyscallError } from "../errors.ts";
import { sentence } from "../messages/errors.ts";
import { hintFor, type Situation } from "../messages/hints.ts";
import { REASONS, type Reason } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import { safeText } from "../messages/safe-text.ts";

/** A refused call, before it is put into words. */
export interface Refusal {
  readonly code: ErrnoName;
  /** The call as the man page has it: "ioctl NS_GET_PARENT". */
  readonly syscall: string;
  /** What it was asked of, as it is named outside: not yet safe to print. */
  readonly subject: string;
  readonly rule?: Reason | undefined;
  /** What was going on, where it changes what the errno means. */
  readonly situation?: Situation | undefined;
  /** Sentences that say more than those of the rule and the situation. */
  readonly reason?: string | undefined;
  readonly hint?: string | undefined;
}

/** The error for a refused call: every message has the call, the thing, the errno, why, and what to do next. */
export function refusedCall(refusal: Refusal, language: Language): SyscallError {
  const { code, syscall, rule, situation } = refusal;
  const known = hintFor({ code, syscall, ...defined({ situation }) }, language);
  const reason = refusal.reason ?? known.reason ?? (rule === undefined ? undefined : REASONS[rule][language]);
  const hint = refusal.hint ?? known.hint;
  const call = { code, syscall, subject: safeText(refusal.subject), ...defined({ rule, reason, hint }) };
  return new SyscallError(sentence(call, language), call);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
/** The fields that have a value. */
function defined<T extends object>(fields: T): Defined<T> {
  // Object.fromEntries forgets which value belongs to which key.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
