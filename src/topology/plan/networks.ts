import { NETWORK_SYSCTL_NAMES, NETWORK_SYSCTLS, type NetworkSysctlRow } from "../../abi/network-sysctls.ts";
import type { TaskName } from "../../kernel/call.ts";
import type { NewLink } from "../../netlink/orders.ts";
import type { NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import { isBoundary, type Reference } from "../reference.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { devicesByPlace, placeOf, stacked, type Placed } from "./device-order.ts";
import { lateIn, settingsIn } from "./device-settings.ts";
import type { Deed, NetworkDeed } from "./step.ts";

/**
 * What network namespaces have: the numbers that they have for each other before any device would need one; then devices, each
 * veth with its other end at once and each vlan behind what it lies on; then what devices are ports of, that they are up, and
 * their addresses; routes last, since they need all of this. A vlan on a device of another namespace is made from there: asked for
 * where it shall be, Linux before 6.15 makes it there too and moves it, and whatever a device is moved from has a number for where it
 * went ever after. Source: net/core/dev.c dev_change_net_namespace.
 */
export function planNetworks(crew: Crew): void {
  const nets = crew.index.topology.namespaces.filter((node) => node.kind === "net");
  const crowd = new Visits(crew);
  for (const net of nets)
    for (const { namespace, id } of net.netnsids) {
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
    const deed = linkDeed(placed, end?.device);
    if (deed === undefined) continue;
    const elsewhere = deed.make === "veth" ? deed.in : deed.across?.from;
    if (elsewhere !== undefined) crowd.knows(elsewhere);
    crowd.does(net, deed, deed.make === "link" ? deed.across?.from : undefined);
    if (end !== undefined && deed.make === "veth") made.add(end);
  }
  const set = settingsIn(order, byPlace);
  for (const net of nets) for (const deed of set.get(net.label) ?? []) crowd.does(net, deed);
  for (const { net, deed } of lateIn(order, byPlace)) crowd.does(net, deed);
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

type Making = Extract<NetworkDeed, { readonly make: "link" | "veth" }>;

/** `end`: the other one of a veth, where that is captured. */
function linkDeed({ net, device }: Placed, end: NetworkDevice | undefined): Making | undefined {
  const { sort, peer, vlan } = device;
  const link = newLink(device);
  if (sort === "bridge" || sort === "dummy") return { make: "link", link: { ...link, kind: sort } };
  if (sort === "vlan" && vlan !== undefined && peer !== undefined) {
    const { index: on, namespace: from } = peer;
    const across = from === net.label ? {} : { across: { from, to: net.label } };
    return { make: "link", link: { ...link, kind: sort, vlan, on }, ...across };
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

  /** `at`: where, if not there. */
  does(net: NetworkNode, deed: NetworkDeed, at?: Reference): void {
    this.sets(net, { do: "network", ...deed }, at);
  }

  sets({ label, owner }: NetworkNode, deed: Deed, at: Reference = label): void {
    const base = this.#crew.baseOf(owner);
    const visitor = this.#visitors.get(base) ?? this.#newVisitor(base);
    if (visitor.at !== at) this.#crew.does(visitor.by, { do: "setns", kind: "net", namespace: at }, label);
    visitor.at = at;
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
