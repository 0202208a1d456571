import type { IpcSysctl } from "../abi/ipc-sysctls.ts";
import type { NetworkSysctl } from "../abi/network-sysctls.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Address } from "../netlink/address.ts";
import type { Link } from "../netlink/link.ts";
import type { Route } from "../netlink/route.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { NsFile } from "./ns-file.ts";

/** What a uts namespace says of itself: uname(2). */
export interface HostNames {
  readonly hostname: string;
  /** `(none)` where nobody set it. */
  readonly domainname: string;
}

/** System V objects that there are in an ipc namespace. Source: SHM_INFO, SEM_INFO, MSG_INFO of shmctl(2) and its like. */
export interface IpcUse {
  readonly segments: number;
  /** Of shared memory, all segments together. */
  readonly pages: number;
  readonly semaphoreSets: number;
  readonly semaphores: number;
  readonly queues: number;
  readonly messages: number;
  readonly messageBytes: number;
  /** Those of abi/ipc-sysctls.ts that the kernel has. */
  readonly sysctls: Readonly<Partial<Record<IpcSysctl, string>>>;
}

/** The texts of a user namespace's maps, as the observer's own user namespace reads them. */
export interface IdMapTexts {
  /** The process of ours that was in it, and has ended since. */
  readonly pid: number;
  readonly uid: string;
  readonly gid: string;
  readonly projid: Outcome<string>;
  readonly setgroups: Outcome<string>;
}

/** What somebody who is to be born in a pid namespace finds. */
export interface PidTold {
  /** unborn: no process was in it yet; dead: its first one has ended. */
  readonly state: "alive" | "dead" | "unborn";
  /** The text of kernel.pid_max as it reads from inside: since Linux 6.14 its own. */
  readonly pidMax?: string;
}

/** How many namespaces of a kind each user may make below a user namespace. Source: /proc/sys/user, namespaces(7). */
export type UserLimits = Readonly<Partial<Record<NamespaceKind, number>>>;

/** The interfaces of a network namespace, and its routes of all tables. */
export interface NetworkTold {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
}

/** Those of abi/network-sysctls.ts that the kernel has. */
export type NetworkSysctls = Readonly<Partial<Record<NetworkSysctl, string>>>;

/** Whose: a namespace that is entered, or the one that the observer itself is in, which takes no entering. */
export type Whose = NsFile | "own";

/**
 * What only somebody inside a namespace is told: a process of ours goes in, gives up all power, asks the kernel itself (no file
 * system and no program of the namespace), and goes on to the next, or ends. Each is asked of several, and has an answer for each
 * in their order. EPERM: it may not enter. ETIMEDOUT: it did not come back. ENOTTY: a file of another observer.
 */
export interface Telling {
  hostNames(of: readonly Whose[]): readonly Outcome<HostNames>[];
  /** The texts of timens_offsets. ENOENT before Linux 5.6. */
  clocks(of: readonly Whose[]): readonly Outcome<string>[];
  /** The texts of files under /proc, for each its own, as they read from inside a cgroup namespace. */
  cgroups(of: readonly Whose[], paths: readonly (readonly string[])[]): readonly Outcome<readonly Outcome<string>[]>[];
  userLimits(of: readonly Whose[]): readonly Outcome<UserLimits>[];
  /** Of a user namespace that no process is in, whose maps no file shows. */
  idMaps(of: NsFile): Outcome<IdMapTexts>;
  /** EAGAIN: all its numbers are taken. E2BIG before Linux 5.5. */
  pidNamespaces(of: readonly NsFile[]): readonly Outcome<PidTold>[];
  ipcUse(of: readonly Whose[]): readonly Outcome<IpcUse>[];
  /** EAGAIN: the interfaces changed again and again while they were told. EBADMSG: an answer that makes no sense. */
  network(of: readonly Whose[]): readonly Outcome<NetworkTold>[];
  networkSysctls(of: readonly Whose[]): readonly Outcome<NetworkSysctls>[];
  /** All numbers that network namespaces have for others. */
  netnsNumbers(of: readonly Whose[]): readonly Outcome<readonly number[]>[];
  /** The numbers that a network namespace has for others, -1 where none was assigned. Since Linux 4.0. */
  netnsids(file: Whose, of: readonly NsFile[]): Outcome<readonly Outcome<number>[]>;
}
