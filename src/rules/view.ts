import type { NamespaceKind } from "../abi/namespace-kinds.ts";

/**
 * What the rules need to know of a world, and no more. `N` names a namespace there: a key of the model, an id of a
 * snapshot. A view that lacks a fact says so in its own way (it may throw); the rules never guess.
 */
export interface View<N> {
  kind(ns: N): NamespaceKind;
  /** The user namespace that owns it; of a user namespace, its parent. The initial user namespace has none. */
  owner(ns: N): N | undefined;
  /** The parent of a user or pid namespace. The initial ones have none. */
  parent(ns: N): N | undefined;
  /** How many parents lie above a user or pid namespace: 0 for the initial one. */
  level(ns: N): number;
  /** The effective uid that created a user namespace, as the initial user namespace numbers it (a kuid). */
  creator(ns: N): number;
}

/** A task's credentials. Ids are the initial user namespace's; capability sets count in `user`, nowhere else. */
export interface Credentials<N> {
  readonly user: N;
  readonly ruid: number;
  readonly euid: number;
  readonly suid: number;
  readonly fsuid: number;
  readonly rgid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly fsgid: number;
  readonly permitted: bigint;
  readonly effective: bigint;
}

/** Whether `ns` is `top` or lies below it. Of nothing, which is where every chain ends, nothing is within. */
export function isWithin<N>(view: View<N>, ns: N | undefined, top: N): boolean {
  for (let at = ns; at !== undefined; at = view.parent(at)) if (at === top) return true;
  return false;
}
