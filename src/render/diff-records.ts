import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import type { Records } from "./records.ts";

/** One line of a difference: what sign it has, which namespace or process it is about, and what happened. */
export interface DiffLine {
  /** `-` gone, `+` new, `~` changed, `?` not sure. */
  readonly sign: "-" | "+" | "~" | "?";
  readonly about: string;
  /** What several namespaces or processes that are like this one are called together. */
  readonly alike: string;
  readonly what: string;
}

/** A row a line. */
export const diffRecords = (lines: readonly DiffLine[]): Records => ({
  columns: [
    { name: "CHANGE", json: "string" },
    { name: "ABOUT", json: "string" },
    { name: "WHAT", json: "string" },
  ],
  rows: lines.map(({ sign, about, what }) => [sign, about, what]),
});

/** Before the changes what they are about, once each. */
export function diffGraph(lines: readonly DiffLine[], title: string): Graph {
  const nodes: GraphNode[] = [{ id: "n0", label: title, level: 0, mark: "start" }];
  const edges: GraphEdge[] = [];
  const known = new Map<string, string>();
  for (const { sign, about, alike, what } of lines) {
    let subject = known.get(about);
    if (subject === undefined) {
      subject = `n${nodes.length}`;
      known.set(about, subject);
      nodes.push({ id: subject, label: about, level: 1, alike, ...(sign === "-" && { mark: "alarm" as const }) });
      edges.push({ from: "n0", to: subject, label: sign });
    }
    const id = `n${nodes.length}`;
    nodes.push({ id, label: what, level: 2 });
    edges.push({ from: subject, to: id, label: sign });
  }
  return { nodes, edges };
}
