import type { IdExtent } from "../procfs/id-map.ts";

/** Ids of one kind as `run` is asked to map them. */
export interface RangeWish {
  /** In the order given. `auto`: from the inside's 0 on, whatever the inside says. */
  readonly ranges: readonly (IdExtent & { readonly auto?: true })[];
  /** One id of the caller's inside, besides; the ranges give way to it. */
  readonly single?: { readonly inside: number; readonly outside: number };
}

/**
 * The lines of a map: the single id first, then what is left of each range, in pieces that neither side of the single id
 * lies in. Like unshare(1), a range that meets the single id loses its highest id instead of a gap in its middle: what lies
 * behind moves up. Source: unshare(1) on --map-users, and what the program writes.
 */
export function mapLines({ ranges, single }: RangeWish): readonly IdExtent[] {
  if (single === undefined) return ranges.map(plain);
  const one: IdExtent = { ...single, count: 1 };
  return [one, ...ranges.flatMap((range) => pieces(range, single))].filter(({ count }) => count > 0);
}

const plain = ({ inside, outside, count, auto }: IdExtent & { auto?: true }): IdExtent => ({
  inside: auto === true ? 0 : inside,
  outside,
  count,
});

function pieces(
  range: IdExtent & { readonly auto?: true },
  single: { readonly inside: number; readonly outside: number },
): readonly IdExtent[] {
  const whole = plain(range);
  // Whoever asks for `auto` wants as many ids as there are.
  const meets = range.auto !== true && (touches(single.inside, whole.inside) || touches(single.outside, whole.outside));
  const left = meets ? whole.count - 1 : whole.count;
  const insideAt = within(single.inside - whole.inside, left);
  const outsideAt = within(single.outside - whole.outside, left);
  const below = Math.min(insideAt, outsideAt);
  const between = Math.abs(insideAt - outsideAt);
  const low: IdExtent = { inside: whole.inside, outside: whole.outside, count: below };
  const middle = following(low, between);
  return [low, middle, following(middle, left - below - between)];

  function touches(id: number, first: number): boolean {
    return id >= first && id <= first + whole.count;
  }
  /** What comes behind a piece, past the single id where that would be the next on its side. */
  function following({ inside, outside, count }: IdExtent, length: number): IdExtent {
    const past = (id: number, taken: number): number => (id === taken ? id + 1 : id);
    return {
      inside: past(inside + count, single.inside),
      outside: past(outside + count, single.outside),
      count: length,
    };
  }
}

const within = (offset: number, count: number): number => Math.min(Math.max(offset, 0), count);

/** The text of a map file. */
export const mapText = (lines: readonly IdExtent[]): string =>
  lines.map(({ inside, outside, count }) => `${inside} ${outside} ${count}\n`).join("");

/**
 * The ranges that /etc/subuid or /etc/subgid gives a user, who is named there by name or number. Source: subuid(5).
 * (unshare takes a line that begins with any other name for root's: strtoul reads it as 0.)
 */
export function subordinates(text: string, user: { readonly name?: string; readonly id: number }): readonly IdExtent[] {
  return text.split("\n").flatMap((line) => {
    const [who = "", first = "", count = ""] = line.split(":");
    const isTheirs = who !== "" && (who === user.name || who === String(user.id));
    if (!isTheirs || !/^\d+$/.test(first) || !/^\d+$/.test(count)) return [];
    return [{ inside: Number(first), outside: Number(first), count: Number(count) }];
  });
}
