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
  /** The index of the bridge that it is a port of. */
  readonly master?: number;
  /** The other end of a veth, which can be in another namespace; what a vlan lies on. */
  readonly peer?: { readonly namespace: Reference; readonly index: number };
  /** vlan: its number, from 1 to 4094. */
  readonly vlan?: number;
  /** Those that were given, in order of address; the kernel's own (link-local, the loopback's) are left out. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number; readonly peer?: string }[];
}

export interface NetworkRoute {
  /** `default`, or an address with `/` and its prefix. */
  readonly to: string;
  readonly via?: string;
  /** The device's index. */
  readonly device?: number;
  readonly metric?: number;
  readonly family: "inet" | "inet6";
}
