import { LINKS } from "../../abi/proc-links.ts";
import { butNumbers } from "../../render/alike.ts";
import type { Graph, GraphEdge, GraphNode } from "../../render/graph.ts";
import type { Label } from "../reference.ts";
import type { Topology } from "../topology.ts";

/** A topology as boxes and lines: owners and parents to the left of what lies below, processes to the right of all. */
export function topologyGraph({ namespaces, processes, pins }: Topology): Graph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const ids = new Map<Label, string>();
  const levels = new Map<Label, number>();
  const lead = (from: Label, to: string, label: string): void => {
    const start = ids.get(from);
    if (start !== undefined) edges.push({ from: start, to, label });
  };
  for (const [nth, node] of namespaces.entries()) {
    const id = `n${nth}`;
    const above = node.kind === "pid" ? [node.owner, node.parent] : [node.owner];
    const level = Math.max(0, ...above.map((label) => (levels.get(label) ?? -1) + 1));
    ids.set(node.label, id);
    levels.set(node.label, level);
    nodes.push({ id, label: node.label, level, alike: `${node.kind} · ${butNumbers(node.label)}` });
    lead(node.owner, id, "owns");
    if (node.kind === "pid") lead(node.parent, id, "parent");
  }
  const right = 1 + Math.max(-1, ...levels.values());
  for (const [nth, { label, comm, namespaces: links, descriptors }] of processes.entries()) {
    const id = `p${nth}`;
    nodes.push({ id, label: `${label} ${comm}`, level: right, alike: butNumbers(`${label} ${comm}`) });
    for (const link of LINKS) lead(links[link] ?? "", id, link);
    for (const { fd, namespace } of descriptors) lead(namespace, id, `fd ${fd}`);
  }
  for (const [nth, { namespace, path }] of pins.entries()) {
    const id = `m${nth}`;
    nodes.push({ id, label: path, level: right, alike: butNumbers(path) });
    lead(namespace, id, "mount");
  }
  return { nodes, edges };
}
