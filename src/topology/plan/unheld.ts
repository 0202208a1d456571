import type { NetworkNode } from "../nodes.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { NamespaceNode, Topology } from "../topology.ts";
import { push } from "../../snapshot/push.ts";

/** Namespaces that end as soon as they are made: no process, file or bind mount of the topology leads to them. */
export function unheldIn({ namespaces, processes, pins }: Topology): readonly Label[] {
  const nodes = new Map(namespaces.map((node) => [node.label, node]));
  const open: Reference[] = [
    ...processes.flatMap((process) => Object.values(process.namespaces)),
    ...processes.flatMap(({ descriptors }) => descriptors.map(({ namespace }) => namespace)),
    ...pins.filter(({ in: place }) => isBoundary(place)).map(({ namespace }) => namespace),
  ];
  const mounted = new Map<Reference, Reference[]>();
  for (const { in: place, namespace } of pins) {
    push(mounted, place, namespace);
  }
  const held = new Set<Reference>();
  for (let label = open.pop(); label !== undefined; label = open.pop()) {
    const node = nodes.get(label);
    if (node === undefined || held.has(label)) continue;
    held.add(label);
    open.push(node.owner, ...(node.kind === "pid" ? [node.parent] : []), ...(mounted.get(label) ?? []));
  }
  return namespaces.map(({ label }) => label).filter((label) => !held.has(label));
}

/** Without the namespaces whose holders the image itself says that it lacks: they are warned of, not made, and not compared. */
export function withoutUnheld(topology: Topology): Topology {
  const told = new Set(topology.findings.filter(({ code }) => code === "no-holder").map(({ element }) => element));
  const gone = new Set<Reference>(unheldIn(topology).filter((label) => told.has(label)));
  if (gone.size === 0) return topology;
  const namespaces = topology.namespaces.filter(({ label }) => !gone.has(label));
  return { ...topology, namespaces: namespaces.map((node) => withoutTies(node, gone)) };
}

/** A veth ends with its other end. */
function withoutTies(node: NamespaceNode, gone: ReadonlySet<Reference>): NamespaceNode {
  if (node.kind !== "net") return node;
  const isLeft = ({ peer }: NetworkNode["devices"][number]): boolean => peer === undefined || !gone.has(peer.namespace);
  const devices = node.devices.filter(isLeft);
  const indices = new Set(devices.map(({ index }) => index));
  return {
    ...node,
    devices,
    routes: node.routes.filter(({ device }) => device === undefined || indices.has(device)),
    netnsids: node.netnsids.filter(({ namespace }) => !gone.has(namespace)),
  };
}
