import type { RefRule } from "../messages/ref-rules.ts";

/** What a name means, or the first rule it breaks. */
export type Parse<T> = { readonly ok: true; readonly value: T } | BrokenRule;

export interface BrokenRule {
  readonly ok: false;
  readonly rule: RefRule;
  /** The part of the name that broke it, as it was written: not yet safe to print. */
  readonly part: string;
  /** The words that would have been right, where they can be listed. */
  readonly known: readonly string[];
}

export const broken = (rule: RefRule, part: string, known: readonly string[] = []): BrokenRule => ({
  ok: false,
  rule,
  part,
  known,
});

/** No number that we read has more digits: 2^64 has 20. */
const MAX_DIGITS = 20;

/** A whole number in decimal digits from `least` to `most`; undefined for anything else. Zeros in front are allowed. */
export function wholeNumber(digits: string, least: bigint, most: bigint): bigint | undefined {
  if (!/^\d+$/.test(digits)) return undefined;
  const trimmed = digits.replace(/^0+(?=\d)/, "");
  if (trimmed.length > MAX_DIGITS) return undefined;
  const number = BigInt(trimmed);
  return number >= least && number <= most ? number : undefined;
}
