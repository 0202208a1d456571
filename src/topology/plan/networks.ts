import { NETWORK_SYSCTL_NAMES, NETWORK_SYSCTLS, type NetworkSysctlRow } from "../../abi/network-sysctls.ts";
import type { TaskName } from "../../kernel/call.ts";
import type { NewLink } from "../../netlink/orders.ts";
import type { NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { devicesByPlace, placeOf, stacked, type Placed } from "./device-order.ts";
import { lateIn, settingsIn } from "./device-settings.ts";
import type { Deed, NetworkDeed } from "./step.ts";

/**
 * What network namespaces have: the numbers that they have for each other before any device would need one; then devices, each
 * veth with its other end at once and each vlan behind what it lies on; then what devices are ports of, that they are up, and
 * their addresses; routes last, since they need all of this.
 */
export function planNetworks(crew: Crew): void {
  const nets = crew.index.topology.namespaces.filter((node) => node.kind === "net");
  const crowd = new Visits(crew);
  const numbers = netnsidsOf(nets);
  for (const net of nets)
    for (const [namespace, id] of numbers.get(net.label) ?? []) {
      crowd.knows(namespace);
      crowd.does(net, { make: "netnsid", id, namespace });
    }
  for (const net of nets) for (const [name, text] of sysctlsOf(net)) crowd.sets(net, { do: "sysctl", name, text });
  const byPlace = devicesByPlace(nets);
  const order = stacked(byPlace);
  const made = new Set<Placed>();
  for (const placed of order) {
    if (made.has(placed)) continue;
    const { net, device } = placed;
    const { peer } = device;
    const end = peer && byPlace.get(placeOf(peer.namespace, peer.index));
    const deed = linkDeed(device, { end: end?.device, netnsid: peer && numbers.get(net.label)?.get(peer.namespace) });
    if (deed === undefined) continue;
    if (deed.make === "veth") crowd.knows(deed.in);
    crowd.does(net, deed);
    if (end !== undefined && deed.make === "veth") made.add(end);
  }
  const set = settingsIn(order, byPlace);
  for (const net of nets) for (const deed of set.get(net.label) ?? []) crowd.does(net, deed);
  for (const { net, deed } of lateIn(order, byPlace)) crowd.does(net, deed);
  for (const net of nets) for (const route of net.routes) crowd.does(net, { make: "route", ...route });
  crowd.leave();
}

type Numbers = ReadonlyMap<Reference, number>;

/** What each calls others: as recorded, and a number for what a vlan lies on, which is not told otherwise. */
function netnsidsOf(nets: readonly NetworkNode[]): ReadonlyMap<Label, Numbers> {
  return new Map(
    nets.map(({ label, netnsids, devices }) => {
      const numbers = new Map<Reference, number>(netnsids.map(({ id, namespace }) => [namespace, id]));
      const taken = new Set(numbers.values());
      let free = 0;
      for (const { sort, peer } of devices) {
        if (sort !== "vlan" || peer === undefined || peer.namespace === label || numbers.has(peer.namespace)) continue;
        while (taken.has(free)) free++;
        taken.add(free);
        numbers.set(peer.namespace, free);
      }
      return [label, numbers];
    }),
  );
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

interface Ties {
  /** The other end of a veth, where that is captured. */
  readonly end: NetworkDevice | undefined;
  /** What its namespace calls the other one. */
  readonly netnsid: number | undefined;
}

function linkDeed(device: NetworkDevice, { end, netnsid }: Ties): NetworkDeed | undefined {
  const { sort, peer, vlan } = device;
  const link = newLink(device);
  if (sort === "bridge" || sort === "dummy") return { make: "link", link: { ...link, kind: sort } };
  if (sort === "vlan" && vlan !== undefined && peer !== undefined) {
    const { index: on, namespace } = peer;
    const lies = { kind: sort, vlan, on, ...(netnsid !== undefined && { netnsid }) };
    return { make: "link", link: { ...link, ...lies }, ...(isBoundary(namespace) && { lies: namespace }) };
  }
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
