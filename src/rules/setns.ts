import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
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
  /** Whether another process shares its memory (CLONE_VM). */
  readonly sharesMemory: boolean;
}

/**
 * SETNS for the descriptor of a namespace file: `nstype` guards the kind (0: any), then each kind has its own checks, in
 * the kernel's order. Source: kernel/nsproxy.c setns, and the `install` of each kind.
 */
export function maySetns<N>(view: View<N>, joiner: Joiner<N>, target: N, nstype: number): Outcome<true> {
  if (nstype !== 0 && nstype !== NAMESPACE_KINDS[view.kind(target)].flag) return refused("EINVAL", "nstype-differs");
  return mayInstall(view, joiner, target);
}

function mayInstall<N>(view: View<N>, joiner: Joiner<N>, target: N): Outcome<true> {
  const who = joiner.credentials;
  const kind = view.kind(target);
  if (kind === "user") {
    if (target === who.user) return refused("EINVAL", "user-namespace-is-current");
    if (joiner.threaded) return refused("EINVAL", "other-threads");
    if (joiner.sharesFs) return refused("EINVAL", "shares-root-and-cwd");
    if (!hasCapability(view, who, target, "CAP_SYS_ADMIN")) return refused("EPERM", "no-admin-over-target");
    return ok(true);
  }
  if (kind === "time" && (joiner.threaded || joiner.sharesMemory)) return refused("EUSERS", "shares-memory");
  const owner = view.owner(target);
  if (owner === undefined || !hasCapability(view, who, owner, "CAP_SYS_ADMIN")) {
    return refused("EPERM", "no-admin-over-owner");
  }
  if (kind === "mnt" && !hasCapability(view, who, who.user, "CAP_SYS_CHROOT")) return refused("EPERM", "no-chroot");
  if (!hasCapability(view, who, who.user, "CAP_SYS_ADMIN")) return refused("EPERM", "no-admin-in-own-user-namespace");
  if (kind === "mnt" && joiner.sharesFs) return refused("EINVAL", "shares-root-and-cwd");
  if (kind === "pid" && !isWithin(view, target, joiner.pid)) return refused("EINVAL", "pid-namespace-not-below");
  return ok(true);
}
