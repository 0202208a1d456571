import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { hasCapability } from "./has-capability.ts";
import { mayRead, type ReadTarget } from "./may-read.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { ALL_NEW_FLAGS, wants } from "./unshare.ts";
import { isWithin, type Credentials, type View } from "./view.ts";

/** A task that would join a namespace. */
export interface Joiner<N> {
  readonly credentials: Credentials<N>;
  /** The pid namespace it is in itself. */
  readonly pid: N;
  /** Whether its thread group has other threads. */
  readonly threaded: boolean;
  /** Whether another task shares its root and working directory (CLONE_FS). */
  readonly sharesFs: boolean;
  /** Whether that is in the way of a mount namespace in any company, not only where it is joined alone. Linux 7.3. */
  readonly strictFs?: boolean;
  /** Whether another task that has not ended shares its memory: a thread of its own, or a process (CLONE_VM). */
  readonly sharesMemory: boolean;
}

/**
 * SETNS for the descriptor of a namespace file: `nstype` guards the kind (0: any), then each kind has its own checks, in
 * the kernel's order. Source: kernel/nsproxy.c setns, and the `install` of each kind.
 */
export function maySetns<N>(view: View<N>, joiner: Joiner<N>, target: N, nstype: number): Outcome<true> {
  if (nstype !== 0 && nstype !== NAMESPACE_KINDS[view.kind(target)].flag) return refused("EINVAL", "nstype-differs");
  return mayInstall(view, joiner, { target, own: joiner.credentials.user, alone: true });
}

/** The process behind a pidfd, as the one to follow. */
export interface Followed<N> {
  readonly read: ReadTarget<N>;
  /** Its namespaces by kind: the pid and time namespaces it is in itself. Undefined where it has left them (a zombie). */
  readonly namespaces: Readonly<Record<NamespaceKind, N>> | undefined;
}

/** The order in which one call joins several kinds. Source: kernel/nsproxy.c validate_nsset. */
export const JOIN_ORDER = [
  "user",
  "mnt",
  "uts",
  "ipc",
  "pid",
  "cgroup",
  "net",
  "time",
] as const satisfies NamespaceKind[];

/** A pidfd's nstype is a set of kinds: at least one, and nothing else. Since Linux 5.8. */
export function mayFollowFlags(nstype: number): Outcome<true> {
  return nstype !== 0 && (nstype & ~ALL_NEW_FLAGS) === 0 ? ok(true) : refused("EINVAL", "not-a-set-of-kinds");
}

/**
 * SETNS for a pidfd of a process that has not been waited for: all of the kinds, or none.
 * Source: kernel/nsproxy.c validate_nsset.
 */
export function maySetnsPidfd<N>(
  view: View<N>,
  joiner: Joiner<N>,
  { read, namespaces }: Followed<N>,
  nstype: number,
): Outcome<true> {
  const readable = mayRead(view, joiner.credentials, read, "real");
  // The same check as that of /proc has another errno here.
  if (!readable.ok) return refused("EPERM", readable.reason);
  if (namespaces === undefined) return refused("ESRCH", "process-has-exited");
  const own = wants(nstype, "user") ? namespaces.user : joiner.credentials.user;
  const alone = KINDS.filter((kind) => wants(nstype, kind)).length === 1;
  for (const kind of JOIN_ORDER) {
    if (!wants(nstype, kind)) continue;
    const may = mayInstall(view, joiner, { target: namespaces[kind], own, alone });
    if (!may.ok) return may;
  }
  return ok(true);
}

/** One kind of a call. */
interface Installation<N> {
  readonly target: N;
  /** The user namespace that counts as the caller's own: the one it joins by the same call, where it does. */
  readonly own: N;
  /** Whether the call asks for this kind alone: joined with others, it works on a copy of root and working directory. */
  readonly alone: boolean;
}

function mayInstall<N>(view: View<N>, joiner: Joiner<N>, { target, own, alone }: Installation<N>): Outcome<true> {
  const who = joiner.credentials;
  const kind = view.kind(target);
  if (kind === "user") {
    if (target === who.user) return refused("EINVAL", "user-namespace-is-current");
    if (joiner.threaded) return refused("EINVAL", "other-threads");
    if (joiner.sharesFs) return refused("EINVAL", "shares-root-and-cwd");
    if (!hasCapability(view, who, target, "CAP_SYS_ADMIN")) return refused("EPERM", "no-admin-over-target");
    return ok(true);
  }
  if (kind === "time" && joiner.sharesMemory) return refused("EUSERS", "shares-memory");
  const owner = view.owner(target);
  if (owner === undefined || !hasCapability(view, who, owner, "CAP_SYS_ADMIN")) {
    return refused("EPERM", "no-admin-over-owner");
  }
  if (kind === "mnt" && !hasCapability(view, who, own, "CAP_SYS_CHROOT")) return refused("EPERM", "no-chroot");
  if (!hasCapability(view, who, own, "CAP_SYS_ADMIN")) return refused("EPERM", "no-admin-in-own-user-namespace");
  if (kind === "mnt" && (alone || joiner.strictFs === true) && joiner.sharesFs)
    return refused("EINVAL", "shares-root-and-cwd");
  if (kind === "pid" && !isWithin(view, target, joiner.pid)) return refused("EINVAL", "pid-namespace-not-below");
  return ok(true);
}
