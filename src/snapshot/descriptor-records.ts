import type { NamespaceId } from "../abi/ids.ts";

/**
 * An open descriptor that keeps a namespace alive. A table that several processes share (CLONE_FILES) is told at each of
 * them; the threads of one process that share theirs have it told once, at the process.
 */
export type DescriptorRecord = NamespaceDescriptor | SocketDescriptor | PidfdDescriptor;

interface DescriptorPlace {
  readonly pid: number;
  /** The thread whose table it is in: it has one of its own, or its leader has ended. */
  readonly tid?: number;
  readonly fd: number;
  /** Whether execve(2) closes it: one that it does not close may be inherited by accident. Absent where not read. */
  readonly closeOnExec?: boolean;
}
/** Of a namespace's file. */
export interface NamespaceDescriptor extends DescriptorPlace {
  readonly what: "namespace";
  readonly namespace: NamespaceId;
}
/** A socket of another network namespace than its process is in, or one that descriptors are under way to. */
export interface SocketDescriptor extends DescriptorPlace {
  readonly what: "socket";
  /** The network namespace that it was made in; absent where the kernel did not say. */
  readonly namespace?: NamespaceId;
  /** Descriptors that were sent to it (SCM_RIGHTS) and not received yet. What they hold cannot be seen. */
  readonly inFlight?: number;
}
/**
 * A process's own descriptor. It keeps the process's pid namespace, also after the process has ended and was waited for; no
 * call tells which one that was then. Measured on Linux 6.18; kernel/pid.c put_pid.
 */
export interface PidfdDescriptor extends DescriptorPlace {
  readonly what: "pidfd";
  /** The process or thread; or why it has no number: it was waited for, or is none of the pid namespace of this /proc. */
  readonly target: number | "ended" | "outside";
  /** The pid namespace that the target is in itself; absent where that could not be read. */
  readonly namespace?: NamespaceId;
}
