import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

/** Who would see namespaces that it is not in. */
export interface Seer<N> {
  readonly credentials: Credentials<N>;
  /** The pid namespace it is in itself. */
  readonly pid: N;
}

/**
 * SEE-ALL: whether a task may walk all namespaces: from the initial pid namespace, with CAP_SYS_ADMIN in the initial user
 * namespace. The walk over mount namespaces asks so since 2026, in the stable kernels from 6.18 on.
 * Source: kernel/nscommon.c may_see_all_namespaces.
 */
export function maySeeAll<N>(view: View<N>, { credentials, pid }: Seer<N>): Outcome<true> {
  if (view.level(pid) !== 0) return refused("EPERM", "not-in-initial-pid-namespace");
  // The initial pid namespace is owned by the initial user namespace.
  const initial = view.owner(pid);
  return initial !== undefined && hasCapability(view, credentials, initial, "CAP_SYS_ADMIN")
    ? ok(true)
    : refused("EPERM", "no-admin-in-initial-user-namespace");
}
