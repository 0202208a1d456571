import { INTERFACE_FLAGS } from "../abi/netlink.ts";
import type { Reference } from "./reference.ts";

/** A device of a network namespace, as far as rtnetlink can make it again. */
export interface NetworkDevice {
  readonly index: number;
  readonly name: string;
  /** What sort it is; `other`: none that nsatlas makes, with the kernel's word for it (a finding of class refuse). */
  readonly sort: "loopback" | "veth" | "bridge" | "vlan" | "dummy" | "other";
  readonly kernelSort?: string;
  readonly mtu: number;
  /** Absent for a loopback. */
  readonly mac?: string;
  readonly up: boolean;
  /** Those that are set; absent: as a new one of its sort has them (`NEW_FLAGS`). */
  readonly flags?: readonly DeviceFlag[];
  /** The index of the bridge that it is a port of. */
  readonly master?: number;
  /** The other end of a veth, which can be in another namespace; what a vlan lies on. */
  readonly peer?: { readonly namespace: Reference; readonly index: number };
  /** vlan: its number, from 0 to 4094. */
  readonly vlan?: number;
  /** Those that were given, in order of address; the kernel's own (link-local, the loopback's) are left out. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number; readonly peer?: string }[];
}

/** What people set besides `up`, by the bit of IFF_* that it is. In this order wherever several stand. */
export const DEVICE_FLAGS = {
  allmulti: INTERFACE_FLAGS.IFF_ALLMULTI,
  multicast: INTERFACE_FLAGS.IFF_MULTICAST,
  noarp: INTERFACE_FLAGS.IFF_NOARP,
  promisc: INTERFACE_FLAGS.IFF_PROMISC,
} as const;
export type DeviceFlag = keyof typeof DEVICE_FLAGS;
export const DEVICE_FLAG_NAMES = Object.keys(DEVICE_FLAGS) as DeviceFlag[];

/**
 * As a new device has them. A vlan takes them from what it lies on. Source: net/ethernet/eth.c ether_setup,
 * drivers/net/loopback.c gen_lo_setup, drivers/net/dummy.c dummy_setup, net/8021q/vlan_dev.c vlan_dev_init.
 */
export const NEW_FLAGS: Readonly<Partial<Record<NetworkDevice["sort"], readonly DeviceFlag[]>>> = {
  loopback: [],
  veth: ["multicast"],
  bridge: ["multicast"],
  dummy: ["noarp"],
};

export interface NetworkRoute {
  /** `default`, or an address with `/` and its prefix. */
  readonly to: string;
  readonly via?: string;
  /** The device's index. */
  readonly device?: number;
  readonly metric?: number;
  readonly family: "inet" | "inet6";
}
