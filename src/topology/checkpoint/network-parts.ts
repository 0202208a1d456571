import { INTERFACE_FLAGS } from "../../abi/netlink.ts";
import type { InterfaceLink, NetworkAttributes, NetworkInterface } from "../../snapshot/types.ts";
import { DEVICE_FLAG_NAMES, DEVICE_FLAGS, NEW_FLAGS, type NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import type { Label, Reference } from "../reference.ts";
import { referenceTo, UNSEEN, type Making } from "./making.ts";

type Parts = Pick<NetworkNode, "devices" | "routes" | "netnsids" | "sysctls">;

/** What a network namespace has that rtnetlink can make again. A device of another sort stops the checkpoint. */
export function networkParts(making: Making, label: Label, attributes: NetworkAttributes | undefined): Parts {
  const devices: NetworkDevice[] = [];
  for (const seen of attributes?.interfaces ?? []) {
    // The kernel puts these into every network namespace itself, where their module is loaded.
    if (FALLBACK_TUNNELS.has(seen.name ?? "")) continue;
    const device = networkDevice(making, label, seen);
    devices.push(device);
    if (device.sort === "other") {
      making.notes.note("device", label, { what: device.name, kind: device.kernelSort ?? UNNAMED_SORT });
    }
  }
  const others = attributes?.otherRoutes ?? 0;
  if (others > 0) making.notes.note("other-routes", label, { count: String(others) });
  const routes = attributes?.routes ?? [];
  return {
    devices,
    routes,
    netnsids: netnsidsOf(making, label, attributes),
    sysctls: attributes?.sysctls ?? {},
  };
}

/** The numbers that its devices need to lead to another namespace, and those that somebody gave to others. */
function netnsidsOf(
  making: Making,
  label: Label,
  { interfaces = [], numbers: given = [] }: Partial<NetworkAttributes> = {},
): NetworkNode["netnsids"] {
  const numbers = new Map<number, NetworkNode["netnsids"][number]>();
  for (const { link } of interfaces) {
    const [id, to] = [link?.netnsid, link?.namespace];
    if (id !== undefined && to !== undefined) numbers.set(id, { id, namespace: referenceTo(making, to) });
  }
  const strange: number[] = [];
  for (const { number: id, namespace } of given) {
    const reference = namespace === undefined ? UNSEEN : referenceTo(making, namespace);
    if (reference === UNSEEN) strange.push(id);
    else numbers.set(id, { id, namespace: reference });
  }
  if (strange.length > 0) making.notes.note("netnsid-elsewhere", label, { ids: strange.join(", ") });
  return [...numbers.values()].sort((a, b) => a.id - b.id);
}

/** Source: net/core/net-sysctl fb_tunnels_only_for_init_net, net/ipv4/ip_tunnel.c ip_tunnel_init_net. */
const FALLBACK_TUNNELS: ReadonlySet<string> = new Set([
  "tunl0",
  "gre0",
  "gretap0",
  "erspan0",
  "ip_vti0",
  "ip6_vti0",
  "sit0",
  "ip6tnl0",
  "ip6gre0",
]);
/** Hardware has no name for its sort. */
const UNNAMED_SORT = "hardware";

const SORTS: ReadonlyMap<string | undefined, NetworkDevice["sort"]> = new Map([
  ["veth", "veth"],
  ["bridge", "bridge"],
  ["vlan", "vlan"],
  ["dummy", "dummy"],
]);

function networkDevice(making: Making, label: Label, seen: NetworkInterface): NetworkDevice {
  const isLoopback = (seen.flags & INTERFACE_FLAGS.IFF_LOOPBACK) !== 0 && seen.kind === undefined;
  const sort = isLoopback ? "loopback" : (SORTS.get(seen.kind) ?? "other");
  const { link } = seen;
  const namespace = link && tiedTo(making, label, link);
  return {
    index: seen.index,
    name: seen.name ?? "",
    sort,
    ...(sort === "other" && seen.kind !== undefined && { kernelSort: seen.kind }),
    mtu: seen.mtu,
    ...(!isLoopback && seen.mac !== undefined && { mac: seen.mac }),
    up: (seen.flags & INTERFACE_FLAGS.IFF_UP) !== 0,
    ...flagsPart(sort, seen.flags),
    ...(sort === "vlan" && seen.vlan !== undefined && { vlan: seen.vlan }),
    ...(seen.master !== undefined && { master: seen.master }),
    ...(link !== undefined && namespace !== undefined && { peer: { namespace, index: link.index } }),
    addresses: seen.addresses.filter(({ address }) => !isOfKernel(address, isLoopback)),
  };
}

function flagsPart(sort: NetworkDevice["sort"], bits: number): Pick<NetworkDevice, "flags"> {
  const flags = DEVICE_FLAG_NAMES.filter((name) => (bits & DEVICE_FLAGS[name]) !== 0);
  return flags.join(" ") === NEW_FLAGS[sort]?.join(" ") ? {} : { flags };
}

/** Without a number the other end is in the same namespace. */
function tiedTo(making: Making, label: Label, { netnsid, namespace }: InterfaceLink): Reference {
  if (netnsid === undefined) return label;
  const reference = namespace === undefined ? UNSEEN : referenceTo(making, namespace);
  if (reference === UNSEEN) making.notes.note("namespace-not-seen", label, { kind: "net" });
  return reference;
}

/** Addresses that come by themselves: a loopback's own, and IPv6's link-local ones. */
const isOfKernel = (address: string, isLoopback: boolean): boolean =>
  /^fe[89ab]/i.test(address) || (isLoopback && (address === "::1" || address === "127.0.0.1"));
