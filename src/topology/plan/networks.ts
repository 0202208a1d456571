import { NETWORK_SYSCTL_NAMES, NETWORK_SYSCTLS, type NetworkSysctlRow } from "../../abi/network-sysctls.ts";
import type { TaskName } from "../../kernel/call.ts";
import type { NewLink } from "../../netlink/orders.ts";
import type { NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import { isBoundary, type Reference } from "../reference.ts";
import { type Crew, RESTORER } from "./crew.ts";
import type { Deed, NetworkDeed } from "./step.ts";

/**
 * What network namespaces have: the numbers that they have for each other before any device would need one; then devices, each
 * veth with its other end at once; then what devices are ports of, that they are up, and their addresses; routes last, since
 * they need all of this.
 */
export function planNetworks(crew: Crew): void {
  const nets = crew.index.topology.namespaces.filter((node) => node.kind === "net");
  const crowd = new Visits(crew);
  for (const net of nets)
    for (const { id, namespace } of net.netnsids) {
      crowd.knows(namespace);
      crowd.does(net, { make: "netnsid", id, namespace });
    }
  for (const net of nets) for (const [name, text] of sysctlsOf(net)) crowd.sets(net, { do: "sysctl", name, text });
  const made = new Set<string>();
  const byPlace = new Map(
    nets.flatMap((net) => net.devices.map((device) => [placeOf(net.label, device.index), device])),
  );
  for (const net of nets) {
    // What a vlan lies on is there before.
    for (const device of net.devices.toSorted((one, other) => rank(one) - rank(other))) {
      if (made.has(placeOf(net.label, device.index))) continue;
      const { peer } = device;
      const end = peer && byPlace.get(placeOf(peer.namespace, peer.index));
      if (peer !== undefined) crowd.knows(peer.namespace);
      const deed = linkDeed(device, end);
      if (deed === undefined) continue;
      crowd.does(net, deed);
      if (peer !== undefined && device.sort === "veth") made.add(placeOf(peer.namespace, peer.index));
    }
  }
  for (const net of nets) for (const deed of settings(net)) crowd.does(net, deed);
  for (const net of nets) for (const route of net.routes) crowd.does(net, { make: "route", ...route });
  crowd.leave();
}

/** What a new one has from elsewhere is set in every case: from the initial namespace, or by setting another one. */
function* sysctlsOf({ sysctls }: NetworkNode): Generator<readonly [string, string]> {
  for (const name of NETWORK_SYSCTL_NAMES) {
    const known: NetworkSysctlRow = NETWORK_SYSCTLS[name];
    const isMoved = known.copied === true || (known.follows !== undefined && known.follows in sysctls);
    const text = sysctls[name] ?? (isMoved ? known.initial : undefined);
    if (text !== undefined) yield [name, text];
  }
}

const placeOf = (namespace: Reference, index: number): string => `${namespace}/${index}`;
const rank = ({ sort }: NetworkDevice): number => (sort === "vlan" ? 1 : 0);

function linkDeed(device: NetworkDevice, end: NetworkDevice | undefined): NetworkDeed | undefined {
  const { sort, peer, vlan } = device;
  const link = newLink(device);
  if (sort === "bridge" || sort === "dummy") return { make: "link", link: { ...link, kind: sort } };
  if (sort === "vlan" && vlan !== undefined && peer !== undefined)
    return { make: "link", link: { ...link, kind: sort, vlan, on: peer.index } };
  if (sort !== "veth" || peer === undefined) return undefined;
  // At the boundary the other end has the name and the number that are free there.
  return { make: "veth", link, end: end && newLink(end), in: peer.namespace };
}
const newLink = ({ index, name, mtu, mac }: NetworkDevice): NewLink => ({
  index,
  name,
  mtu,
  ...(mac !== undefined && { mac }),
});

/** As a new one has it. */
const LOOPBACK_MTU = 65_536;

function* settings({ devices }: NetworkNode): Generator<NetworkDeed> {
  for (const { index, master } of devices) if (master !== undefined) yield { make: "change", index, master };
  for (const { index, sort, mtu, up } of devices) {
    const other = sort === "loopback" && mtu !== LOOPBACK_MTU;
    if (up || other) yield { make: "change", index, ...(other && { mtu }), ...(up && { up }) };
  }
  for (const { index, addresses } of devices)
    for (const address of addresses) yield { make: "address", index, ...address };
}

/** Goes from one network namespace to the next; who has power over all that a base owns. */
class Visits {
  readonly #crew: Crew;
  readonly #visitors = new Map<Reference, { readonly by: TaskName; at: Reference | undefined }>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  does(net: NetworkNode, deed: NetworkDeed): void {
    this.sets(net, { do: "network", ...deed });
  }

  sets({ label, owner }: NetworkNode, deed: Deed): void {
    const base = this.#crew.baseOf(owner);
    const visitor = this.#visitors.get(base) ?? this.#newVisitor(base);
    if (visitor.at !== label) this.#crew.does(visitor.by, { do: "setns", kind: "net", namespace: label }, label);
    visitor.at = label;
    this.#crew.does(visitor.by, deed, label);
  }

  /** One at the boundary has to be open as well. */
  knows(namespace: Reference): void {
    if (isBoundary(namespace) && !this.#crew.kept.has(namespace))
      this.#crew.does(RESTORER, { do: "keep", link: "net", as: namespace });
  }

  leave(): void {
    for (const { by } of this.#visitors.values()) this.#crew.leaves(by, RESTORER);
  }

  #newVisitor(base: Reference) {
    const by = this.#crew.helper(RESTORER, "network");
    this.#crew.joins(by, base);
    const visitor = { by, at: undefined };
    this.#visitors.set(base, visitor);
    return visitor;
  }
}
