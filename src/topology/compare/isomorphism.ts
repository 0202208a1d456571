import { push } from "../../snapshot/push.ts";
import { colourOf } from "./colour.ts";
import type { Graph } from "./graph.ts";
import { islandsOf } from "./islands.ts";
import { isImage, isPair, Partition } from "./partition.ts";

/** Which element here is which of the image. */
export type Pairing = ReadonlyMap<number, number>;

/**
 * The one-to-one pairing under which both sides have the same facts and edges; undefined: there is none. Colour refinement
 * settles all that is unlike; what is left are twins, and of each kind of twins one is tried for the other.
 */
export function isomorphismOf(graph: Graph): Pairing | undefined {
  const colours = graph.elements.map(colourOf);
  const pairs = pairUp(graph, graph.elements.keys(), (node) => colours[node] ?? "");
  return pairs && new Map(pairs);
}

type Pairs = readonly (readonly [image: number, here: number])[];

function pairUp(graph: Graph, nodes: Iterable<number>, colour: (node: number) => string): Pairs | undefined {
  const partition = new Partition(graph, [...nodes], { colourOf: colour });
  if (!partition.refine("strict")) return undefined;
  const pairs: (readonly [number, number])[] = [];
  const twins: number[] = [];
  for (const cell of partition.cells.values()) {
    if (isPair(graph, cell)) pairs.push(ordered(cell));
    else twins.push(...cell);
  }
  const rest = pairIslands(graph, twins, (node) => String(partition.cellOf(node)));
  if (rest?.length !== twins.length / 2) return undefined;
  return [...pairs, ...rest];
}

/**
 * Pairs the connected parts of the one side with those of the other, as many as have a counterpart; `colour` says what each
 * element is to its surroundings. A part that has found its counterpart is never tried again: whatever else there is, is
 * attached to neither.
 */
export function pairIslands(graph: Graph, nodes: readonly number[], colour: (node: number) => string): Pairs {
  const groups = new Map<string, { image: (readonly number[])[]; here: (readonly number[])[] }>();
  for (const island of islandsOf(graph, nodes)) {
    const key = island.map(colour).toSorted().join("\0");
    const group = groups.get(key) ?? { image: [], here: [] };
    groups.set(key, group);
    group[isImage(graph, island[0] ?? 0) ? "image" : "here"].push(island);
  }
  const pairs: (readonly [number, number])[] = [];
  for (const { image, here } of groups.values()) {
    for (const island of image) {
      for (const [nth, other] of here.entries()) {
        const found = pairIsland(graph, [island, other], colour);
        if (found === undefined) continue;
        // push(...found) would need as many arguments as there are elements.
        for (const pair of found) pairs.push(pair);
        here[nth] = here.at(-1) ?? [];
        here.pop();
        break;
      }
    }
  }
  return pairs;
}

/** One element of the smallest cell is taken for each of its possible counterparts in turn. */
function pairIsland(
  graph: Graph,
  [image, here]: readonly [readonly number[], readonly number[]],
  colour: (node: number) => string,
): Pairs | undefined {
  const cells = new Map<string, number[]>();
  for (const node of image) push(cells, colour(node), node);
  const [smallest = []] = [...cells.values()].toSorted((one, other) => one.length - other.length);
  const [chosen = -1] = smallest;
  const wanted = colour(chosen);
  for (const candidate of here) {
    if (colour(candidate) !== wanted) continue;
    if (image.length === 1) return [[chosen, candidate]];
    const isChosen = (node: number): boolean => node === chosen || node === candidate;
    const pairs = pairUp(graph, [...image, ...here], (node) => (isChosen(node) ? "chosen" : colour(node)));
    if (pairs !== undefined) return pairs;
  }
  return undefined;
}

/** The image's first. */
export const ordered = ([one = 0, other = 0]: readonly number[]): readonly [image: number, here: number] =>
  one < other ? [one, other] : [other, one];
