import type { IdExtent } from "../procfs/id-map.ts";

/** Ids outside, in a row. */
export type IdRange = Pick<IdExtent, "outside" | "count">;
/** What newuidmap or newgidmap maps for its caller: the own id, alone, and the ranges that a file gives. */
export interface Grant {
  readonly own: number;
  readonly ranges: readonly IdRange[];
}

/**
 * What of a map's ids outside is not granted, in rising order. Ranges that follow one another count as one; the own id has to
 * have an extent of its own. Linear but for the sorting. Source: shadow, src/newuidmap.c verify_range, lib/subordinateio.c have_range.
 */
export function notGranted(map: readonly IdExtent[], { own, ranges }: Grant): readonly IdRange[] {
  const granted = ranges.toSorted((a, b) => a.outside - b.outside);
  const wanted = map
    .filter(({ outside, count }) => outside !== own || count !== 1)
    .toSorted((a, b) => a.outside - b.outside);
  const lacking: IdRange[] = [];
  let next = 0;
  for (const { outside, count } of wanted) {
    const end = outside + count;
    for (let at = outside; at < end;) {
      let range = granted[next];
      while (range !== undefined && range.outside + range.count <= at) range = granted[++next];
      const given = range === undefined ? end : Math.min(range.outside, end);
      if (given > at) lacking.push({ outside: at, count: given - at });
      at = range === undefined ? end : Math.max(given, Math.min(range.outside + range.count, end));
    }
  }
  return lacking;
}
