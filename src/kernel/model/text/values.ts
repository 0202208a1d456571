import { ALL_CAPABILITIES, capBit, CAPABILITIES, type Capability } from "../../../abi/capabilities.ts";
import type { Offset } from "../../../rules/timens-offsets.ts";
import type { Statement } from "./statement.ts";

/** (uid_t)-1 is no id. */
const MAX_ID = 4_294_967_294;
const NS_PER_S = 1_000_000_000;

/** A whole number from 0 on; the usual one where nothing is said. */
export function wholeNumber(said: Statement, key: string, usual: number, { least = 0, most = 2 ** 53 - 1 } = {}) {
  const text = said.raw(key);
  if (text === undefined) return usual;
  const number = /^-?(\d{1,16}|0x[\da-f]{1,13})$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) throw said.unfit(key, `${least}…${most}`);
  return number;
}

export const yesOrNo = (said: Statement, key: string, usual: boolean): boolean =>
  oneOf(said, key, ["yes", "no"], usual ? "yes" : "no") === "yes";
export const yesNo = (is: boolean): string => (is ? "yes" : "no");

export function oneOf<W extends string>(said: Statement, key: string, words: readonly W[], usual: W): W {
  const text = said.raw(key);
  if (text === undefined) return usual;
  const found = words.find((word) => word === text);
  if (found === undefined) throw said.unfit(key, words.join(", "));
  return found;
}

/** What stands between commas. */
export const listed = (said: Statement, key: string): readonly string[] => {
  const text = said.raw(key) ?? "";
  return text === "" ? [] : text.split(",");
};

export function numbers(said: Statement, key: string, most = MAX_ID): readonly number[] {
  return listed(said, key).map((text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number <= most)) throw said.unfit(key, `0…${most},…`);
    return number;
  });
}

/** Real, effective, saved and file system id; one where they are all the same. */
export type FourIds = readonly [number, number, number, number];
export const fourIdsText = (ids: FourIds): string => (ids.every((id) => id === ids[0]) ? `${ids[0]}` : ids.join(","));
export function fourIds(said: Statement, key: string, usual: FourIds): FourIds {
  if (!said.has(key)) return usual;
  const [real, effective, saved, fs, ...more] = numbers(said, key);
  if (real !== undefined && effective === undefined) return [real, real, real, real];
  if (real === undefined || effective === undefined || saved === undefined || fs === undefined || more.length > 0) {
    throw said.unfit(key, "ID; REAL,EFFECTIVE,SAVED,FS");
  }
  return [real, effective, saved, fs];
}

/** More names than these would make a line long. */
const MOST_NAMES = 4;
/** `all`, `none`, names, all without some, or else bits. */
export function capsText(set: bigint): string {
  if (set === 0n) return "none";
  if (set === ALL_CAPABILITIES) return "all";
  const missing = namesOf(ALL_CAPABILITIES & ~set);
  if ((set & ~ALL_CAPABILITIES) === 0n) {
    if (namesOf(set).length <= MOST_NAMES) return namesOf(set).join(",");
    if (missing.length <= MOST_NAMES) return ["all", ...missing.map((name) => `-${name}`)].join(",");
  }
  return `0x${set.toString(16)}`;
}
const namesOf = (set: bigint): readonly Capability[] => CAPABILITIES.filter((name) => (set & capBit(name)) !== 0n);
const isCapability = (name: string): name is Capability => CAPABILITIES.some((known) => known === name);

export function caps(said: Statement, key: string, usual: bigint): bigint {
  const text = said.raw(key);
  if (text === undefined) return usual;
  if (/^0x[\da-f]{1,16}$/.test(text)) return BigInt(text);
  let set = 0n;
  for (const word of text.split(",")) {
    const name = word.startsWith("-") ? word.slice(1) : word;
    if (word === "all") set = ALL_CAPABILITIES;
    else if (!isCapability(name)) {
      if (word !== "none") throw said.unfit(key, "all, none, CAP_NET_ADMIN,…, all,-CAP_NET_ADMIN, 0x…");
    } else if (word === name) set |= capBit(name);
    else set &= ~capBit(name);
  }
  return set;
}

/** As lines of timens_offsets have them: seconds, which may be negative, and nanoseconds. */
export const offsetText = ({ seconds, nanoseconds }: Offset): string =>
  nanoseconds === 0 ? `${seconds}` : `${seconds}.${`${nanoseconds}`.padStart(9, "0")}`;
export function offset(said: Statement, key: string): Offset {
  const text = said.raw(key) ?? "0";
  const [, seconds, nanoseconds = "0"] = /^(-?\d{1,10})(?:\.(\d{9}))?$/.exec(text) ?? [];
  if (seconds === undefined || Number(nanoseconds) >= NS_PER_S) throw said.unfit(key, "SECONDS, SECONDS.NANOSECONDS");
  return { seconds: Number(seconds), nanoseconds: Number(nanoseconds) };
}
