import type { Capability } from "../abi/capabilities.ts";
import type { KernelChange } from "../rules/kernel-changes.ts";

/**
 * In which user namespace a capability counts. initial: the machine's first (`capable`). own: the process's
 * (`ns_capable(current_user_ns())`). resource: the one that owns the namespace in question, or that the process in question
 * is in. above: the parent of the user namespace in question. file: its own, and the file's owner and group must have
 * numbers there (`capable_wrt_inode_uidgid`). file-owner: the same of the owner alone. superblock: the one that the file system
 * was mounted from (`s_user_ns`). net, ipc, pid: the one that owns the process's own namespace of that kind.
 */
export type Governor =
  | "initial"
  | "own"
  | "resource"
  | "above"
  | "file"
  | "file-owner"
  | "superblock"
  | "net"
  | "ipc"
  | "pid";

/** What the kernel asks besides capabilities; `facts.ts` knows how each is told. */
export type Fact =
  | "same-process"
  | "other-process"
  | "kill-same-uid"
  | "trace-same-ids"
  | "trace-no-more-privileged"
  | "attach-same-ids"
  | "attach-no-more-privileged"
  | "trace-dumpable"
  | "has-memory"
  | "yama-lets"
  | "yama-takes-capability"
  | "low-ports-open"
  | "ping-group"
  | "perf-not-paranoid"
  | "perf-not-shut"
  | "dmesg-open"
  | "within-rlimit"
  | "machine-root"
  | "ipc-root"
  | "pid-root"
  | "sysctl-writable"
  | "in-it-or-above"
  | "not-in-it"
  | "single-threaded"
  | "unshared-root"
  | "pid-below"
  | "owns-file"
  | "file-mode-allows"
  | "in-mount-namespace"
  | "mount-unlocked"
  | "mount-flags-unlocked"
  | "setgroups-allowed"
  | "own-ids-mapped"
  | "not-chrooted"
  | "uid-map-empty"
  | "gid-map-empty";

export type Requirement =
  | { readonly capability: Capability; readonly over: Governor }
  | { readonly fact: Fact }
  /** Of kernels with a change; `before`: of those without, which let nobody where it is absent. */
  | { readonly change: KernelChange; readonly needs: Requirement; readonly before?: Requirement }
  | { readonly all: readonly Requirement[] }
  | { readonly any: readonly Requirement[] };

export const cap = (capability: Capability, over: Governor): Requirement => ({ capability, over });
export const fact = (name: Fact): Requirement => ({ fact: name });
export const all = (...all: Requirement[]): Requirement => ({ all });
export const any = (...any: Requirement[]): Requirement => ({ any });
/** What nobody meets. */
export const nobody = any();
export const from = (change: KernelChange, needs: Requirement, before?: Requirement): Requirement => ({
  change,
  needs,
  ...(before !== undefined && { before }),
});
/** checkpoint_restore_ns_capable. */
export const restore = (over: Governor): Requirement =>
  any(from("checkpoint-restore-apart", cap("CAP_CHECKPOINT_RESTORE", over)), cap("CAP_SYS_ADMIN", over));
