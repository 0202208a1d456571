import { parseLines, type Parsed } from "./parsed.ts";

/** By how much a clock of a time namespace differs from that of the initial one. */
export interface ClockOffset {
  readonly clock: "monotonic" | "boottime";
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

/**
 * Reads the whole text of /proc/PID/timens_offsets: the offsets that the process's children will have. Since Linux 5.6.
 * Source: kernel/time/namespace.c show_offset, time_namespaces(7).
 */
export const parseTimensOffsets = (text: string): Parsed<readonly ClockOffset[]> =>
  parseLines(text, { file: "timens_offsets", expected: "CLOCK SECONDS NANOSECONDS", parse: parseOffset });

/** The text as the kernel writes it. */
export const formatTimensOffsets = (offsets: readonly ClockOffset[]): string =>
  offsets
    .map(({ clock, seconds, nanoseconds }) => `${clock.padEnd(10)} ${pad(seconds, 10)} ${pad(nanoseconds, 9)}\n`)
    .join("");

const pad = (value: bigint | number, width: number): string => String(value).padStart(width);

const LINE = /^(monotonic|boottime) +(-?\d{1,19}) +(\d{1,9})$/;

function parseOffset(line: string): ClockOffset | undefined {
  const [, clock, seconds, nanoseconds] = LINE.exec(line) ?? [];
  if (clock !== "monotonic" && clock !== "boottime") return undefined;
  return { clock, seconds: BigInt(seconds ?? "0"), nanoseconds: Number(nanoseconds) };
}
