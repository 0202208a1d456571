import type { FactCase } from "../fact-case.ts";

/**
 * A case of calls that the kernel on which the facts were measured does not have. It says itself what it gives, in the
 * words of the facts: each row from one release on.
 */
export interface NewerCase extends FactCase {
  readonly gives: readonly (readonly [since: string, answer: string])[];
}
