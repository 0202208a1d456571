/** So many ids from `inside` on are `outside` and following. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** A map, its ranges in the order of either side. No two overlap on one side: the kernel refuses such a map. */
export interface RangeMap {
  readonly byInside: readonly IdRange[];
  readonly byOutside: readonly IdRange[];
}

/** Every id a user can have: (uid_t)-1 is none. */
export const EVERY_ID: IdRange = { inside: 0, outside: 0, count: 0xffffffff };

export const rangeMap = (ranges: readonly IdRange[]): RangeMap => ({
  byInside: ranges.toSorted((a, b) => a.inside - b.inside),
  byOutside: ranges.toSorted((a, b) => a.outside - b.outside),
});

/** The range that has a number, by bisection; undefined: none has. */
function rangeWith(ranges: readonly IdRange[], side: "inside" | "outside", id: number): IdRange | undefined {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.[side] ?? 0) <= id) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low - 1];
  return found !== undefined && id - found[side] < found.count ? found : undefined;
}

/** The number outside of an id inside; undefined: it is not mapped. */
export function outwards({ byInside }: RangeMap, id: number): number | undefined {
  const range = rangeWith(byInside, "inside", id);
  return range && range.outside + (id - range.inside);
}

/** The number inside of an id outside; undefined: it is not mapped. */
export function inwards({ byOutside }: RangeMap, id: number): number | undefined {
  const range = rangeWith(byOutside, "outside", id);
  return range && range.inside + (id - range.outside);
}

/** A piece of an inner map, with what it is in an outer one; `between` undefined: the outer one has no number for it. */
export interface ComposedRange {
  readonly inside: number;
  readonly between: number | undefined;
  readonly outside: number;
  readonly count: number;
}

/**
 * Two maps to the same outside, an inner and an outer one, laid over each other: what the inner one's ids are in the
 * outer one. Linear in the number of ranges. In the order of the inner one's ids.
 */
export function compose(inner: RangeMap, outer: RangeMap): readonly ComposedRange[] {
  const pieces: ComposedRange[] = [];
  let nth = 0;
  for (const range of inner.byOutside) {
    const end = range.outside + range.count;
    for (let at = range.outside; at < end;) {
      const above = outer.byOutside[nth];
      if (above !== undefined && above.outside + above.count <= at) {
        nth += 1;
        continue;
      }
      const isMapped = above !== undefined && above.outside <= at;
      const until = Math.min(end, above === undefined ? end : isMapped ? above.outside + above.count : above.outside);
      const between = isMapped ? above.inside + (at - above.outside) : undefined;
      pieces.push({ inside: range.inside + (at - range.outside), between, outside: at, count: until - at });
      at = until;
    }
  }
  return pieces.sort((a, b) => a.inside - b.inside);
}
