import { CLONE_FLAGS } from "../abi/constants.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { ALL_NEW_FLAGS, wants } from "./unshare.ts";

/** The part of the flags that is the exit signal in clone(2); in clone3(2) CLONE_NEWTIME alone may lie there. */
const CSIGNAL = 0xff;
const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_VFORK, CLONE_PARENT, CLONE_THREAD, CLONE_SYSVSEM } =
  CLONE_FLAGS;
/** The flags that the model carries out; clone3 knows more, which have nothing to do with namespaces. */
const KNOWN =
  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM;

/** What decides over a clone besides its flags. */
export interface Cloner {
  /** Whether the caller's children go to another pid namespace than its own. */
  readonly childrenElsewhere: boolean;
  /** Whether it is the first process of its pid namespace. */
  readonly isInit: boolean;
}

const all = (flags: number, wanted: number): boolean => (flags & wanted) === wanted;

/**
 * CLONE3, the checks of the flags alone and of their combinations: every refusal is EINVAL.
 * Source: kernel/fork.c clone3_args_valid, copy_process.
 */
export function mayCloneFlags(flags: number, cloner: Cloner): Outcome<true> {
  if ((flags & CSIGNAL & ~NAMESPACE_KINDS.time.flag) !== 0 || (flags & ~(KNOWN | ALL_NEW_FLAGS)) !== 0) {
    return refused("EINVAL", "unknown-flag");
  }
  if (wants(flags, "mnt") && all(flags, CLONE_FS)) return refused("EINVAL", "flags-exclude-each-other");
  if (wants(flags, "user") && all(flags, CLONE_FS)) return refused("EINVAL", "flags-exclude-each-other");
  if (all(flags, CLONE_THREAD) && !all(flags, CLONE_SIGHAND)) return refused("EINVAL", "flag-needs-another");
  if (all(flags, CLONE_SIGHAND) && !all(flags, CLONE_VM)) return refused("EINVAL", "flag-needs-another");
  if (all(flags, CLONE_PARENT) && cloner.isInit) return refused("EINVAL", "init-has-no-siblings");
  if (all(flags, CLONE_THREAD)) {
    if (wants(flags, "user") || wants(flags, "pid")) return refused("EINVAL", "flags-exclude-each-other");
    if (cloner.childrenElsewhere) return refused("EINVAL", "pid-for-children-pending");
  }
  return ok(true);
}

/** The check between the capability and the making. Source: kernel/nsproxy.c copy_namespaces. */
export function mayShareSemaphores(flags: number): Outcome<true> {
  if (wants(flags, "ipc") && all(flags, CLONE_SYSVSEM)) return refused("EINVAL", "flags-exclude-each-other");
  return ok(true);
}
