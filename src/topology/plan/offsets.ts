import type { TimeNode } from "../nodes.ts";

/** What /proc/self/timens_offsets takes; none where nothing is known, or nothing added. */
export function offsetsOf({ monotonic, boottime }: TimeNode): string | undefined {
  const line = (clock: string, offset: typeof monotonic): string =>
    offset === undefined ? "" : `${clock} ${offset.seconds} ${offset.nanoseconds}\n`;
  const text = line("monotonic", monotonic) + line("boottime", boottime);
  return text === "" ? undefined : text;
}
