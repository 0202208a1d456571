import { butNumbers, MOST_DRAWN } from "./alike.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { groupBy } from "./group.ts";

/**
 * A graph of many things, in which alike ones are one with their number: those that are called the same together, and that are led
 * to alike from alike ones. As it is where there are few. A node comes behind those that lead to it; what does not is led to by the others.
 */
export function foldGraph(graph: Graph, most = MOST_DRAWN): Graph {
  const things = graph.nodes.filter(({ alike }) => alike !== undefined);
  if (things.length <= most) return graph;
  const waysTo = groupBy(graph.edges, ({ to }) => to);
  const groups = new Map<string, GraphNode[]>();
  /** By a node's id that of the first of its group. */
  const firsts = new Map<string, string>();
  for (const node of graph.nodes) {
    const ways = (waysTo.get(node.id) ?? []).flatMap(({ from, label }) => {
      const first = firsts.get(from);
      return first === undefined ? [] : [`${first} ${butNumbers(label)}`];
    });
    const key = JSON.stringify([node.level, node.mark, together(node), ...new Set(ways.toSorted())]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
    firsts.set(node.id, group?.[0]?.id ?? node.id);
  }
  return { nodes: [...groups.values()].flatMap(inOne), edges: foldEdges(graph.edges, firsts) };
}

const together = ({ alike, label }: GraphNode): string => alike ?? butNumbers(label);

function inOne(group: readonly GraphNode[]): GraphNode[] {
  const [first] = group;
  if (first === undefined || group.length === 1) return [...group];
  return [{ ...first, label: `${together(first)} × ${group.length}` }];
}

function foldEdges(edges: readonly GraphEdge[], firsts: ReadonlyMap<string, string>): GraphEdge[] {
  const folded = new Map<string, GraphEdge>();
  for (const { from: one, to: other, label } of edges) {
    const [from, to, words] = [firsts.get(one) ?? one, firsts.get(other) ?? other, butNumbers(label)];
    const key = JSON.stringify([from, to, words]);
    const before = folded.get(key);
    if (before === undefined) folded.set(key, { from, to, label });
    else if (before.label !== label) folded.set(key, { from, to, label: words });
  }
  return [...folded.values()];
}
