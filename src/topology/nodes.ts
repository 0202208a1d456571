import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import type { Setgroups } from "../procfs/setgroups.ts";
import type { NetworkDevice, NetworkRoute } from "./network.ts";
import type { Label, Reference } from "./reference.ts";

/** What every namespace has. */
interface Node<K extends NamespaceKind> {
  readonly label: Label;
  readonly kind: K;
  /** The user namespace that owns it; of a user namespace its parent. */
  readonly owner: Reference;
  /** For people: what the kernel called it. Never compared. */
  readonly identity?: { readonly inode: number; readonly uniqueId?: string };
}

export interface UserNode extends Node<"user"> {
  /** The creator's effective uid and gid, as the parent numbers them. The gid shows nowhere, and is the map's or absent. */
  readonly creator: { readonly uid: number };
  /** Written or not; `outside` is a number in the parent. By `inside`. */
  readonly uidMap?: readonly IdExtent[];
  readonly gidMap?: readonly IdExtent[];
  readonly projidMap?: readonly IdExtent[];
  readonly setgroups: Setgroups;
  /** user.max_*_namespaces inside, only those that were set: that differ from what a new one has. */
  readonly limits: Readonly<Partial<Record<NamespaceKind, number>>>;
}

export interface PidNode extends Node<"pid"> {
  readonly parent: Reference;
  /**
   * dead: its first process has ended, and something holds it still: no process can be made in it. unborn: there was none
   * yet; a process has it for its children and, as a rule, nothing else leads to it.
   */
  readonly state: "alive" | "dead" | "unborn";
  /** Linux 6.14 and later, where it was set. */
  readonly pidMax?: number;
}

export type MountNode = Node<"mnt">;

/** What is absent was not read (a finding says why), or is of no interest to whoever wrote it: then as the restorer's own. */
export interface UtsNode extends Node<"uts"> {
  readonly hostname?: string;
  readonly domainname?: string;
}

export interface IpcNode extends Node<"ipc"> {
  /** Below /proc/sys: `kernel.shmmax` and its like, `fs.mqueue.msg_max`, whatever differs from what a new one has. */
  readonly sysctls: Readonly<Record<string, string>>;
}

export interface CgroupNode extends Node<"cgroup"> {
  /** From the root of the hierarchy as the restorer's cgroup namespace shows it. Absent: as the names of a `UtsNode`. */
  readonly root?: string;
}

/** Added to the clocks of the initial time namespace. */
export interface ClockOffset {
  readonly seconds: number;
  readonly nanoseconds: number;
}
export interface TimeNode extends Node<"time"> {
  /** Absent: not read; else as the names of a `UtsNode`. */
  readonly monotonic?: ClockOffset;
  readonly boottime?: ClockOffset;
}

export interface NetworkNode extends Node<"net"> {
  /** By index. Its loopback is always there. */
  readonly devices: readonly NetworkDevice[];
  /** Those that the kernel does not make by itself for an address. */
  readonly routes: readonly NetworkRoute[];
  /** What it calls others. */
  readonly netnsids: readonly { readonly id: number; readonly namespace: Reference }[];
  /** Below /proc/sys/net, whatever differs from what a new one has. */
  readonly sysctls: Readonly<Record<string, string>>;
}
