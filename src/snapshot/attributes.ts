import type { NamespaceId } from "../abi/ids.ts";
import type { IpcSysctl } from "../abi/ipc-sysctls.ts";
import type { NetworkSysctl } from "../abi/network-sysctls.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { IpFamily, OperationalState } from "../abi/netlink.ts";
import type { Source } from "./coverage.ts";

/** What a namespace says of itself, by its kind. What a mount namespace has is told by its mounts; a pid namespace has nothing. */
export type Attributes =
  | HostNameAttributes
  | ClockAttributes
  | CgroupAttributes
  | NetworkAttributes
  | LimitAttributes
  | IpcAttributes;
export type AttributedKind = Attributes["of"];

/** The source of each kind's attributes, in coverage. */
export const ATTRIBUTE_SOURCES = {
  uts: "hostnames",
  time: "clocks",
  cgroup: "cgroup-roots",
  net: "interfaces",
  user: "user-limits",
  ipc: "ipc-use",
} as const satisfies Readonly<Record<AttributedKind, Source>>;
export const ATTRIBUTED_KINDS = Object.keys(ATTRIBUTE_SOURCES) as readonly AttributedKind[];
export const isAttributed = (kind: NamespaceKind): kind is AttributedKind => Object.hasOwn(ATTRIBUTE_SOURCES, kind);

/** The attributes of a kind; undefined where there are none, they were refused, or they are of another. */
export function valueOf<K extends AttributedKind>(
  answer: { readonly value: Attributes } | { readonly refused: string } | undefined,
  of: K,
): Extract<Attributes, { of: K }> | undefined {
  if (answer === undefined || !("value" in answer)) return undefined;
  return isOf(answer.value, of) ? answer.value : undefined;
}
const isOf = <K extends AttributedKind>(value: Attributes, wanted: K): value is Extract<Attributes, { of: K }> =>
  value.of === wanted;

export interface HostNameAttributes {
  readonly of: "uts";
  readonly hostname: string;
  /** `(none)` where nobody set it. */
  readonly domainname: string;
}

/** By how much a clock differs from that of the initial time namespace. */
export interface Offset {
  /** Rounded down. */
  readonly seconds: number;
  /** Added to them, from 0 to 999,999,999. */
  readonly nanoseconds: number;
}
export interface ClockAttributes {
  readonly of: "time";
  readonly monotonic: Offset;
  readonly boottime: Offset;
}

export interface CgroupAttributes {
  readonly of: "cgroup";
  /** The cgroup that is `/` in it, as a path from the root of the viewer's own cgroup namespace. Absent: redacted. */
  readonly root?: string;
}

export interface NetworkAttributes {
  readonly of: "net";
  /** By index. */
  readonly interfaces: readonly NetworkInterface[];
  /** Of the main table, those that the kernel did not make by itself; by family and destination. Absent: none, or redacted. */
  readonly routes?: readonly InterfaceRoute[];
  /** How many others were made: of another table or type, or with more to them than is here. Absent: none. */
  readonly otherRoutes?: number;
  /** What it calls others that no interface leads to; by number. Absent: none, or nobody asked. */
  readonly numbers?: readonly NetnsNumber[];
  /** Below /proc/sys, with dots for slashes: those of abi/network-sysctls.ts that were set. Absent: none, or nobody read them. */
  readonly sysctls?: Readonly<Partial<Record<NetworkSysctl, string>>>;
}
/** A number for another network namespace (netnsid), and which one that is; absent: it could not be told. */
export interface NetnsNumber {
  readonly number: number;
  readonly namespace?: NamespaceId;
}
/** A route to hosts, one way. */
export interface InterfaceRoute {
  readonly family: IpFamily;
  /** `default`, or an address and how many of its bits count. */
  readonly to: string;
  readonly via?: string;
  /** The index of the interface. */
  readonly device?: number;
  readonly metric?: number;
}
export interface NetworkInterface {
  readonly index: number;
  /** Absent in a redacted snapshot, with its addresses. */
  readonly name?: string;
  /** `veth`, `bridge` …; absent for hardware and loopback. */
  readonly kind?: string;
  /** ARPHRD_*: 1 Ethernet, 772 loopback … */
  readonly type: number;
  /** IFF_* */
  readonly flags: number;
  readonly state: OperationalState;
  readonly mtu: number;
  readonly mac?: string;
  /** The index of the bridge or bond that it is a port of. */
  readonly master?: number;
  /** By address. */
  readonly addresses: readonly InterfaceAddress[];
  /** Of a vlan its number. */
  readonly vlan?: number;
  readonly link?: InterfaceLink;
}
export interface InterfaceAddress {
  readonly address: string;
  readonly prefix: number;
  readonly peer?: string;
}
/** What an interface is tied to: the other end of a veth, the device below a vlan. */
export interface InterfaceLink {
  readonly index: number;
  /** The namespace of that, by the number that the interface's own has for it; absent: it is in the same one. */
  readonly netnsid?: number;
  /** Which one that is; absent where it was not seen, or in the same one. */
  readonly namespace?: NamespaceId;
}

/** How many namespaces of each kind a user may make below this user namespace; 2147483647: as many as memory holds. */
export interface LimitAttributes {
  readonly of: "user";
  readonly limits: Readonly<Partial<Record<NamespaceKind, number>>>;
}

/** System V objects in an ipc namespace. */
export interface IpcAttributes {
  readonly of: "ipc";
  readonly segments: number;
  /** Of shared memory, all segments together. */
  readonly pages: number;
  readonly semaphoreSets: number;
  readonly semaphores: number;
  readonly queues: number;
  readonly messages: number;
  readonly messageBytes: number;
  /** Below /proc/sys, with dots for slashes: those that differ from what a new namespace has. Absent where nobody read them. */
  readonly sysctls?: Readonly<Partial<Record<IpcSysctl, string>>>;
}
