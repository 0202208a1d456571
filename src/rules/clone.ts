import { CLONE_FLAGS } from "../abi/constants.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { wants } from "./unshare.ts";

/** The part of the flags that is the exit signal in clone(2); in clone3(2) CLONE_NEWTIME alone may lie there. */
export const CSIGNAL = 0xff;
const { CLONE_VM, CLONE_FS, CLONE_SIGHAND, CLONE_PARENT, CLONE_THREAD, CLONE_SYSVSEM, CLONE_DETACHED } = CLONE_FLAGS;
const { CLONE_PIDFD, CLONE_PARENT_SETTID } = CLONE_FLAGS;
/** clone3 takes all of the 32 old flags, and these bits above them, here without the 32 below. */
const KNOWN_HIGH = 0b11;
const CLEAR_SIGHAND_HIGH = 0b01;
const INTO_CGROUP_HIGH = 0b10;
const TWO_32 = 2 ** 32;

/** What decides over a clone besides its flags. */
export interface Cloner {
  /** Whether the caller's children go to another pid namespace than its own. */
  readonly childrenElsewhere: boolean;
  /** Whether it belongs to the first process of its pid namespace. */
  readonly isInit: boolean;
  /** Whether its children go to another time namespace than its own, and the kernel minds where they share memory. */
  readonly timeMustBeOwn: boolean;
  /** Whether a pidfd may be of a thread. */
  readonly threadsHavePidfds: boolean;
}

const all = (flags: number, wanted: number): boolean => (flags & wanted) === wanted;
const any = (flags: number, wanted: number): boolean => (flags & wanted) !== 0;

/**
 * CLONE3, what it does not take that clone(2) takes or never hears of: all EINVAL. `makesTime`: whether it knows
 * CLONE_NEWTIME. Source: kernel/fork.c clone3_args_valid.
 */
export function mayClone3Flags(
  flags: number,
  { exitSignal, makesTime }: { readonly exitSignal: number; readonly makesTime: boolean },
): Outcome<true> {
  const high = Math.floor(flags / TWO_32);
  if ((high & ~KNOWN_HIGH) !== 0) return refused("EINVAL", "unknown-flag");
  const reserved = makesTime ? CSIGNAL & ~NAMESPACE_KINDS.time.flag : CSIGNAL;
  if (any(flags, CLONE_DETACHED | reserved)) return refused("EINVAL", "unknown-flag");
  if (all(flags, CLONE_SIGHAND) && (high & CLEAR_SIGHAND_HIGH) !== 0) {
    return refused("EINVAL", "flags-exclude-each-other");
  }
  if (any(flags, CLONE_THREAD | CLONE_PARENT) && exitSignal !== 0) return refused("EINVAL", "exit-signal-inherited");
  return ok(true);
}

/** Whether the calls ask for a child in another cgroup. Since Linux 5.7. */
export const wantsCgroup = (flags: number): boolean => (Math.floor(flags / TWO_32) & INTO_CGROUP_HIGH) !== 0;

/** What both calls ask first: two numbers at one address. Source: kernel/fork.c kernel_clone. */
export function mayStoreNumbers(flags: number, { pidfdAtNull }: { readonly pidfdAtNull: boolean }): Outcome<true> {
  if (all(flags, CLONE_PIDFD | CLONE_PARENT_SETTID) && pidfdAtNull) return refused("EINVAL", "one-address-for-two");
  return ok(true);
}

/** What is asked once the child has its numbers. Source: kernel/fork.c copy_process, kernel/cgroup/cgroup.c. */
export function mayFinish(flags: number, { pidfdAtNull }: { readonly pidfdAtNull: boolean }): Outcome<true> {
  if (all(flags, CLONE_PIDFD) && pidfdAtNull) return refused("EFAULT", "bad-address");
  // No descriptor of the model leads to a folder of cgroups.
  return wantsCgroup(flags) ? refused("EBADF", "not-a-cgroup") : ok(true);
}

/** The flags that do not go together, in either call: all EINVAL. Source: kernel/fork.c copy_process. */
export function mayCombine(flags: number, cloner: Cloner): Outcome<true> {
  if (wants(flags, "mnt") && all(flags, CLONE_FS)) return refused("EINVAL", "flags-exclude-each-other");
  if (wants(flags, "user") && all(flags, CLONE_FS)) return refused("EINVAL", "flags-exclude-each-other");
  if (all(flags, CLONE_THREAD) && !all(flags, CLONE_SIGHAND)) return refused("EINVAL", "flag-needs-another");
  if (all(flags, CLONE_SIGHAND) && !all(flags, CLONE_VM)) return refused("EINVAL", "flag-needs-another");
  if (all(flags, CLONE_PARENT) && cloner.isInit) return refused("EINVAL", "init-has-no-siblings");
  if (all(flags, CLONE_THREAD)) {
    if (wants(flags, "user") || wants(flags, "pid")) return refused("EINVAL", "flags-exclude-each-other");
    if (cloner.childrenElsewhere) return refused("EINVAL", "pid-for-children-pending");
  }
  if (any(flags, CLONE_THREAD | CLONE_VM) && cloner.timeMustBeOwn)
    return refused("EINVAL", "time-for-children-pending");
  if (all(flags, CLONE_PIDFD)) {
    if (all(flags, CLONE_DETACHED)) return refused("EINVAL", "flags-exclude-each-other");
    if (all(flags, CLONE_THREAD) && !cloner.threadsHavePidfds) return refused("EINVAL", "flags-exclude-each-other");
  }
  return ok(true);
}

/** The check between the capability and the making, of clone alone. Source: kernel/nsproxy.c copy_namespaces. */
export function mayShareSemaphores(flags: number): Outcome<true> {
  if (wants(flags, "ipc") && all(flags, CLONE_SYSVSEM)) return refused("EINVAL", "flags-exclude-each-other");
  return ok(true);
}
