import {
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_VLAN_ID,
  LINK_ATTRIBUTES,
  NETLINK,
  OPERATIONAL_STATES,
  type OperationalState,
} from "../abi/netlink.ts";
import { readAttributes, s32, textOf, u32, viewOf, type NetlinkMessage } from "./messages.ts";

/** A network interface, as RTM_NEWLINK tells it. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** What made it: `veth`, `bridge` …; absent for hardware and loopback, which nobody made. */
  readonly kind?: string;
  /** ARPHRD_*: 1 Ethernet, 772 loopback … */
  readonly type: number;
  /** IFF_* */
  readonly flags: number;
  readonly state: OperationalState;
  readonly mtu: number;
  /** Its link-layer address, as `aa:bb:…`; absent where it has none. */
  readonly mac?: string;
  /** The index of the bridge or bond that it is a port of. */
  readonly master?: number;
  /** Of a vlan its number. */
  readonly vlan?: number;
  /** What it is tied to: the other end of a veth, the device below a vlan. */
  readonly link?: {
    readonly index: number;
    /** The namespace of that, by the number that this one has for it; absent: it is in this one. */
    readonly netnsid?: number;
  };
}

/** struct ifinfomsg: family, padding, type, index, flags, mask of flags. */
const FIXED_BYTES = 16;
/** MAX_ADDR_LEN of linux/netdevice.h. */
const MAX_ADDRESS_BYTES = 32;
const { IFLA_ADDRESS, IFLA_IFNAME, IFLA_LINK, IFLA_LINK_NETNSID } = LINK_ATTRIBUTES;
const { IFLA_LINKINFO, IFLA_MASTER, IFLA_MTU, IFLA_OPERSTATE } = LINK_ATTRIBUTES;

/** Undefined: it is no RTM_NEWLINK, or not as the kernel writes one. Source: rtnetlink(7), net/core/rtnetlink.c. */
export function readLink({ type, body }: NetlinkMessage): Link | undefined {
  const attributes = body.length < FIXED_BYTES ? undefined : readAttributes(body, FIXED_BYTES);
  if (type !== NETLINK.RTM_NEWLINK || attributes === undefined) return undefined;
  const view = viewOf(body);
  const index = view.getInt32(4, true);
  const name = textOf(attributes.get(IFLA_IFNAME));
  if (index < 1 || name === undefined || name === "") return undefined;
  const info = attributes.get(IFLA_LINKINFO);
  const told = info === undefined ? undefined : readAttributes(info, 0);
  const kind = textOf(told?.get(IFLA_INFO_KIND));
  const vlan = kind === "vlan" ? vlanOf(told?.get(IFLA_INFO_DATA)) : undefined;
  const address = attributes.get(IFLA_ADDRESS);
  const master = u32(attributes.get(IFLA_MASTER));
  return {
    index,
    name,
    ...(kind === undefined || kind === "" ? {} : { kind }),
    type: view.getUint16(2, true),
    flags: view.getUint32(8, true),
    state: OPERATIONAL_STATES[attributes.get(IFLA_OPERSTATE)?.[0] ?? 0] ?? "unknown",
    mtu: u32(attributes.get(IFLA_MTU)) ?? 0,
    ...(address === undefined || !hasAddress(address) ? {} : { mac: macText(address) }),
    ...(master === undefined || master === 0 ? {} : { master }),
    ...(vlan === undefined ? {} : { vlan }),
    ...tied(attributes, index),
  };
}

function vlanOf(data: Uint8Array | undefined): number | undefined {
  const number = data === undefined ? undefined : readAttributes(data, 0)?.get(IFLA_VLAN_ID);
  return number?.length === 2 ? viewOf(number).getUint16(0, true) : undefined;
}

/** A device that is tied to nothing tells its own index, or 0. */
function tied(attributes: ReadonlyMap<number, Uint8Array>, own: number): Pick<Link, "link"> {
  const index = u32(attributes.get(IFLA_LINK));
  const netnsid = s32(attributes.get(IFLA_LINK_NETNSID));
  const isElsewhere = netnsid !== undefined && netnsid >= 0;
  if (index === undefined || index === 0 || (index === own && !isElsewhere)) return {};
  return { link: isElsewhere ? { index, netnsid } : { index } };
}

const hasAddress = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.length <= MAX_ADDRESS_BYTES;
const macText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
