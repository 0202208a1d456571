import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { LinkColumn } from "./link-column.ts";

/** What came of looking at what hangs from processes. None of it is in another of these counts. */
export interface Looked {
  readonly seen: number;
  readonly vanished: number;
  /** There were more than was wished for. */
  readonly skipped: number;
  /** How often each errno. */
  readonly refused: ReadonlyMap<number, number>;
}

/**
 * The threads of all processes, their leaders left out; `seen` counts threads. Only those have a row that are in other
 * namespaces than their leader, or have a pid namespace for their children that has no process yet where the leader has
 * none. Processes are looked at as long as all their threads fit into what is left of the number wished for.
 */
export interface ThreadScan extends Looked {
  readonly count: number;
  /** The row of the process. */
  readonly row: Uint32Array;
  readonly tid: Int32Array;
  /** Clock ticks since boot. */
  readonly startTime: Float64Array;
  /** All ten, whether they differ or not. */
  readonly links: Readonly<Record<ProcLink, LinkColumn>>;
  comm(row: number): string;
}

/** What an open descriptor leads to; `namespace`: it was opened through a bind mount, which does not tell the kind. */
export type DescriptorTarget = NamespaceKind | "namespace" | "socket" | "pidfd";

/**
 * The descriptors of all processes that lead to namespaces, sockets and processes. `seen` counts tables of descriptors,
 * `vanished` tables and descriptors that went meanwhile, `skipped` tables: once so many descriptors as were wished for have
 * been looked at, no further table is. A thread's table has rows where it is not its leader's, as far as kcmp(2) tells.
 */
export interface DescriptorScan extends Looked {
  readonly count: number;
  /** The row of the process. */
  readonly row: Uint32Array;
  /** The thread whose table it is in; 0: the process's own. */
  readonly tid: Int32Array;
  readonly fd: Int32Array;
  what(row: number): DescriptorTarget;
  /** Of a namespace or socket. */
  readonly inode: Float64Array;
  /** `st_dev` of a namespace, where `everyDevice` was asked for. */
  readonly device?: Float64Array;
  /** As open(2) has them; -1: not read, as of sockets. */
  readonly flags: Int32Array;
  /** Of a pidfd: the process's number; 0: none in the pid namespace of this /proc; -1: it was waited for. */
  readonly target: Int32Array;
}

/** A process or, with `tid`, a further thread of it, as a scan found it. */
export interface TaskNumber {
  readonly pid: number;
  readonly tid?: number;
}
/** With the task's own start time another that got its number meanwhile is told apart. */
export interface TaskPlace extends TaskNumber {
  readonly startTime: number;
}

/** A socket of a process, as a scan found it. */
export interface SocketPlace {
  readonly fd: number;
  readonly inode: number;
}
/** Without its inode number: whichever socket is there. */
export type AnySocket = Pick<SocketPlace, "fd"> & Partial<SocketPlace>;

/** The network namespace of a socket: by device and inode or, where the kernel tells the observer no more, its 64-bit id. */
export interface SocketAnswer {
  readonly namespace: NamespaceId | { readonly uniqueId: bigint };
  /** Descriptors that were sent to it (SCM_RIGHTS) and not received yet. */
  readonly inFlight: number;
}
