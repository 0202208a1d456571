import { isBoundary, type Reference } from "../../src/topology/reference.ts";
import type { NamespaceNode, Topology } from "../../src/topology/topology.ts";

/** The same topology with other labels and in another order; `random` gives numbers from 0 to below 1. */
export function relabelled(topology: Topology, random: () => number): Topology {
  const names = new Map<string, string>();
  const shuffle = <T>(list: readonly T[]): readonly T[] =>
    list
      .map((item) => ({ item, at: random() }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ item }) => item);
  const labels = [...topology.namespaces, ...topology.processes].map(({ label }) => label);
  for (const [nth, label] of shuffle(labels).entries()) names.set(label, `x${nth}`);
  const to = (label: string): string => names.get(label) ?? label;
  const at = (reference: Reference): Reference => (isBoundary(reference) ? reference : to(reference));

  const namespaces = shuffle(topology.namespaces).map((node): NamespaceNode => {
    const common = {
      label: to(node.label),
      owner: at(node.owner),
      identity: { inode: 1 + Math.floor(random() * 1e6) },
    };
    if (node.kind === "pid") return { ...node, ...common, parent: at(node.parent) };
    if (node.kind !== "net") return { ...node, ...common };
    return {
      ...node,
      ...common,
      devices: shuffle(node.devices).map((device) =>
        device.peer === undefined
          ? device
          : { ...device, peer: { ...device.peer, namespace: at(device.peer.namespace) } },
      ),
      routes: shuffle(node.routes),
      netnsids: shuffle(node.netnsids).map(({ id, namespace }) => ({ id, namespace: at(namespace) })),
    };
  });
  const processes = shuffle(topology.processes).map((process) => ({
    ...process,
    label: to(process.label),
    ...(process.parent === undefined ? {} : { parent: to(process.parent) }),
    ...(typeof process.session === "string" && { session: to(process.session) }),
    ...(typeof process.group === "string" && { group: to(process.group) }),
    namespaces: Object.fromEntries(Object.entries(process.namespaces).map(([link, label]) => [link, at(label)])),
    descriptors: shuffle(process.descriptors).map((known) => ({ ...known, namespace: at(known.namespace) })),
    identity: { pid: 1 + Math.floor(random() * 30_000) },
  }));
  const pins = shuffle(topology.pins).map((pin) => ({ ...pin, namespace: at(pin.namespace), in: at(pin.in) }));
  return { ...topology, namespaces, processes, pins };
}
