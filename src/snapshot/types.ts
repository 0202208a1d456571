import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { Reason } from "../messages/reasons.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import type { Ids } from "../procfs/status.ts";
import type { Setgroups } from "../procfs/setgroups.ts";

import type { Attributes } from "./attributes.ts";
import type { Coverage } from "./coverage.ts";
import type { Trace } from "./trace-records.ts";
import type { DescriptorRecord } from "./descriptor-records.ts";
import type { MountInTree } from "./mount-trees.ts";

export type { IdExtent, Ids };
export type * from "./attributes.ts";
export type * from "./descriptor-records.ts";
export type { MountInTree } from "./mount-trees.ts";
export type * from "./trace-records.ts";
export {
  COVERAGE_NOTES,
  SKIP_REASONS,
  SOURCES,
  type Coverage,
  type CoverageNote,
  type Skipped,
  type SkipReason,
  type Source,
} from "./coverage.ts";

/** The newest snapshot format that this nsatlas writes and reads. */
export const SNAPSHOT_FORMAT = "nsatlas-snapshot";
export const SNAPSHOT_VERSION = 2;

/** A question the kernel did not answer: the errno, the call as the man page has it, and why, where the rules know. */
export interface Refusal {
  readonly refused: ErrnoName;
  readonly call: string;
  readonly reason?: Reason;
}
/** What was asked for, or the refusal. */
export type Answer<T> = { readonly value: T } | Refusal;
/** A relation between namespaces: to whom, or the refusal. */
export type Relation = { readonly to: NamespaceId } | Refusal;

/** The id maps of a user namespace, as /proc shows them to one reader. */
export interface IdMaps {
  readonly uid: readonly IdExtent[];
  readonly gid: readonly IdExtent[];
  /** Ids of projects (disk quotas). Absent where it was not read. */
  readonly projid?: readonly IdExtent[];
  /** Absent where the kernel has no setgroups file (before 3.19). */
  readonly setgroups?: Setgroups;
  /** The member process whose files were read. */
  readonly readFrom: number;
  /**
   * The reader's user namespace: outside ids are numbers in it (of the parent, where the reader is in this very one).
   * Absent where the reader's own could not be read.
   */
  readonly inViewOf?: NamespaceId;
}

/** One namespace, whatever it was found by. */
export interface NamespaceRecord {
  readonly id: NamespaceId;
  readonly kind: NamespaceKind;
  /** The kernel's 64-bit id in decimal, never reused within a boot; absent before Linux 6.18 and where not asked. */
  readonly uniqueId?: string;
  /** The kernel lists it to the viewer (listns). Absent where it does not: before Linux 6.19, and what only sockets keep. */
  readonly listed?: true;
  /**
   * Network namespaces only: the number that the viewer's own has for it, as `ip netns` shows it. Absent where it was not
   * told (before Linux 4.0, without the native half, or the file could not be opened).
   */
  readonly netnsid?: number | "unassigned";
  /** It has been there at least since then, for its file was; absent where that began with the look. UTC, ISO 8601. */
  readonly existsSince?: string;
  /** The user namespace that owns it. A user namespace is owned by its parent. */
  readonly owner: Relation;
  /** User and pid namespaces only. */
  readonly parent?: Relation;
  /** Pid namespaces only: no process was in it yet. */
  readonly unborn?: true;
  /**
   * Pid namespaces only: kernel.pid_max as it reads from inside, its own since Linux 6.14. Absent where nobody asked: a process
   * has to be born in it for that.
   */
  readonly pidMax?: Answer<number>;
  /** User namespaces only: the creator's effective uid as the viewer's user namespace maps it, 65534 where it does not. */
  readonly creatorUid?: Answer<number>;
  /** User namespaces only. */
  readonly maps?: Answer<IdMaps>;
  /** Mount namespaces only: how far its mounts were read, or why not. Absent where nobody asked. */
  readonly mounts?: Answer<MountTable>;
  /** What it says of itself, by its kind. Absent where nobody asked, and for mount and pid namespaces. */
  readonly attributes?: Answer<Attributes>;
  /** Whose it is, as far as traces tell: never empty, the surest first. None in a redacted snapshot. */
  readonly traces?: readonly Trace[];
}

/** How the mounts of a mount namespace were read. */
export interface MountTable {
  /** mountinfo: of a process in it. statmount: asked by its id or file. entered: by a process of ours that went in. */
  readonly by: "mountinfo" | "statmount" | "entered";
  /** The process whose mountinfo it was; absent where it was the viewer's own, or none of this /proc. */
  readonly readFrom?: number;
  /** How many were seen. */
  readonly seen: number;
  /**
   * How many more there are, out of reach from the root of whoever was asked: below a chroot, or in places that were
   * unmounted with MNT_DETACH around them. Absent where the kernel does not count them: before Linux 6.12.
   */
  readonly outOfReach?: number;
  /** The mounts themselves; absent where they were not asked for, and in a redacted snapshot. */
  readonly tree?: readonly MountInTree[];
}

/** One process; the namespaces it is in, by link, and the errno of each link that could not be read. */
export interface ProcessRecord {
  readonly pid: number;
  readonly ppid: number;
  /** Clock ticks after boot: pid and start time together name a process within a boot. */
  readonly startTime: number;
  /** Owner of /proc/PID: its effective uid, as the viewer's user namespace maps it. */
  readonly uid: number;
  readonly comm: string;
  readonly kernelThread: boolean;
  /** It has ended and was not waited for yet: only its user and pid namespaces are left. */
  readonly zombie: boolean;
  /** Absent where it was not read, refused or redacted; empty for a kernel thread and a zombie. */
  readonly commandLine?: readonly string[];
  /** What /proc/PID/status says of who it is; absent where it was not asked for, or could not be read. */
  readonly status?: StatusRecord;
  /** The path that `tellingPath` chooses from /proc/PID/cgroup; absent where not read, refused or redacted. */
  readonly cgroup?: string;
  readonly namespaces: Readonly<Partial<Record<ProcLink, NamespaceId>>>;
  readonly refused?: Readonly<Partial<Record<ProcLink, ErrnoName>>>;
}

