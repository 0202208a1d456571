import {
  ADDRESS_ATTRIBUTES,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_VLAN_ID,
  INTERFACE_FLAGS,
  IP_FAMILIES,
  LINK_ATTRIBUTES,
  NETLINK,
  NSID_ATTRIBUTES,
  ROUTE_ATTRIBUTES,
  ROUTES,
  VETH_INFO_PEER,
  type IpFamily,
} from "../abi/netlink.ts";
import { nested, numberIn, order, textIn, u16In, type Attribute } from "./compose.ts";
import { ipBytes } from "./ip-bytes.ts";

/** What a new interface shall be. */
export interface NewLink {
  readonly index: number;
  readonly name: string;
  readonly mtu: number;
  readonly mac?: string;
}
/** With what makes one sort of interface. */
export type LinkOrder = NewLink &
  (
    | { readonly kind: "bridge" | "dummy" }
    /** `on`: what it lies on, by its index where it is made. */
    | { readonly kind: "vlan"; readonly vlan: number; readonly on: number }
    /** `fd`: an open file of the other end's network namespace. What is not said of that end is as the kernel likes. */
    | { readonly kind: "veth"; readonly peer: Partial<NewLink> & { readonly fd: number } }
  );

const MADE = NETLINK.NLM_F_CREATE | NETLINK.NLM_F_EXCL;
const { IFLA_ADDRESS, IFLA_IFNAME, IFLA_LINK, IFLA_LINKINFO } = LINK_ATTRIBUTES;
const { IFLA_MASTER, IFLA_MTU, IFLA_NET_NS_FD } = LINK_ATTRIBUTES;

/** struct ifinfomsg. */
function linkHead(index: number, { flags = 0, mask = 0 } = {}): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setInt32(4, index, true);
  view.setUint32(8, flags, true);
  view.setUint32(12, mask, true);
  return head;
}

/**
 * Makes an interface, a veth with its other end. `to`: an open file of the network namespace that it is made for, where that is
 * another; what it lies on stays here. EEXIST: the index or the name is taken, before Linux 6.15 the index here as well as there.
 * EOPNOTSUPP: the kernel has no driver for the kind. Source: net/core/rtnetlink.c rtnl_newlink, drivers/net/veth.c veth_newlink.
 */
export function newLink(link: LinkOrder, sequence: number, { to }: { readonly to?: number } = {}): Uint8Array {
  const data: readonly Attribute[] =
    link.kind === "veth"
      ? [
          nested(
            VETH_INFO_PEER,
            [...ownAttributes(link.peer), numberIn(IFLA_NET_NS_FD, link.peer.fd)],
            linkHead(link.peer.index ?? 0),
          ),
        ]
      : link.kind === "vlan"
        ? [u16In(IFLA_VLAN_ID, link.vlan)]
        : [];
  const info = nested(IFLA_LINKINFO, [
    textIn(IFLA_INFO_KIND, link.kind),
    ...(data.length > 0 ? [nested(IFLA_INFO_DATA, data)] : []),
  ]);
  const on = link.kind === "vlan" ? [numberIn(IFLA_LINK, link.on)] : [];
  const target = to === undefined ? [] : [numberIn(IFLA_NET_NS_FD, to)];
  const fixed = linkHead(link.index);
  return order({ type: NETLINK.RTM_NEWLINK, flags: MADE, sequence, fixed }, [
    ...ownAttributes(link),
    ...on,
    ...target,
    info,
  ]);
}

const ownAttributes = ({ name, mtu, mac }: Partial<NewLink>): readonly Attribute[] => [
  ...(name === undefined ? [] : [textIn(IFLA_IFNAME, name)]),
  ...(mtu === undefined ? [] : [numberIn(IFLA_MTU, mtu)]),
  ...(mac === undefined ? [] : [[IFLA_ADDRESS, macBytes(mac)] as const]),
];
const macBytes = (text: string): Uint8Array => Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));

export interface LinkChange {
  readonly index: number;
  readonly mtu?: number;
  /** The bridge that it becomes a port of. */
  readonly master?: number;
  readonly up?: boolean;
  /** IFF_*: those of `mask` become what they are in `bits`. */
  readonly flags?: { readonly bits: number; readonly mask: number };
}

