import type { Graph } from "./graph.ts";
import { push } from "../../snapshot/push.ts";

/**
 * How a split goes. strict: both sides must have as many of each sort, else the two are no isomorphic graphs, and refining
 * ends. tolerant: what comes out even is split off, and the rest stays together, so that one change does not spread.
 */
export type Manner = "strict" | "tolerant";

/**
 * A partition of elements of both sides into cells: those of one cell cannot be told apart so far. Refining tells them apart
 * by what they lead to and what leads to them (colour refinement, the Weisfeiler-Leman test of dimension one); of a cell that
 * is split the largest part keeps its number, so that an element changes its cell at most log n times: O(E log E).
 */
export class Partition {
  readonly #graph: Graph;
  readonly #cellOf = new Map<number, number>();
  readonly #cells = new Map<number, number[]>();
  readonly #signatures = new Map<number, string>();
  readonly #own: ReadonlyMap<number, readonly number[]>;
  readonly #factNumbers = new Map<string, number>();
  #dirty: Set<number>;
  #next = 0;

  /** `colourOf` begins it; `own` are numbers that tell an element by itself, all below zero. Edges out of `nodes` are left aside. */
  constructor(
    graph: Graph,
    nodes: readonly number[],
    { colourOf, own = new Map() }: { colourOf: (node: number) => string; own?: ReadonlyMap<number, readonly number[]> },
  ) {
    this.#graph = graph;
    this.#own = own;
    const byColour = new Map<string, number>();
    for (const node of nodes) {
      const colour = colourOf(node);
      const cell = byColour.get(colour) ?? this.#next++;
      byColour.set(colour, cell);
      this.#cellOf.set(node, cell);
      push(this.#cells, cell, node);
    }
    this.#dirty = new Set(nodes);
  }

  get cells(): ReadonlyMap<number, readonly number[]> {
    return this.#cells;
  }
  cellOf(node: number): number | undefined {
    return this.#cellOf.get(node);
  }
  /** What tells an element, as numbers that are the same for two that are alike: its own below zero, its edges above. */
  itemsOf(node: number): readonly number[] {
    const items = [...(this.#own.get(node) ?? [])];
    const add = (fact: string, neighbour: number, away: 0 | 1): void => {
      const cell = this.#cellOf.get(neighbour);
      if (cell !== undefined) items.push((this.#factNumber(fact) * 2 + away) * CELLS + cell);
    };
    for (const { fact, to } of this.#graph.elements[node]?.edges ?? []) if (typeof to === "number") add(fact, to, 1);
    for (const { fact, from } of this.#graph.referrers[node] ?? []) add(fact, from, 0);
    return items;
  }
  signatureOf(node: number): string {
    return this.#signatures.get(node) ?? "";
  }

  /** Puts them into a cell of their own; refining goes on from there. */
  separate(nodes: readonly number[]): void {
    const gone = new Set(nodes);
    for (const cell of new Set(nodes.map((node) => this.#cellOf.get(node) ?? -1)))
      this.#cells.set(
        cell,
        (this.#cells.get(cell) ?? []).filter((node) => !gone.has(node)),
      );
    this.#move(nodes);
  }

  /** False: strictly, the two sides are different. */
  refine(manner: Manner): boolean {
    while (this.#dirty.size > 0) {
      const dirty = this.#dirty;
      this.#dirty = new Set();
      const touched = new Set<number>();
      for (const node of dirty) {
        this.#signatures.set(node, Float64Array.from(this.itemsOf(node)).sort().join());
        touched.add(this.#cellOf.get(node) ?? -1);
      }
      for (const cell of touched) if (!this.#split(cell, manner)) return false;
    }
    return true;
  }

  #split(cell: number, manner: Manner): boolean {
    const members = this.#cells.get(cell) ?? [];
    if (manner === "tolerant" && isPair(this.#graph, members)) return true;
    const classes = new Map<string, number[]>();
    for (const node of members) push(classes, this.signatureOf(node), node);
    const uneven = [...classes.values()].filter((nodes) => !isEven(this.#graph, nodes));
    if (uneven.length > 0 && manner === "strict") return false;
    const parts = [...classes.values()].filter((nodes) => isEven(this.#graph, nodes));
    if (uneven.length > 0) parts.push(uneven.flat());
    const [largest, ...others] = parts.toSorted((one, other) => other.length - one.length);
    if (largest === undefined || others.length === 0) return true;
    this.#cells.set(cell, largest);
    for (const part of others) this.#move(part);
    return true;
  }

  #move(nodes: readonly number[]): void {
    const cell = this.#next++;
    this.#cells.set(cell, [...nodes]);
    for (const node of nodes) {
      this.#cellOf.set(node, cell);
      for (const { to } of this.#graph.elements[node]?.edges ?? []) if (typeof to === "number") this.#touch(to);
      for (const { from } of this.#graph.referrers[node] ?? []) this.#touch(from);
    }
  }

  #touch(node: number): void {
    if (this.#cellOf.has(node)) this.#dirty.add(node);
  }

  #factNumber(fact: string): number {
    const number = this.#factNumbers.get(fact) ?? this.#factNumbers.size;
    this.#factNumbers.set(fact, number);
    return number;
  }
}

/** More cells than a partition can come to: a fact and a cell make one number below 2^53. */
const CELLS = 2 ** 32;

export const isImage = ({ imageSize }: Graph, node: number): boolean => node < imageSize;
/** One of each side. */
export const isPair = (graph: Graph, nodes: readonly number[]): boolean => nodes.length === 2 && isEven(graph, nodes);

function isEven(graph: Graph, nodes: readonly number[]): boolean {
  let image = 0;
  for (const node of nodes) if (isImage(graph, node)) image += 1;
  return image * 2 === nodes.length;
}
