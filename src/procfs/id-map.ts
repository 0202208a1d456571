import { U32_MAX, unsigned } from "./decimal.ts";
import { parseLines, type Parsed } from "./parsed.ts";

/** One line of a uid_map or gid_map: `count` ids from `inside` on are `outside` and following. */
export interface IdExtent {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/**
 * Reads the whole text of /proc/PID/uid_map, gid_map or projid_map. No lines: the map was not written yet.
 * `outside` is a number in the reader's user namespace, of the parent where the reader is in this very one; 4294967295
 * where it has none there. Since Linux 3.5. Source: kernel/user_namespace.c uid_m_show, user_namespaces(7).
 */
export const parseIdMap = (text: string, file: IdMapFile = "uid_map"): Parsed<readonly IdExtent[]> =>
  parseLines(text, { file, expected: "INSIDE OUTSIDE COUNT", parse: parseExtent });

export type IdMapFile = "uid_map" | "gid_map" | "projid_map";

const WIDTH = 10;
const column = (value: number): string => String(value).padStart(WIDTH);

/** The text as the kernel writes it: three columns, ten wide. */
export const formatIdMap = (extents: readonly IdExtent[]): string =>
  extents.map(({ inside, outside, count }) => `${column(inside)} ${column(outside)} ${column(count)}\n`).join("");

const LINE = /^ {0,9}(\d{1,10}) {1,10}(\d{1,10}) {1,10}(\d{1,10})$/;

function parseExtent(line: string): IdExtent | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const inside = unsigned(match[1], U32_MAX);
  const outside = unsigned(match[2], U32_MAX);
  const count = unsigned(match[3], U32_MAX);
  if (inside === undefined || outside === undefined || count === undefined || count === 0) return undefined;
  return { inside, outside, count };
}