export function changeLink({ index, mtu, master, up, flags }: LinkChange, sequence: number): Uint8Array {
  const { IFF_UP } = INTERFACE_FLAGS;
  const { bits = 0, mask = 0 } = flags ?? {};
  const fixed = linkHead(index, {
    mask: mask | (up === undefined ? 0 : IFF_UP),
    flags: bits | (up === true ? IFF_UP : 0),
  });
  return order({ type: NETLINK.RTM_NEWLINK, flags: 0, sequence, fixed }, [
    ...(mtu === undefined ? [] : [numberIn(IFLA_MTU, mtu)]),
    ...(master === undefined ? [] : [numberIn(IFLA_MASTER, master)]),
  ]);
}

export interface AddressOrder {
  /** The interface's. */
  readonly index: number;
  readonly address: string;
  readonly prefix: number;
  readonly peer?: string;
}

/** Undefined: that is no address. IPv6 is not asked for twice of: whoever had the address before has it no more. */
export function newAddress({ index, address, prefix, peer }: AddressOrder, sequence: number): Uint8Array | undefined {
  const [own, other] = [ipBytes(address), ipBytes(peer ?? address)];
  if (own === undefined || other?.length !== own.length) return undefined;
  const fixed = new Uint8Array(8);
  const view = new DataView(fixed.buffer);
  view.setUint8(0, own.length === 4 ? IP_FAMILIES.inet : IP_FAMILIES.inet6);
  view.setUint8(1, prefix);
  view.setUint8(2, own.length === 4 ? 0 : IFA_F_NODAD);
  view.setUint8(3, own.length === 4 && own[0] === 127 ? ROUTES.RT_SCOPE_HOST : ROUTES.RT_SCOPE_UNIVERSE);
  view.setUint32(4, index, true);
  return order({ type: NETLINK.RTM_NEWADDR, flags: MADE, sequence, fixed }, [
    [ADDRESS_ATTRIBUTES.IFA_LOCAL, own],
    [ADDRESS_ATTRIBUTES.IFA_ADDRESS, other],
  ]);
}
/** Source: linux/if_addr.h. */
const IFA_F_NODAD = 0x02;

export interface RouteOrder {
  readonly family: IpFamily;
  readonly to: string;
  readonly via?: string;
  readonly device?: number;
  readonly metric?: number;
}

/** Undefined: it has something that is no address of its family. */
export function newRoute({ family, to, via, device, metric }: RouteOrder, sequence: number): Uint8Array | undefined {
  const size = family === "inet" ? 4 : 16;
  const [address = "", bits = "0"] = to === "default" ? [] : to.split("/");
  const [destination, gateway] = [address === "" ? new Uint8Array() : ipBytes(address), via && ipBytes(via)];
  if (destination === undefined || (destination.length !== size && destination.length > 0)) return undefined;
  if (via !== undefined && (gateway === undefined || gateway === "" || gateway.length !== size)) return undefined;
  const fixed = new Uint8Array(12);
  fixed.set([
    IP_FAMILIES[family],
    Number(bits),
    0,
    0,
    ROUTES.RT_TABLE_MAIN,
    ROUTES.RTPROT_BOOT,
    // IPv4 looks for a gateway only where it is said to be further than the link; IPv6 does not ask.
    via === undefined && family === "inet" ? ROUTES.RT_SCOPE_LINK : ROUTES.RT_SCOPE_UNIVERSE,
    ROUTES.RTN_UNICAST,
  ]);
  return order({ type: NETLINK.RTM_NEWROUTE, flags: MADE, sequence, fixed }, [
    ...(destination.length === 0 ? [] : [[ROUTE_ATTRIBUTES.RTA_DST, destination] as const]),
    ...(gateway === undefined || gateway === "" ? [] : [[ROUTE_ATTRIBUTES.RTA_GATEWAY, gateway] as const]),
    ...(device === undefined ? [] : [numberIn(ROUTE_ATTRIBUTES.RTA_OIF, device)]),
    ...(metric === undefined ? [] : [numberIn(ROUTE_ATTRIBUTES.RTA_PRIORITY, metric)]),
  ]);
}

/**
 * Gives the network namespace that `fd` opens a number in the socket's own. EEXIST: it has one, or the number is taken.
 * Since Linux 4.0. Source: net/core/net_namespace.c rtnl_net_newid.
 */
export function newNetnsid({ id, fd }: { readonly id: number; readonly fd: number }, sequence: number): Uint8Array {
  const fixed = new Uint8Array(4);
  return order({ type: NETLINK.RTM_NEWNSID, flags: 0, sequence, fixed }, [
    numberIn(NSID_ATTRIBUTES.NETNSA_NSID, id),
    numberIn(NSID_ATTRIBUTES.NETNSA_FD, fd),
  ]);
}
