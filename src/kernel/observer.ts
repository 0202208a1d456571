import type {
  AnySocket,
  DescriptorScan,
  SocketAnswer,
  SocketPlace,
  TaskNumber,
  TaskPlace,
  ThreadScan,
} from "./hanging.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { LinkColumn } from "./link-column.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Entrance, MountView, ShownTable } from "./mounting.ts";
import type { NsFile, PidTranslation } from "./ns-file.ts";

export type { LinkColumn, NsFile, PidTranslation };

/** What a scan of /proc reads besides the links. */
export interface ScanWish {
  /** Of all; or of those, at least, that are in a namespace which no process with a lower pid is in. */
  readonly commandLines: boolean | "first";
  readonly cgroups: boolean;
  /**
   * Take device and inode of every link by stat, not from its text. Needed where namespace files lie on more than one
   * device; about twice as slow.
   */
  readonly everyDevice: boolean;
  /**
   * Whether pids of this /proc are those of the observer's own pid namespace: only then tables of descriptors can be
   * compared between threads.
   */
  readonly ownPids?: boolean;
  /** So many threads besides their leaders are looked at; none without. */
  readonly threads?: number;
  /** So many descriptors; none without. */
  readonly descriptors?: number;
  /** These processes alone, in ascending order; all without. One that is not there counts as vanished. */
  readonly pids?: Int32Array;
}

/**
 * Every process of one look at /proc, in columns: row `i` of each column is the i-th process, by ascending pid. A process
 * that ended while it was read is in `vanished` and has no row; one whose links were refused has a row and errnos.
 */
export interface ProcessScan {
  readonly count: number;
  readonly pid: Int32Array;
  readonly ppid: Int32Array;
  /**
   * Owner of /proc/PID: the effective uid, whether the process is dumpable or not (only the files below turn root's).
   * Source: fs/proc/base.c task_dump_owner; measured.
   */
  readonly uid: Uint32Array;
  /** Clock ticks since boot, exact below 2^53. */
  readonly startTime: Float64Array;
  /** Process flags (PF_*) of /proc/PID/stat. */
  readonly flags: Uint32Array;
  /** The state letter of /proc/PID/stat, as its character code. */
  readonly state: Uint8Array;
  readonly links: Readonly<Record<ProcLink, LinkColumn>>;
  /** The same number for processes whose links all say the same; they count from 0, in the order of rows. */
  readonly linkSet: Uint32Array;
  /**
   * The inode number of each /proc/PID, which no other process's folder gets: what `sameStill` goes by. Undefined where the
   * kernel has no such numbers (the model).
   */
  readonly folder?: Float64Array;
  /** How many threads each has, itself included. */
  readonly threadCount: Uint32Array;
  /** Where threads were wished for. */
  readonly threads?: ThreadScan;
  /** Where descriptors were wished for. */
  readonly descriptors?: DescriptorScan;
  /** At most 15 bytes, a kernel worker's at most 63; undecodable ones replaced. */
  comm(row: number): string;
  /**
   * Arguments, or undefined where they were not asked for or could not be read. A kernel thread has none. The running kernel's
   * are cut off after 64 KiB.
   */
  commandLine(row: number): readonly string[] | undefined;
  /** The text of /proc/PID/cgroup, or undefined where it was not asked for or could not be read. */
  cgroup(row: number): string | undefined;
  /** Processes that ended while they were read. */
  readonly vanished: number;
  /** Processes whose own files (not links) were refused: how often each errno. They have no row. */
  readonly refused: ReadonlyMap<number, number>;
}

/** A file's name, and the device and inode behind it, as far as a look without opening shows. */
export interface FileLook {
  readonly id: NamespaceId;
  /** Whether it is a namespace file: statfs says nsfs. */
  readonly isNamespace: boolean;
  readonly type: "file" | "directory" | "fifo" | "socket" | "device" | "other";
}

/** A link of a process: `/proc/PID/ns/LINK`. */
export interface LinkPlace {
  readonly pid: number;
  readonly link: ProcLink;
}

/** Processes of a scan, by row, and for each the links that are in question: `1 << n` for the n-th of LINKS. */
export interface InQuestion {
  readonly rows: Uint32Array;
  readonly links: Uint16Array;
}

/** Who looks: everything that decides how much there is to see. */
export interface Observing {
  /** The observer's pid in its own pid namespace. */
  readonly pid: number;
  readonly uid: { readonly real: number; readonly effective: number };
  readonly gid: { readonly real: number; readonly effective: number };
  /** The effective capability set, relative to its own user namespace; undefined where it cannot be read. */
  readonly capabilities: bigint | undefined;
  readonly kernel: { readonly name: string; readonly release: string; readonly machine: string };
}

