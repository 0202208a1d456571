import type { Graph } from "./graph.ts";

/** The connected parts of these elements, edges to others left aside. */
export function islandsOf({ elements, referrers }: Graph, nodes: Iterable<number>): readonly (readonly number[])[] {
  const left = new Set(nodes);
  const islands: number[][] = [];
  for (const start of left) {
    left.delete(start);
    const island = [start];
    const visit = (node: number | string): void => {
      if (typeof node === "number" && left.delete(node)) island.push(node);
    };
    // It grows while it is walked.
    for (const node of island) {
      for (const { to } of elements[node]?.edges ?? []) visit(to);
      for (const { from } of referrers[node] ?? []) visit(from);
    }
    islands.push(island);
  }
  return islands;
}
