import { ok, refused, type Outcome } from "./outcome.ts";

/** Namespaces of one kind that one uid has made in or below one user namespace, and how many it may. */
export interface Charge {
  readonly count: number;
  readonly limit: number;
}

/** What a user namespace starts with. Source: kernel/user_namespace.c create_user_ns. */
export const UNLIMITED = 2 ** 31 - 1;

/**
 * LIMIT: one more namespace is charged to its creator's effective uid in the user namespace that owns it, then to the
 * creator of that one in its parent, and so on up: each level has to permit it. Linux 4.9. Source: kernel/ucount.c
 * inc_ucount.
 */
export function mayCharge(levels: Iterable<Charge>): Outcome<true> {
  for (const { count, limit } of levels) if (count >= limit) return refused("ENOSPC", "limit-reached");
  return ok(true);
}
