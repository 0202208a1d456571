import { ownNumbers } from "./colour.ts";
import type { Graph } from "./graph.ts";
import { islandsOf } from "./islands.ts";
import { ordered, pairIslands, type Pairing } from "./isomorphism.ts";
import { isImage, isPair, Partition } from "./partition.ts";

/**
 * A pairing of two sides that are different, under which little is: what a person would say has changed. It is found from
 * what is alike; of what is left, parts that are the same throughout go together, then those that share most. No search for
 * the least possible, which would take exponential time.
 */
export function nearestPairing(graph: Graph): Pairing {
  const { elements } = graph;
  const partition = new Partition(graph, [...elements.keys()], {
    colourOf: (node) => elements[node]?.sort ?? "",
    own: ownNumbers(graph),
  });
  partition.refine("tolerant");
  for (;;) {
    const open = [...partition.cells.values()].filter((cell) => isOpen(graph, cell));
    const same = pairIslands(graph, open.flat(), (node) => `${partition.cellOf(node)}:${partition.signatureOf(node)}`);
    const pairs = same.length > 0 ? same : oneAnIsland(graph, open, closest(graph, partition, open));
    if (pairs.length === 0) break;
    for (const pair of pairs) partition.separate(pair);
    partition.refine("tolerant");
  }
  return new Map([...partition.cells.values()].filter((cell) => isPair(graph, cell)).map(ordered));
}

const isOpen = (graph: Graph, cell: readonly number[]): boolean =>
  !isPair(graph, cell) && cell.some((node) => isImage(graph, node)) && cell.some((node) => !isImage(graph, node));

interface Candidate {
  readonly image: number;
  readonly here: number;
  /** What only one of the two has. */
  readonly apart: number;
}

/** An item that more pairs than this have in common tells nothing, and would make the work quadratic. */
const TELLING_PAIRS = 1024;

/** For each cell, pairs by what they have in common; the closest first. */
function closest(graph: Graph, partition: Partition, cells: readonly (readonly number[])[]): readonly Candidate[] {
  const candidates = cells.flatMap((cell): Candidate[] => {
    const having = new Map<number, { image: number[]; here: number[] }>();
    for (const node of cell)
      for (const item of new Set(partition.itemsOf(node))) {
        const both = having.get(item) ?? { image: [], here: [] };
        having.set(item, both);
        both[isImage(graph, node) ? "image" : "here"].push(node);
      }
    const sizes = new Map<number, number>();
    const shared = new Map<number, Map<number, number>>();
    for (const { image, here } of having.values()) {
      if (image.length * here.length > TELLING_PAIRS) continue;
      for (const node of [...image, ...here]) sizes.set(node, (sizes.get(node) ?? 0) + 1);
      for (const one of image) {
        const row = shared.get(one) ?? new Map<number, number>();
        shared.set(one, row);
        for (const other of here) row.set(other, (row.get(other) ?? 0) + 1);
      }
    }
    const size = (node: number): number => sizes.get(node) ?? 0;
    const found = [...shared].flatMap(([image, row]) =>
      Array.from(row, ([here, count]) => ({ image, here, apart: size(image) + size(here) - 2 * count })),
    );
    if (found.length > 0) return found;
    // All that they have is common to all, or they share nothing: any will do.
    const [image, here] = [cell.find((node) => isImage(graph, node)), cell.find((node) => !isImage(graph, node))];
    return image === undefined || here === undefined ? [] : [{ image, here, apart: size(image) + size(here) }];
  });
  return candidates.toSorted(
    (one, other) => one.apart - other.apart || one.image - other.image || one.here - other.here,
  );
}

/** The best of each connected part: what it settles around itself is seen before the next of that part is chosen. */
function oneAnIsland(graph: Graph, cells: readonly (readonly number[])[], candidates: readonly Candidate[]) {
  const islandOf = new Map<number, number>();
  for (const [nth, island] of islandsOf(graph, cells.flat()).entries())
    for (const node of island) islandOf.set(node, nth);
  const taken = new Set<number | undefined>();
  return candidates.flatMap(({ image, here }): (readonly [number, number])[] => {
    const [one, other] = [islandOf.get(image), islandOf.get(here)];
    if (taken.has(one) || taken.has(other)) return [];
    taken.add(one).add(other);
    return [[image, here]];
  });
}
