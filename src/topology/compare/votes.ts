import { colourOf } from "./colour.ts";
import { unlike } from "./differences.ts";
import type { Graph } from "./graph.ts";
import type { Pairing } from "./isomorphism.ts";

/** Of an element of the image and one here: how many edges of pairs lead, by the same fact, to the one there and to the other here. */
export type Votes = ReadonlyMap<number, ReadonlyMap<number, number>>;

export function votesIn(graph: Graph, pairing: Pairing): Votes {
  const votes = new Map<number, Map<number, number>>();
  for (const pair of pairing)
    for (const [to, there] of leadsTo(graph, pair)) {
      const row = votes.get(to) ?? new Map<number, number>();
      votes.set(to, row);
      row.set(there, (row.get(there) ?? 0) + 1);
    }
  return votes;
}

type Pair = readonly [image: number, here: number];

/** Where a pair leads by the same fact: to those of one sort. */
export function leadsTo({ elements }: Graph, [image, here]: Pair): readonly Pair[] {
  const goes = new Map(elements[here]?.edges.map(({ fact, to }) => [fact, to]));
  return (elements[image]?.edges ?? []).flatMap(({ fact, to }): Pair[] => {
    const there = goes.get(fact);
    if (typeof to !== "number" || typeof there !== "number") return [];
    return elements[to]?.sort === elements[there]?.sort ? [[to, there]] : [];
  });
}

/** What an element might rather have for a partner: one that others' edges speak for, or one that leads where it does itself. */
export function* wishesOf(graph: Graph, pairing: Pairing, votes: Votes): Iterable<Pair> {
  for (const [image, row] of votes)
    for (const [here] of [...row].toSorted(([, one], [, other]) => other - one))
      if (pairing.get(image) !== here) yield [image, here];

  const unsettled = [...pairing].filter((pair) => unlikeOf(graph, pair, pairing) > 0);
  const leading = new Map<string, number>();
  for (const [, here] of unsettled)
    for (const key of waysOf(graph, here, (to) => to)) if (!leading.has(key)) leading.set(key, here);
  for (const [image, before] of unsettled)
    for (const key of waysOf(graph, image, (to) => pairing.get(to))) {
      const here = leading.get(key);
      if (here !== undefined && here !== before) yield [image, here];
    }
}

/** What an element is by itself, with each edge of it and where that leads here. */
function waysOf({ elements }: Graph, node: number, placeOf: (to: number) => number | undefined): readonly string[] {
  const element = elements[node];
  if (element === undefined) return [];
  const colour = colourOf(element);
  return element.edges.map(({ fact, to }) => `${fact}>${typeof to === "number" ? placeOf(to) : to} ${colour}`);
}

/** How many facts and edges of a pair are unlike. */
export function unlikeOf({ elements }: Graph, [image, here]: Pair, pairing: Pick<Pairing, "get">): number {
  const [one, other] = [elements[image], elements[here]];
  return one === undefined || other === undefined ? 0 : unlike(one, other, pairing).length;
}
