import type { Glyphs } from "./glyphs.ts";
import { groupBy } from "./group.ts";

/** A row's place in a drawn tree. */
export interface Placed {
  /** Its place in the list that was walked. */
  readonly row: number;
  /** What stands before its text, and before further lines of it. */
  readonly prefix: string;
  readonly below: string;
}

/** Anything that hangs from another one of its list, by that one's place. */
export interface Hanging {
  readonly parent?: number | undefined;
}

/** How many levels there are: 0 without rows, 1 where none hangs from another. */
export function levelsOf(rows: readonly Hanging[]): number {
  const levels: number[] = [];
  for (const { parent } of rows) levels.push(parent === undefined ? 1 : (levels[parent] ?? 0) + 1);
  return levels.reduce((most, level) => Math.max(most, level), 0);
}

/**
 * The rows of a forest, each below the one it hangs from, siblings in the order of the list; a root has no prefix.
 * No recursion: a tree may be as deep as it is long. A row hangs from an earlier one, so there are no cycles.
 * A prefix longer than `most` columns loses its beginning.
 */
export function walk(rows: readonly Hanging[], glyphs: Glyphs, most = Infinity): Placed[] {
  const clip = (prefix: string): string =>
    prefix.length <= most ? prefix : glyphs.cut + prefix.slice(prefix.length - most + glyphs.cut.length);
  const children = groupBy(rows.keys(), (row) => rows[row]?.parent);

  const placed: Placed[] = [];
  const waiting = (children.get(undefined) ?? []).toReversed().map((row): Placed => ({ row, prefix: "", below: "" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { row, prefix, below } = next;
    const its = children.get(row) ?? [];
    placed.push({ row, prefix, below: its.length > 0 ? clip(below + glyphs.line) : below });
    for (let nth = its.length - 1; nth >= 0; nth -= 1) {
      const isLast = nth === its.length - 1;
      const child = its[nth];
      if (child === undefined) continue;
      waiting.push({
        row: child,
        prefix: clip(below + (isLast ? glyphs.last : glyphs.branch)),
        below: clip(below + (isLast ? glyphs.gap : glyphs.line)),
      });
    }
  }
  return placed;
}
