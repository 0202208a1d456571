import type { BindMap } from "./bind-map.ts";
import type { CountedMap } from "./counted.ts";
import type { NumberMap, PersistentMap, PersistentSet } from "./persistent.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Offset } from "../../rules/timens-offsets.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import type { MapFile, TaskName } from "../call.ts";

declare const brand: unique symbol;
/** A namespace of a world, by its NS_GET_ID: never used twice, unlike its inode number. */
export type NsKey = number & { readonly [brand]: "NsKey" };
/** An open file (the kernel's struct file): descriptors of several tasks may lead to one. */
export type FileKey = number & { readonly [brand]: "FileKey" };
/** A table of descriptors (struct files_struct), of one task or, by CLONE_FILES, of several. */
export type TableKey = number & { readonly [brand]: "TableKey" };
/** Root and working directory (struct fs_struct), of one task or, by CLONE_FS, of several. */
export type FsKey = number & { readonly [brand]: "FsKey" };
/** Memory (struct mm_struct), of one task or, by CLONE_VM, of several. */
export type MemoryKey = number & { readonly [brand]: "MemoryKey" };

/** What only some kinds have. */
export interface UserState {
  /** The creator's effective uid and gid, in the initial user namespace's numbers. */
  readonly creatorUid: number;
  readonly creatorGid: number;
  readonly uidMap: readonly MapExtent[];
  readonly gidMap: readonly MapExtent[];
  readonly projidMap: readonly MapExtent[];
  readonly setgroupsAllowed: boolean;
  /** Whether its creator had CAP_SETFCAP in its effective set when it made it. */
  readonly parentCouldSetfcap: boolean;
  /** /proc/sys/user/max_*_namespaces. */
  readonly limits: Readonly<Record<NamespaceKind, number>>;
  /** Namespaces charged here, by "KIND UID" with the uid that pays, in the initial user namespace's numbers. */
  readonly counts: PersistentMap<string, number>;
}
/** One extent; `outside` in the initial user namespace's numbers, as the kernel keeps it. */
export interface MapExtent {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}
export interface TimeState {
  readonly monotonic: Offset;
  readonly boottime: Offset;
  /** Whether anybody has entered it: then the offsets stay as they are. */
  readonly frozen: boolean;
}
export interface PidState {
  /**
   * The first process: none yet, alive, or ended. No process can start in it any more once it has ended, nor where the
   * clone that was to make it failed after it had its numbers ("stillborn").
   */
  readonly init: "unborn" | "stillborn" | "alive" | "dead";
  /** /proc/sys/kernel/ns_last_pid. The search for the next number begins after this one; -1: there was no search yet. */
  readonly lastPid: number;
  /** /proc/sys/kernel/pid_max: numbers lie below it. */
  readonly max: number;
  /** Numbers in use, and by whom. A zombie keeps its number. */
  readonly tasks: NumberMap<number, TaskName>;
}

/** A bind mount of a namespace file. */
export interface Bind {
  readonly mountId: number;
  readonly path: string;
  readonly namespace: NsKey;
  /** Whether it came along from a mount namespace of another owner: it cannot be taken away. */
  readonly locked: boolean;
}

export interface Namespace {
  readonly key: NsKey;
  readonly kind: NamespaceKind;
  /** `st_dev` and `st_ino` of its nsfs file. */
  readonly device: bigint;
  readonly inode: number;
  /** The effective uid that made it, and pays for it; undefined: the kernel itself, at its start. */
  readonly creator: number | undefined;
  /** NS_GET_ID. */
  readonly uniqueId: bigint;
  /** User namespaces: the parent. The initial user namespace has none. */
  readonly owner: NsKey | undefined;
  readonly parent: NsKey | undefined;
  readonly level: number;
  readonly user: UserState | undefined;
  readonly pid: PidState | undefined;
  readonly time: TimeState | undefined;
  /** Mount namespaces: the bind mounts of namespace files in it, by mount id. */
  readonly binds: BindMap<Bind> | undefined;
  /** Mount namespaces: whether it, or one that it was copied from, is a copy of another owner's: mounts in copies stay locked. */
  readonly mountsLocked: boolean;
  /** The name it was given when the world was drawn. */
  readonly label: string | undefined;
}

/** The namespaces of a task but for user and its own pid namespace; a zombie has left them (struct nsproxy). */
export interface Memberships {
  readonly mnt: NsKey;
  readonly uts: NsKey;
  readonly ipc: NsKey;
  readonly net: NsKey;
  readonly cgroup: NsKey;
  readonly pid_for_children: NsKey;
  readonly time: NsKey;
  readonly time_for_children: NsKey;
}

