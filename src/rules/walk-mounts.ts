import { hasCapability } from "./has-capability.ts";
import { ok, type Outcome } from "./outcome.ts";
import { maySeeAll, type Seer } from "./see-all.ts";
import type { View } from "./view.ts";

/**
 * How a kernel guards the walk from one mount namespace to the next. "owner": it passes over those in whose owner the
 * caller lacks CAP_SYS_ADMIN (Linux 6.12). "all": whoever may not see all namespaces may not walk at all.
 */
export type WalkRule = "owner" | "all";

/** WALK: the check before the kind of the file is looked at. Source: fs/nsfs.c ns_ioctl. */
export const mayWalk = <N>(view: View<N>, seer: Seer<N>, rule: WalkRule): Outcome<true> =>
  rule === "all" ? maySeeAll(view, seer) : ok(true);

/** Whether the walk stops at a mount namespace: who may see all has the capability over every owner. Source: fs/namespace.c get_sequential_mnt_ns. */
export function stopsAt<N>(view: View<N>, { credentials }: Seer<N>, mnt: N): boolean {
  const owner = view.owner(mnt);
  return owner !== undefined && hasCapability(view, credentials, owner, "CAP_SYS_ADMIN");
}
