import { push } from "../../snapshot/push.ts";
import { colourOf } from "./colour.ts";
import { WITHIN } from "./differences.ts";
import type { Graph } from "./graph.ts";
import type { Pairing } from "./isomorphism.ts";
import { leadsTo, unlikeOf, votesIn, wishesOf, type Votes } from "./votes.ts";

/** Each round is linear and is kept only if it leaves fewer differences: a bound for a machine where everything changed. */
const MOST_ROUNDS = 8;

/**
 * A pairing that no exchange of two partners betters, of those that edges speak for. Two that were taken for each other when
 * little was known may each turn out to be another one's: what they lead to, or what leads to them, says so in the end.
 */
export function exchanged(graph: Graph, pairing: Pairing): Pairing {
  let best: Counted = { pairing, count: unlikeIn(graph, pairing) };
  for (let round = 0; round < MOST_ROUNDS && best.count > 0; round += 1) {
    const exchanges = exchangesIn(graph, best.pairing);
    // Each by itself betters it; two of them that know each other may not.
    const better = bettered(graph, best, exchanges) ?? bettered(graph, best, exchanges.slice(0, 1));
    if (better === undefined) break;
    best = better;
  }
  return best.pairing;
}

interface Counted {
  readonly pairing: Pairing;
  /** How many facts and edges are unlike under it. */
  readonly count: number;
}

function bettered(graph: Graph, { pairing, count }: Counted, exchanges: readonly Partners[]): Counted | undefined {
  const tried = withExchanges(pairing, exchanges);
  const after = unlikeIn(graph, tried);
  return after < count ? { pairing: tried, count: after } : undefined;
}

/** Who of the image is to have whom, and who is then to have what those had. */
type Partners = ReadonlyMap<number, number | undefined>;

/** Those that better it, the best first; no element is in two of them. */
function exchangesIn(graph: Graph, pairing: Pairing): readonly Partners[] {
  const votes = votesIn(graph, pairing);
  const imageOf = new Map(Array.from(pairing, ([image, here]) => [here, image]));
  const taken = new Set<number | undefined>();
  return partnersToTry(graph, { pairing, imageOf, votes })
    .map((partners) => ({ partners, gain: gainOf(graph, pairing, { votes, partners }) }))
    .filter(({ gain }) => gain > 0)
    .toSorted((one, other) => other.gain - one.gain)
    .map(({ partners }) => partners)
    .filter((partners) => {
      const all = [...partners].flat().filter((node) => node !== undefined);
      if (all.some((node) => taken.has(node))) return false;
      for (const node of all) taken.add(node);
      return true;
    });
}

interface Known {
  readonly pairing: Pairing;
  readonly imageOf: ReadonlyMap<number, number>;
  readonly votes: Votes;
}

/** Each wish by itself; a network namespace's first also with what is within it. */
function partnersToTry(graph: Graph, { pairing, imageOf, votes }: Known): readonly Partners[] {
  const tried: Partners[] = [];
  const movedHouse = new Set<number>();
  for (const wish of wishesOf(graph, pairing, votes)) {
    tried.push(partnersAfter({ pairing, imageOf }, [wish]));
    const [image, here] = wish;
    if (graph.elements[image]?.sort !== "net" || movedHouse.has(image)) continue;
    movedHouse.add(image);
    const [before, other] = [pairing.get(image), imageOf.get(here)];
    const along = [...sameWithin(graph, wish), ...sameWithin(graph, [other, before])];
    if (along.length > 0) tried.push(partnersAfter({ pairing, imageOf }, [wish, ...along]));
  }
  return tried;
}

function partnersAfter(
  { pairing, imageOf }: Omit<Known, "votes">,
  wishes: readonly (readonly [image: number, here: number])[],
): Partners {
  const partners = new Map<number, number | undefined>();
  const holders = new Map<number, number | undefined>();
  for (const [image, here] of wishes) {
    const before = partners.has(image) ? partners.get(image) : pairing.get(image);
    const other = holders.has(here) ? holders.get(here) : imageOf.get(here);
    if (before === here) continue;
    partners.set(image, here);
    holders.set(here, image);
    if (other !== undefined) partners.set(other, before);
    if (before !== undefined) holders.set(before, other);
  }
  return partners;
}

/** Devices and routes of two network namespaces that are the same by themselves. */
function sameWithin(
  { elements, referrers }: Graph,
  [image, here]: readonly [number | undefined, number | undefined],
): readonly (readonly [image: number, here: number])[] {
  const within = (node: number | undefined) =>
    (node === undefined ? [] : (referrers[node] ?? [])).flatMap(({ fact, from }) => {
      const element = elements[from];
      return fact === WITHIN && element !== undefined ? [{ node: from, colour: colourOf(element) }] : [];
    });
  const same = new Map<string, number[]>();
  for (const { node, colour } of within(here)) push(same, colour, node);
  return within(image).flatMap(({ node, colour }): (readonly [number, number])[] => {
    const there = same.get(colour)?.pop();
    return there === undefined ? [] : [[node, there]];
  });
}

/** How many facts and edges less are unlike: of those that change partners, and of what leads to them. */
function gainOf(graph: Graph, pairing: Pairing, { votes, partners }: { votes: Votes; partners: Partners }): number {
  const after = { get: (node: number) => (partners.has(node) ? partners.get(node) : pairing.get(node)) };
  const alikeUnder = (under: Pick<Pairing, "get">): number => {
    let count = 0;
    for (const image of partners.keys()) {
      const [before, here] = [pairing.get(image), under.get(image)];
      if (here !== undefined) count += (votes.get(image)?.get(here) ?? 0) - unlikeOf(graph, [image, here], under);
      // What leads from one of them to another is already told by what is unlike, under the pairing in question.
      for (const [to, there] of before === undefined ? [] : leadsTo(graph, [image, before]))
        if (partners.has(to) && under.get(to) === there) count -= 1;
    }
    return count;
  };
  return alikeUnder(after) - alikeUnder(pairing);
}

function withExchanges(pairing: Pairing, exchanges: readonly Partners[]): Pairing {
  const changed = new Map(pairing);
  for (const [image, here] of exchanges.flatMap((partners) => [...partners])) {
    if (here === undefined) changed.delete(image);
    else changed.set(image, here);
  }
  return changed;
}

function unlikeIn(graph: Graph, pairing: Pairing): number {
  let count = 0;
  for (const pair of pairing) count += unlikeOf(graph, pair, pairing);
  return count;
}
