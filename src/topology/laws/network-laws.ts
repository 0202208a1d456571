import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, type Fault, type Path } from "../../snapshot/issue.ts";
import type { NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import type { Label } from "../reference.ts";
import type { Topology } from "../topology.ts";
import { referenceFaults, type Known } from "./known.ts";

/** Devices, what they are tied to, and what a network namespace calls others. */
export function* networkFaults({ namespaces }: Topology, known: Known): Generator<Fault> {
  const indices = new Map<Label, Devices>();
  for (const node of namespaces) {
    if (node.kind === "net") indices.set(node.label, new Map(node.devices.map((device) => [device.index, device])));
  }
  for (const [nth, node] of namespaces.entries()) {
    if (node.kind !== "net") continue;
    const at: Path = ["namespaces", nth];
    yield* sameTwice(node, at);
    for (const [place, device] of node.devices.entries()) {
      const there = { at: [...at, "devices", place], of: node.label, indices };
      yield* tieFaults(known, device, there);
      yield* lackFaults(device, there.at);
      if (vlansBelow(device, indices) > MOST_VLANS)
        yield faultAt(there.at, TOPOLOGY_ISSUES["vlans-too-many"], { most: MOST_VLANS });
    }
    for (const [place, { device }] of node.routes.entries())
      yield* indexFaults(device, { at: [...at, "routes", place, "device"], namespace: node.label, indices });
    for (const [place, { namespace }] of node.netnsids.entries())
      yield* referenceFaults(known, namespace, { kind: "net", at: [...at, "netnsids", place, "namespace"] });
  }
}

function* sameTwice({ devices, netnsids }: NetworkNode, at: Path): Generator<Fault> {
  const before = new Set<string | number>();
  for (const [nth, { index, name }] of devices.entries()) {
    const place = [...at, "devices", nth];
    if (before.has(index)) yield faultAt([...place, "index"], TOPOLOGY_ISSUES["device-twice"], { what: String(index) });
    if (before.has(name)) yield faultAt([...place, "name"], TOPOLOGY_ISSUES["device-twice"], { what: name });
    before.add(index).add(name);
  }
  const ids = new Set<number>();
  for (const [nth, { id }] of netnsids.entries()) {
    if (ids.has(id)) yield faultAt([...at, "netnsids", nth, "id"], TOPOLOGY_ISSUES["number-twice"], { id });
    ids.add(id);
  }
}

/** By index. */
type Devices = ReadonlyMap<number, NetworkDevice>;
type Indices = ReadonlyMap<Label, Devices>;

/** Devices lie on each other in 8 levels. Source: net/core/dev.c __netdev_upper_dev_link, MAX_NEST_DEV. */
const MOST_VLANS = 6;

/** Nothing could be made of it. */
function* lackFaults({ sort, peer, vlan }: NetworkDevice, at: Path): Generator<Fault> {
  const isTied = sort === "veth" || sort === "vlan";
  if (isTied && peer === undefined) yield faultAt(at, TOPOLOGY_ISSUES["device-lacks"], { sort, what: "peer" });
  if (sort === "vlan" && vlan === undefined) yield faultAt(at, TOPOLOGY_ISSUES["device-lacks"], { sort, what: "vlan" });
}

/** How many vlans a vlan lies on, counted to one more than there may be: in a circle it would never end. */
function vlansBelow({ sort, peer }: NetworkDevice, indices: Indices): number {
  let count = 0;
  let at = sort === "vlan" ? peer : undefined;
  while (at !== undefined && count <= MOST_VLANS) {
    const lower: NetworkDevice | undefined = indices.get(at.namespace)?.get(at.index);
    if (lower?.sort !== "vlan") break;
    count++;
    at = lower.peer;
  }
  return count;
}

function* tieFaults(
  known: Known,
  { master, peer }: NetworkDevice,
  { at, of, indices }: { at: Path; of: Label; indices: Indices },
): Generator<Fault> {
  yield* indexFaults(master, { at: [...at, "master"], namespace: of, indices });
  if (peer === undefined) return;
  yield* referenceFaults(known, peer.namespace, { kind: "net", at: [...at, "peer", "namespace"] });
  yield* indexFaults(peer.index, { at: [...at, "peer", "index"], namespace: peer.namespace, indices });
}

/** A device of a captured network namespace; what is at the boundary may have any. */
function* indexFaults(
  index: number | undefined,
  { at, namespace, indices }: { at: Path; namespace: string; indices: Indices },
): Generator<Fault> {
  if (index === undefined || indices.get(namespace)?.has(index) !== false) return;
  yield faultAt(at, TOPOLOGY_ISSUES["no-such-device"], { index, namespace });
}
