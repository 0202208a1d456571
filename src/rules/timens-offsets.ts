import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

/** The clocks that a time namespace shifts, by each name that the file takes. Source: time_namespaces(7). */
const CLOCKS = { monotonic: "monotonic", "1": "monotonic", boottime: "boottime", "7": "boottime" } as const;
export type ShiftedClock = "monotonic" | "boottime";
const isClock = (word: string): word is keyof typeof CLOCKS => Object.hasOwn(CLOCKS, word);

/** By how much a clock is shifted: nanoseconds lie below 10^9, seconds may be negative. */
export interface Offset {
  readonly seconds: number;
  readonly nanoseconds: number;
}
export interface OffsetLine extends Offset {
  readonly clock: ShiftedClock;
}

const PAGE_SIZE = 4096;
const NS_PER_S = 1_000_000_000;
/** KTIME_SEC_MAX. No clock may come beyond half of it. */
const MOST_SECONDS = 9_223_372_036;
/** Each part is as long as it can be, and never shorter for the sake of the next (hence the look ahead): sscanf's way. */
const LINE = /^\s*(?=(\S{1,9}))\1\s*(?=(-?\d+))\2\s*(\d+)/;
const MOST_LINES = 2;

/**
 * What the kernel makes of a text written to timens_offsets: lines of clock, seconds and nanoseconds. What follows on a
 * line does not count; after two lines it reads no further, and says that it has taken so many bytes (`taken`).
 * Source: fs/proc/base.c timens_offsets_write.
 */
export function parseOffsets(text: string): Outcome<{ readonly lines: readonly OffsetLine[]; readonly taken: number }> {
  if (text.length >= PAGE_SIZE) return refused("EINVAL", "offsets-text");
  const end = text.indexOf("\0");
  const read = end < 0 ? text : text.slice(0, end);
  const lines: OffsetLine[] = [];
  for (let at = 0; ;) {
    const newline = read.indexOf("\n", at);
    const next = newline < 0 || newline + 1 === read.length ? undefined : newline + 1;
    const line = parseLine(newline < 0 ? read.slice(at) : read.slice(at, newline));
    if (line === undefined) return refused("EINVAL", "offsets-text");
    lines.push(line);
    if (next === undefined) return ok({ lines, taken: text.length });
    if (lines.length === MOST_LINES) return ok({ lines, taken: next });
    at = next;
  }
}

function parseLine(line: string): OffsetLine | undefined {
  const [, word = "", seconds, nanoseconds] = LINE.exec(line) ?? [];
  if (!isClock(word) || Number(nanoseconds) >= NS_PER_S) return undefined;
  return { clock: CLOCKS[word], seconds: Number(seconds), nanoseconds: Number(nanoseconds) };
}

/** The time namespace that is written: that for the process's children. */
export interface OffsetTarget<N> {
  readonly owner: N;
  /** Whether anybody has entered it: then it is fixed. The initial one is from the start. */
  readonly frozen: boolean;
  /** What the clocks show without it, in seconds. */
  readonly now: number;
}

/** TIMENS_OFFSETS, after the text was read. Source: kernel/time/namespace.c proc_timens_set_offset. */
export function maySetOffsets<N>(
  view: View<N>,
  opener: Credentials<N>,
  target: OffsetTarget<N>,
  lines: readonly OffsetLine[],
): Outcome<true> {
  if (!hasCapability(view, opener, target.owner, "CAP_SYS_TIME")) return refused("EPERM", "no-time-over-owner");
  for (const { seconds, nanoseconds } of lines) {
    const shown = target.now + seconds + nanoseconds / NS_PER_S;
    const outside = Math.abs(seconds) > MOST_SECONDS || shown < 0 || Math.floor(shown) > MOST_SECONDS / 2;
    if (outside) return refused("ERANGE", "clock-out-of-range");
  }
  return target.frozen ? refused("EACCES", "offsets-frozen") : ok(true);
}
