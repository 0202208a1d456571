import { nests } from "../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { isWithin, type View } from "./view.ts";

/** Where a caller stands, as far as relations between namespaces are concerned. */
export interface Standpoint<N> {
  /** Its current user namespace. */
  readonly user: N;
  /** The pid namespace it is in itself (not the one for its children). */
  readonly pid: N;
}

/**
 * OWNER: the user namespace that owns `ns`, for a caller. Capabilities and uids do not matter, only where the caller is.
 * The initial user namespace has no case of its own: its owner is nothing, and nothing is within anyone's view.
 * Source: fs/nsfs.c ns_ioctl, kernel/user_namespace.c ns_get_owner.
 */
export function ownerOf<N>(view: View<N>, caller: Standpoint<N>, ns: N): Outcome<N> {
  const owner = view.owner(ns);
  if (owner === undefined || !isWithin(view, owner, caller.user)) return refused("EPERM", "owner-outside-view");
  return ok(owner);
}

/**
 * PARENT: the parent of `ns`, for a caller. For a user namespace it is the same question as OWNER.
 * Source: fs/nsfs.c ns_ioctl, kernel/pid_namespace.c pidns_get_parent, kernel/user_namespace.c ns_get_owner.
 */
export function parentOf<N>(view: View<N>, caller: Standpoint<N>, ns: N): Outcome<N> {
  const kind = view.kind(ns);
  if (!nests(kind)) return refused("EINVAL", "kind-does-not-nest");
  const parent = view.parent(ns);
  if (parent === undefined || !isWithin(view, parent, caller[kind])) return refused("EPERM", "parent-outside-view");
  return ok(parent);
}
