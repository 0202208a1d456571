import { ok, refused, type Outcome } from "./outcome.ts";

/** One line written to a uid_map or gid_map; `outside` is a number in the parent of the user namespace. */
export interface MapLine {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** At most this many extents. Source: include/linux/user_namespace.h. */
export const MAX_EXTENTS = 340;
/** Before Linux 4.15; and more than these are kept sorted. */
export const FEW_EXTENTS = 5;
/** A map is written in one call of less than a page. */
export const MAX_MAP_LENGTH = 4095;

const NO_ID = 0xffffffff;
const LIMIT = 2 ** 32;
/** Each character is a byte; in the kernel's table of characters 0xa0 is white space too. Source: lib/ctype.c. */
const LINE = /^[\t\v\f\r \xa0]*(\d+)[\t\v\f\r \xa0]+(\d+)[\t\v\f\r \xa0]+(\d+)[\t\v\f\r \xa0]*$/;

/** What differs between kernels. */
export interface ParseRules {
  readonly maxExtents: number;
  /** Whether a number beyond 64 bits counts as the greatest of them; else it is cut like any other. */
  readonly stopsAt64: boolean;
}

/**
 * PARSE: what the kernel makes of a text written to a map file. Numbers are cut to 32 bits without a word; a blank
 * line, an overlap, the id 4294967295 or no lines at all are EINVAL. Source: kernel/user_namespace.c map_write.
 */
export function parseMapText(text: string, { maxExtents, stopsAt64 }: ParseRules): Outcome<readonly MapLine[]> {
  const [read = ""] = text.split("\0");
  const lines = read.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0 || lines.length > maxExtents) return refused("EINVAL", "map-text");
  const extents: MapLine[] = [];
  const number = (digits = ""): number => cut(digits, stopsAt64);
  for (const line of lines) {
    const match = LINE.exec(line);
    if (match === null) return refused("EINVAL", "map-text");
    const [inside, outside, count] = [number(match[1]), number(match[2]), number(match[3])];
    // The last of the ids is not the greatest number, nor beyond it.
    const ends = inside + count > NO_ID || outside + count > NO_ID;
    if (count === 0 || ends) return refused("EINVAL", "map-text");
    extents.push({ inside, outside, count });
  }
  if (overlaps(extents, "inside") || overlaps(extents, "outside")) return refused("EINVAL", "map-text");
  return ok(extents);
}

const MOST = 0xffff_ffff_ffff_ffffn;
function cut(digits: string, stopsAt64: boolean): number {
  const given = BigInt(digits);
  return Number((stopsAt64 && given > MOST ? MOST : given) % BigInt(LIMIT));
}

function overlaps(extents: readonly MapLine[], side: "inside" | "outside"): boolean {
  const sorted = extents.toSorted((a, b) => a[side] - b[side]);
  return sorted.some((extent, at) => {
    const before = sorted[at - 1];
    return before !== undefined && before[side] + before.count > extent[side];
  });
}