/**
 * Everything discovery asks. The running kernel, the model and recorded evidence answer alike: paths are those of the
 * observer's own mount namespace, and `/proc` is where `procRoot` says.
 */
export interface Observer {
  readonly source: "live" | "model" | "replay";
  /** The folder that stands for /proc. */
  readonly procRoot: string;
  who(): Observing;
  /** ENOENT: there is no such /proc; others as openat(2). */
  scan(wish: ScanWish): Promise<Outcome<ProcessScan>>;
  /** What a path leads to, without opening it for reading: O_PATH and fstat, so nothing blocks. */
  look(path: string): Outcome<FileLook>;
  /**
   * Opens a namespace file for questions. ENOTTY: it is there and no namespace file (a folder, a FIFO, a device are
   * looked at and never opened). EACCES, ENOENT, ESRCH as openat(2).
   */
  open(path: string): Outcome<NsFile>;
  /**
   * Opens links of processes as `open` does, many at once, and gives an answer for each. The caller ends what opened. A file
   * opened so has asked what discovery wants to know of it.
   */
  openLinks(places: readonly LinkPlace[]): Promise<readonly Outcome<NsFile>[]>;
  /**
   * Whether each process is the one that the scan saw, and the links in question show what they showed then: 1, or 0 where
   * that is not certain, and has to be seen by another scan.
   */
  sameStill(scan: ProcessScan, question: InQuestion): Promise<Uint8Array>;
  /** The whole text of a small file, such as /proc/PID/uid_map. */
  read(path: string): Outcome<string>;
  /** The names in a folder, sorted. */
  names(path: string): Outcome<readonly string[]>;
  /**
   * The network namespaces that sockets of a task were made in, one answer each. The task is numbered as the observer's own
   * pid namespace does, here and below. Each socket is taken over by pidfd_getfd(2), asked by SIOCGSKNS and given back at
   * once. ESRCH: the task has ended; EBADF: the socket was closed, and nothing or something else is open there; EPERM: the
   * observer may not trace the process (PTRACE_MODE_ATTACH_REALCREDS), or lacks CAP_NET_ADMIN over the namespace and
   * SO_NETNS_COOKIE did not tell either. Since Linux 5.6.
   */
  askSockets(task: TaskNumber, sockets: readonly SocketPlace[]): readonly Outcome<SocketAnswer>[];
  /** The namespace of one of them, opened; the caller ends it. Refused as above, by EPERM for lack of CAP_NET_ADMIN too. */
  openSocketNamespace(task: TaskNumber, socket: AnySocket): Outcome<NsFile>;
  /**
   * The pid namespace that a task has for its children, also where that has no process yet and the link does not open. The
   * caller ends it. ESRCH: the task has ended. ENOTTY before Linux 6.11. Source: PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE.
   */
  openPidForChildren(task: TaskPlace): Outcome<NsFile>;
  /**
   * The ids of namespaces of one kind that the kernel shows the observer, smallest first: those beyond `after`, at most
   * `atMost`. ENOENT: there are none beyond. ENOSYS before Linux 6.19. EOPNOTSUPP: the kernel has no such kind.
   * Source: listns(2), kernel/nstree.c.
   */
  listNamespaces(wish: { kind: NamespaceKind; after: bigint; atMost: number }): Outcome<readonly bigint[]>;
  /**
   * A listed namespace by its id alone, opened; the caller ends it. ESTALE: it has ended, or is not for the observer to see.
   * Since Linux 6.19. Source: open_by_handle_at(2), fs/nsfs.c nsfs_fh_to_dentry.
   */
  openById(id: { kind: NamespaceKind; uniqueId: bigint }): Outcome<NsFile>;
  /** What a process (numbered as in the /proc of this observer) sees mounted; without a number, what the observer sees. */
  mountView(pid?: number): MountView;
  /**
   * What many processes see mounted, each of them in another mount namespace, at once. Refused where a process has another root
   * (ENODATA) or is elsewhere by now (ESRCH), and by an observer that reads tables one by one (ENOSYS).
   */
  mountTables(pids: Int32Array): Promise<readonly Outcome<ShownTable>[]>;
  /** Processes of ours that enter namespaces; the caller ends it. ENOSYS: the observer has none to send. */
  openEntrance(): Outcome<Entrance>;
}
