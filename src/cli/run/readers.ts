import { signalNumber } from "../../abi/signals.ts";
import type { Offset } from "../../enter/run-wish.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { RUN_EXPECTED } from "../../messages/run.ts";
import type { Reader } from "../options.ts";

/** The largest id: 4294967295 means "none" to the kernel. */
const MOST_ID = 4_294_967_294;
const DIGITS = /^\d{1,10}$/;

/** A number, or a name to look up. A word of digits is a number, as a user's name is never that. */
export type IdName = number | { readonly name: string };

export const idOrName: Reader<IdName> = (text) => {
  if (DIGITS.test(text) && Number(text) <= MOST_ID) return { ok: true, value: Number(text) };
  if (/^[^\d\s:,=+-][^\s:,]*$/u.test(text)) return { ok: true, value: { name: text } };
  return { ok: false, expected: RUN_EXPECTED.id };
};

/** `auto`: the caller's subordinate ids from 0 on; `subids`: the same as they are; `all`: whatever the caller's namespace has. */
export type RangeWord = IdExtent | "auto" | "subids" | "all";

const RANGE = /^(\d{1,10}):(\d{1,10}):(\d{1,10})$/;
/** As before util-linux 2.39: the outside first. */
const OLD_RANGE = /^(\d{1,10}),(\d{1,10}),(\d{1,10})$/;
const U32_MAX = 4_294_967_295;

export const idRange: Reader<RangeWord> = (text) => {
  if (text === "auto" || text === "subids" || text === "all") return { ok: true, value: text };
  const [, inside, outside, count] = (RANGE.exec(text) ?? []).map(Number);
  const [, oldOutside, oldInside, oldCount] = (OLD_RANGE.exec(text) ?? []).map(Number);
  const range = { inside: inside ?? oldInside, outside: outside ?? oldOutside, count: count ?? oldCount };
  return isExtent(range) ? { ok: true, value: range } : { ok: false, expected: RUN_EXPECTED.range };
};
const isExtent = (range: { [Key in keyof IdExtent]: number | undefined }): range is IdExtent =>
  Object.values(range).every((value) => value !== undefined && value <= U32_MAX);

export const ownerIds: Reader<{ readonly uid: number; readonly gid: number }> = (text) => {
  const [uid, gid, ...rest] = text.split(":").map((word) => (DIGITS.test(word) ? Number(word) : MOST_ID + 1));
  if (uid === undefined || gid === undefined || rest.length > 0 || uid > MOST_ID || gid > MOST_ID) {
    return { ok: false, expected: RUN_EXPECTED.owner };
  }
  return { ok: true, value: { uid, gid } };
};

export const signal: Reader<number> = (text) => {
  const number = signalNumber(text);
  return number === undefined ? { ok: false, expected: RUN_EXPECTED.signal } : { ok: true, value: number };
};

const SECONDS = /^([+-]?)(\d{1,19})(?:\.(\d{1,9}))?$/;
const NS_PER_S = 1_000_000_000n;

/** Seconds with or without decimals; unshare takes whole ones. The kernel wants nanoseconds from 0 up. */
export const clockOffset: Reader<Offset> = (text) => {
  const [, sign, whole, decimals = ""] = SECONDS.exec(text.trim()) ?? [];
  if (whole === undefined) return { ok: false, expected: RUN_EXPECTED.offset };
  const size = BigInt(whole) * NS_PER_S + BigInt(decimals.padEnd(9, "0"));
  const total = sign === "-" ? -size : size;
  const nanoseconds = ((total % NS_PER_S) + NS_PER_S) % NS_PER_S;
  return { ok: true, value: { seconds: (total - nanoseconds) / NS_PER_S, nanoseconds: Number(nanoseconds) } };
};