/** Ids as the viewer's user namespace maps them, 65534 where it does not; sets as CapPrm and its like have them. */
export interface StatusRecord {
  readonly uid: Ids;
  readonly gid: Ids;
  /** Supplementary ones. */
  readonly groups: readonly number[];
  /** The process's numbers, from the pid namespace of the /proc down to its own. Absent before Linux 4.1. */
  readonly numbers?: readonly number[];
  /** Its process group and session as its own pid namespace numbers them; 0: from outside of that. Absent before Linux 4.1. */
  readonly group?: number;
  readonly session?: number;
  readonly threads: number;
  /** Hexadecimal digits, relative to its own user namespace. */
  readonly capabilities: Readonly<Record<"inheritable" | "permitted" | "effective", string>> & {
    /** Absent before Linux 2.6.26. */
    readonly bounding?: string;
    /** Absent before Linux 4.3. */
    readonly ambient?: string;
  };
  /** Absent before Linux 4.10. */
  readonly noNewPrivs?: boolean;
  /** 0 off, 1 strict, 2 filter. Absent before Linux 3.8 and without CONFIG_SECCOMP. */
  readonly seccomp?: number;
  /** What /proc/PID/attr/current says; absent where no security module gives labels, and in a redacted snapshot. */
  readonly label?: string;
}

/** A further thread of a process that is in other namespaces than the first one, its leader. */
export interface ThreadRecord {
  /** The process: its leader's number. */
  readonly pid: number;
  readonly tid: number;
  /** The thread's own, in clock ticks after boot. */
  readonly startTime: number;
  readonly comm: string;
  /** Those of its links that lead elsewhere than the leader's. Where the leader has ended, all but `pid` and `user` do. */
  readonly namespaces: Readonly<Partial<Record<ProcLink, NamespaceId>>>;
  /** Those that could not be read, where the leader's could or were refused otherwise. */
  readonly refused?: Readonly<Partial<Record<ProcLink, ErrnoName>>>;
}

/** Where a mount is. */
export interface MountPlace {
  /** The mount namespace it lies in; absent: the viewer's own. unknown: the one that process `through` is in. */
  readonly mountNamespace?: NamespaceId | "unknown";
  /**
   * From the root of that mount namespace; in the viewer's own from the viewer's root, so that it can be opened. Absent in a
   * redacted snapshot.
   */
  readonly path?: string;
  /** The process from whose root `path` starts, where that is another, or which one it is could not be told. */
  readonly through?: number;
  /** Unlike any other of the machine. */
  readonly mountId: number;
}
/** A bind mount of a namespace file. */
export interface PinRecord extends MountPlace {
  readonly namespace: NamespaceId;
  /**
   * The path of the mount that hides it and has to go first: its own where another lies on it there, else that of a folder on
   * the way. Absent: its path leads to it, or nobody could tell. Absent in a redacted snapshot.
   */
  readonly hiddenBy?: string;
}
/** A mount of a file system that belongs to a namespace: proc to a pid namespace, mqueue to an ipc namespace, which it does not keep. */
export interface HoldingMount extends MountPlace {
  readonly fileSystem: "proc" | "mqueue";
  readonly namespace: NamespaceId;
}

/** A name under /run/netns: a bind mount that `ip netns` made, or a symbolic link to a namespace file. */
export interface NameRecord {
  readonly namespace: NamespaceId;
  readonly name: string;
}

/** Who looked, from where: the same machine shows different things to different viewers. */
export interface Viewpoint {
  readonly source: "live" | "model" | "replay";
  readonly kernel: { readonly name: string; readonly release: string; readonly machine: string };
  /** Absent where it cannot be read. */
  readonly bootId?: string;
  /** The folder that was read as /proc; absent in a redacted snapshot. */
  readonly proc?: string;
  readonly pid: number;
  readonly uid: { readonly real: number; readonly effective: number };
  readonly gid: { readonly real: number; readonly effective: number };
  /** The effective capability set as hexadecimal digits, as /proc/PID/status has it. */
  readonly capabilities?: string;
  /** To whom Yama lets processes attach (kernel.yama.ptrace_scope); 0 where the kernel has no Yama. Absent: not read. */
  readonly ptraceScope?: number;
  readonly namespaces: Readonly<Partial<Record<ProcLink, NamespaceId>>>;
}

/** What was seen in one look, by whom, and what was not. Processes by pid; namespaces by kind, device, inode. */
export interface Snapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly version: typeof SNAPSHOT_VERSION;
  readonly producer: { readonly name: string; readonly version: string };
  /** UTC, ISO 8601. */
  readonly takenAt: string;
  readonly redacted: boolean;
  readonly viewpoint: Viewpoint;
  readonly coverage: readonly Coverage[];
  readonly namespaces: readonly NamespaceRecord[];
  readonly processes: readonly ProcessRecord[];
  /** By pid, tid. */
  readonly threads: readonly ThreadRecord[];
  /** By pid, tid (the process's own first), number. */
  readonly descriptors: readonly DescriptorRecord[];
  /** By mount id. */
  readonly pins: readonly PinRecord[];
  /** By mount id. */
  readonly mounts: readonly HoldingMount[];
  /** By name. None in a redacted snapshot. */
  readonly names: readonly NameRecord[];
}