export interface Task {
  readonly name: TaskName;
  readonly comm: string;
  readonly commandLine: readonly string[];
  readonly cgroup: string;
  /** Clock ticks since boot. */
  readonly startTime: number;
  /** Undefined: the parent is outside the world, and reaps at once. */
  readonly parent: TaskName | undefined;
  readonly children: PersistentSet<TaskName>;
  readonly credentials: FullCredentials<NsKey>;
  /** The first thread of its thread group: itself, unless it is a further thread. */
  readonly leader: TaskName;
  /** Of the first thread of a group: the further ones that have not ended, or the last one that waits in its end. */
  readonly threads: PersistentSet<TaskName>;
  /** What it may share with others; a zombie has given it up. */
  readonly resources: Resources | undefined;
  /** The pid namespace it is in itself: fixed for life. */
  readonly pid: NsKey;
  /** Its number in its own pid namespace and in each one above, innermost first. */
  readonly numbers: readonly { readonly ns: NsKey; readonly number: number }[];
  /** The child of CLONE_VFORK that it waits for: until that one has given up its memory it makes no calls. */
  readonly waitsFor?: TaskName | undefined;
  /** Of such a child: who waits. */
  readonly awaitedBy?: TaskName | undefined;
  /** Of a task that has ended: whether it was dumpable then. */
  readonly endedDumpable?: boolean | undefined;
  /** Undefined for a zombie. */
  readonly memberships: Memberships | undefined;
}

export interface Resources {
  readonly table: TableKey;
  readonly fs: FsKey;
  readonly memory: MemoryKey;
}
export interface Table {
  readonly descriptors: NumberMap<number, FileKey>;
  /** Those that outlive execve: all others are close-on-exec. */
  readonly kept: PersistentSet<number>;
}
export interface Fs {
  /** Whether its root is another folder than the root of the mount namespace. */
  readonly chrooted: boolean;
  /**
   * The mount namespace that root and cwd lie in. Before Linux 7.3 it can be another than the task's own: where one of several
   * who share them joins a mount namespace together with others, it takes the root of all of them along. They do not keep
   * that namespace, so it may have ended: nothing has that key then.
   */
  readonly mnt: NsKey;
  /** Whether its mounts outlast it below that root, since another user namespace than their maker's has locked them. */
  readonly locked: boolean;
}
export interface Memory {
  readonly dumpable: boolean;
  /** The user namespace at the last execve: it guards a process that is not dumpable. */
  readonly user: NsKey;
}

/** A process, or with PIDFD_THREAD a thread. It may have ended. */
export interface PidfdTarget {
  readonly type: "pidfd";
  readonly task: TaskName;
  readonly thread: boolean;
  /** Where it has numbers, or had, innermost first: kept beyond its end, and the first one kept alive. */
  readonly seenIn: readonly NsKey[];
}

/** What an open file leads to. */
export type FileTarget =
  | {
      readonly type: "namespace";
      readonly namespace: NsKey;
      /** The bind mount that it was opened through. */
      readonly mountId?: number;
    }
  | PidfdTarget
  /** uid_map, gid_map or projid_map of a user namespace, or its setgroups; whoever opened it is judged, not the writer. */
  | {
      readonly type: "map";
      readonly file: MapFile;
      readonly user: NsKey;
      readonly opener: FullCredentials<NsKey>;
      /** The process below whose /proc/PID it lies, and its pid namespace. */
      readonly of: TaskName;
      readonly pid: NsKey;
      /** Where in the file the next read or write is. */
      readonly offset: number;
    }
  /** A socket keeps its network namespace. */
  | {
      readonly type: "socket";
      readonly net: NsKey;
      readonly family: "unix" | "inet";
      /** The process that made the other end. */
      readonly peer?: PidfdTarget;
    }
  /**
   * Anything that is no business of namespaces; `of`: the process below whose /proc/PID it lies, and its pid namespace;
   * `owner`: of a pipe whoever made it, of a folder of namespaces who owned it when it was opened.
   */
  | {
      readonly type: "other";
      readonly what: OtherFile;
      readonly of?: TaskName;
      readonly pid?: NsKey;
      readonly owner?: FileOwner;
    };
export type OtherFile = "null" | "directory" | "process-directory" | "namespace-directory" | "pipe" | "link";
/** In the initial user namespace's numbers. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface OpenFile {
  readonly target: FileTarget;
  /** The user namespace of whoever opened it: the file keeps that one's credentials (`f_cred`). */
  readonly opener: NsKey;
  /** What F_GETFL shows. */
  readonly flags: number;
}

/** How the kernel at hand hands out device and inode numbers of namespace files. */
export interface Numbering {
  /** One nsfs as Linux has it; or two, as it may come to be, on which inode numbers repeat. */
  readonly devices: "one" | "two";
  readonly nextInode: number;
  /** Inode numbers that were given back, last first: the kernel uses them again at once. */
  readonly free: FreeList;
}
export type FreeList = { readonly inode: number; readonly rest: FreeList } | undefined;

/** A whole machine, immutable: `step` gives a new one that shares whatever did not change. */
export interface World {
  /** The kernel it behaves as, like "6.18". */
  readonly release: string;
  /** Held by memberships, open files, bind mounts, children and owned namespaces. */
  readonly namespaces: CountedMap<NsKey, Namespace>;
  /** The same kind by kind, for those who walk over one. */
  readonly ofKind: Readonly<Record<NamespaceKind, NumberMap<NsKey, true>>>;
  readonly tasks: PersistentMap<TaskName, Task>;
  readonly files: CountedMap<FileKey, OpenFile>;
  readonly tables: CountedMap<TableKey, Table>;
  readonly fss: CountedMap<FsKey, Fs>;
  readonly memories: CountedMap<MemoryKey, Memory>;
  readonly initial: Readonly<Record<NamespaceKind, NsKey>>;
  readonly first: TaskName;
  readonly numbering: Numbering;
  /** The number of the next mount. */
  readonly nextMount: number;
  readonly nextNamespace: number;
  readonly ticks: number;
}
