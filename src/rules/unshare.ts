import { CLONE_FLAGS } from "../abi/constants.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { isWithin, type Credentials, type View } from "./view.ts";

/** A task that would make namespaces. */
export interface Creator<N> {
  readonly credentials: Credentials<N>;
  readonly pid: N;
  readonly pidForChildren: N;
  readonly threaded: boolean;
  /** Whether another task that has not ended shares its memory: a thread of its own, or a process (CLONE_VM). */
  readonly sharesMemory: boolean;
  /** Whether its root is another folder than that of the mount namespace it lies in. */
  readonly chrooted: boolean;
  /** Whether that mount namespace is another than its own. */
  readonly rootElsewhere: boolean;
  /** Whether its effective uid and gid have numbers in its user namespace. */
  readonly idsMapped: boolean;
}

/** User namespaces nest this many levels below the initial one, pid namespaces one less. Measured; ENOSPC since 4.9. */
export const MAX_USER_LEVEL = 33;
export const MAX_PID_LEVEL = 32;

/** The order in which one call makes several kinds; the user namespace comes before all. Source: create_new_namespaces. */
export const CREATION_ORDER = ["mnt", "uts", "ipc", "pid", "cgroup", "net", "time"] as const satisfies NamespaceKind[];

export const ALL_NEW_FLAGS: number = KINDS.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);
export const wants = (flags: number, kind: NamespaceKind): boolean => (flags & NAMESPACE_KINDS[kind].flag) !== 0;

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD, CLONE_SYSVSEM } = CLONE_FLAGS;
const NEEDS_SINGLE_THREAD = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
const UNSHARABLE = NEEDS_SINGLE_THREAD | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | ALL_NEW_FLAGS;

/** UNSHARE, its first checks: the flags alone, and the threads. Source: kernel/fork.c ksys_unshare, check_unshare_flags. */
export function mayUnshareFlags<N>(creator: Creator<N>, flags: number): Outcome<true> {
  if ((flags & ~UNSHARABLE) !== 0) return refused("EINVAL", "unknown-flag");
  const alone = wants(flags, "user") || (flags & NEEDS_SINGLE_THREAD) !== 0;
  if (creator.threaded && alone) return refused("EINVAL", "other-threads");
  if (creator.sharesMemory && (flags & CLONE_VM) !== 0) return refused("EINVAL", "shares-memory");
  return ok(true);
}

/** Whether a task's user namespace may have one more below it. Source: kernel/user_namespace.c create_user_ns. */
export function mayNestUser<N>(view: View<N>, { credentials }: Creator<N>): Outcome<true> {
  if (view.level(credentials.user) >= MAX_USER_LEVEL) return refused("ENOSPC", "user-namespaces-too-deep");
  return ok(true);
}

/**
 * Whether a task may make a user namespace, once its limit permits: its root must be that of its own mount namespace.
 * Source: kernel/user_namespace.c create_user_ns, fs/namespace.c current_chrooted.
 */
export function mayCreateUser<N>(creator: Creator<N>): Outcome<true> {
  if (creator.rootElsewhere) return refused("EPERM", "root-elsewhere");
  if (creator.chrooted) return refused("EPERM", "chrooted");
  if (!creator.idsMapped) return refused("EPERM", "own-ids-unmapped");
  return ok(true);
}

/** Whether a task may make namespaces of other kinds, once the user namespace to own them is there. */
export function mayCreate<N>(view: View<N>, creator: Creator<N>, owner: N): Outcome<true> {
  // Over a user namespace made by the same call it has every capability: it made it.
  if (hasCapability(view, creator.credentials, owner, "CAP_SYS_ADMIN")) return ok(true);
  return refused("EPERM", "no-admin-in-own-user-namespace");
}

/** Whether a pid namespace may be made below the active one. Source: kernel/pid_namespace.c create_pid_namespace. */
export function mayCreatePid<N>(view: View<N>, creator: Creator<N>, owner: N): Outcome<true> {
  if (creator.pidForChildren !== creator.pid) return refused("EINVAL", "pid-for-children-pending");
  const parentOwner = view.owner(creator.pid);
  if (parentOwner === undefined || !isWithin(view, owner, parentOwner)) {
    return refused("EINVAL", "owner-not-below-owner-of-parent");
  }
  if (view.level(creator.pid) >= MAX_PID_LEVEL) return refused("ENOSPC", "pid-namespaces-too-deep");
  return ok(true);
}
