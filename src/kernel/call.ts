import type { NamespaceId } from "../abi/ids.ts";
import type { NsfsIoctl, PidfdIoctl } from "../abi/ioctls.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { Clone3Arguments } from "../rules/clone3-arguments.ts";

declare const brand: unique symbol;
/** A task's name in a world: chosen by whoever clones it, the same on every kernel, so that answers can be compared. */
export type TaskName = string & { readonly [brand]: "TaskName" };
export const taskName = (name: string): TaskName => name as TaskName;

/** The ioctls of namespace files that tasks can make; those that walk mounts are not among them yet. */
export type RelationIoctl = Exclude<NsfsIoctl, `NS_MNT_${string}`>;

/** The ioctls of pidfds that give a namespace. */
export type PidfdNamespaceIoctl = Exclude<PidfdIoctl, "PIDFD_GET_INFO">;

/** What setresuid(2) and setresgid(2) take, as the caller's user namespace numbers ids. */
export interface ThreeIds {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
}
/** The same id for all three. */
export const allIds = (id: number): ThreeIds => ({ real: id, effective: id, saved: id });

/** Numbers under /proc/sys: of the caller's own user namespace, and of its own pid namespace. */
export type SysctlName = `max_${NamespaceKind}_namespaces` | "pid_max";

/** One system call by one task. Each stands for the call of its name in section 2 of the manual. */
export type Call =
  /** openat(2) of /proc/PID/ns/LINK, O_RDONLY | O_CLOEXEC; `of` may be the caller itself. Gives a descriptor. */
  | { readonly op: "open"; readonly of: TaskName; readonly link: ProcLink }
  | { readonly op: "close"; readonly fd: number }
  /** fstat(2): the namespace behind a descriptor. */
  | { readonly op: "fstat"; readonly fd: number }
  /** ioctl(2) on a namespace file; `argument` is the pid that the translations take. */
  | { readonly op: "ioctl"; readonly fd: number; readonly request: RelationIoctl; readonly argument?: number }
  /** fcntl(2). */
  | { readonly op: "fcntl"; readonly fd: number; readonly command: "F_GETFD" | "F_GETFL" }
  /** setns(2), with the descriptor of a namespace file or a pidfd. */
  | { readonly op: "setns"; readonly fd: number; readonly nstype: number }
  /** pidfd_open(2). `number`: a pid as it is, where `of` names no task. */
  | { readonly op: "pidfd_open"; readonly of: TaskName | { readonly number: number }; readonly flags: number }
  /** ioctl(2) on a pidfd, for one of the process's namespaces. */
  | {
      readonly op: "pidfd-ioctl";
      readonly fd: number;
      readonly request: PidfdNamespaceIoctl;
      readonly argument?: number;
    }
  /** dup(2). */
  | { readonly op: "dup"; readonly fd: number }
  /** open(2) of something that is no namespace: /dev/null, /, a pipe, a socket. */
  | { readonly op: "open-other"; readonly what: "null" | "directory" | "pipe" | "socket" }
  | { readonly op: "unshare"; readonly flags: number }
  /**
   * clone3(2), of a process or a thread. Gives its number as the caller sees it; with CLONE_VFORK the caller makes no
   * further call before the child has ended or executed a program.
   */
  | { readonly op: "clone"; readonly flags: number; readonly as: TaskName; readonly args?: Clone3Arguments }
  /** clone(2), the older call: the low byte of the flags is the signal at the child's end. */
  | { readonly op: "legacy-clone"; readonly flags: number; readonly as: TaskName }
  /** open, read and close of a number under /proc/sys. */
  | { readonly op: "read-sysctl"; readonly name: SysctlName }
  /** open, one write and close of it. Gives the bytes written. */
  | { readonly op: "write-sysctl"; readonly name: SysctlName; readonly text: string }
  /** open, write and close of a file that /proc/PID has for its user namespace. Gives the bytes written. */
  | {
      readonly op: "write";
      readonly of: TaskName;
      readonly file: "uid_map" | "gid_map" | "setgroups";
      readonly text: string;
    }
  /** mount(2) of a namespace file over a path, MS_BIND; on the running kernel the file is made where it is missing. */
  | { readonly op: "bind"; readonly fd: number; readonly path: string }
  /** umount2(2), MNT_DETACH. */
  | { readonly op: "unbind"; readonly path: string }
  /** prctl(2), PR_SET_DUMPABLE. */
  | { readonly op: "set-dumpable"; readonly dumpable: boolean }
  /** capset(2) of the effective and permitted sets; the inheritable one is emptied. */
  | { readonly op: "capset"; readonly effective: bigint; readonly permitted: bigint }
  | { readonly op: "setresuid"; readonly ids: ThreeIds }
  | { readonly op: "setresgid"; readonly ids: ThreeIds }
  /** chroot(2). */
  | { readonly op: "chroot"; readonly path: string }
  /** The end of one thread alone, _exit(2) as the kernel has it. */
  | { readonly op: "exit-thread" }
  /** exit_group(2). The task is a zombie until its parent waits for it. */
  | { readonly op: "exit" }
  /** wait4(2) for one child that has ended. */
  | { readonly op: "wait"; readonly child: TaskName };

export type CallName = Call["op"];

/** What a call gives back where it succeeds: a number as the kernel returns it, a 64-bit number, or a namespace. */
export type Value = number | bigint | { readonly namespace: NamespaceId };
