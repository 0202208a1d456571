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
/** Half of KTIME_SEC_MAX: no clock may show more seconds. */
const MOST_SECONDS = 4_611_686_018;
/** Each part is as long as it can be, and never shorter for the sake of the next (hence the look ahead): sscanf's way. */
const LINE = /^\s*(?=(\S{1,9}))\1\s*(-?\d+)\s+(\d+)/;
const MOST_LINES = 2;

/**
 * What the kernel makes of a text written to timens_offsets: lines of clock, seconds and nanoseconds. What follows on a
 * line does not count; after two lines it reads no further, and says that it has taken so many bytes (`taken`).
 * Source: fs/proc/base.c timens_offsets_write.
 */
export function parseOffsets(text: string): Outcome<{ readonly lines: readonly OffsetLine[]; readonly taken: number }> {
  if (text.length >= PAGE_SIZE) return refused("EINVAL", "offsets-text");
  const [read = ""] = text.split("\0");
  const rows = read.split("\n");
  if (rows.length > 1 && rows.at(-1) === "") rows.pop();
  const taken = rows.slice(0, MOST_LINES);
  const lines: OffsetLine[] = [];
  for (const row of taken) {
    const line = parseLine(row);
    if (line === undefined) return refused("EINVAL", "offsets-text");
    lines.push(line);
  }
  return ok({ lines, taken: rows.length > MOST_LINES ? `${taken.join("\n")}\n`.length : text.length });
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
    const shown = seconds + Math.floor(target.now + nanoseconds / NS_PER_S);
    // The kernel refuses offsets beyond KTIME_SEC_MAX before it adds them: none of those would pass here.
    if (shown < 0 || shown > MOST_SECONDS) return refused("ERANGE", "clock-out-of-range");
  }
  return target.frozen ? refused("EACCES", "offsets-frozen") : ok(true);
}
