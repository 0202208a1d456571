import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { WAY_OUT_OF, WAYS_OUT } from "../messages/ways-out.ts";
import type { Language } from "../messages/sentence.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import { hasCapability } from "../rules/has-capability.ts";
import type { Forecast } from "./forecast.ts";
import { FactMissing } from "./lineage.ts";
import type { Facts } from "./plan.ts";

/** The nearest thing that would make a refused step succeed, in a sentence; undefined where nothing is known to. */
export function wayOut(refusal: Forecast & { may: "no" }, facts: Facts, language: Language): string | undefined {
  const { reason, about } = refusal;
  const way = reason === undefined ? undefined : WAY_OUT_OF[reason];
  if (way === undefined) return undefined;
  try {
    return told(way, reason === "no-admin-in-own-user-namespace" || reason === "no-admin-over-owner", about);
  } catch (error) {
    if (error instanceof FactMissing) return WAYS_OUT["not-foreseen"][language];
    throw error;
  }

  function told(key: keyof typeof WAYS_OUT, isOwned: boolean, ns: NamespaceId | undefined): string | undefined {
    const { view, me } = facts;
    const own = me.credentials.user;
    switch (key) {
      case "admin-over": {
        const owner = ns === undefined || !isOwned || ns === own ? own : view.owner(ns);
        if (owner === undefined) return WAYS_OUT["owner-out-of-sight"][language];
        // Power over the owner and none at home: who joins the owner has both.
        const hasIt = owner !== own && hasCapability(view, me.credentials, owner, "CAP_SYS_ADMIN");
        if (hasIt) return WAYS_OUT["join-user-too"][language]({ owner: userText(owner) });
        return WAYS_OUT["admin-over"][language]({ owner: userText(reason === "no-admin-over-owner" ? owner : own) });
      }
      case "admin-or-creator": {
        if (ns === undefined) return undefined;
        if (view.parent(ns) === undefined) return WAYS_OUT["owner-out-of-sight"][language];
        return WAYS_OUT["admin-or-creator"][language]({ owner: userText(ns), uid: String(view.creator(ns)) });
      }
      case "chroot-too":
        return WAYS_OUT["chroot-too"][language]({ owner: userText(own) });
      case "from-above":
        return ns === undefined ? undefined : WAYS_OUT["from-above"][language]({ owner: `pid:[${inodeOf(ns)}]` });
      case "ids-there": {
        const { uid, gid } = facts.ids ?? { uid: [], gid: [] };
        return WAYS_OUT["ids-there"][language]({ ids: `uid ${ranges(uid)}, gid ${ranges(gid)}` });
      }
      case "leave-out-user":
        return WAYS_OUT["leave-out-user"][language];
      default:
        return WAYS_OUT["keep-ids"][language];
    }
  }
}

const userText = (ns: NamespaceId): string => `user:[${inodeOf(ns)}]`;

/** `0-65535, 100000`; a dash where there are none. */
function ranges(extents: readonly IdExtent[]): string {
  if (extents.length === 0) return "-";
  return extents
    .map(({ inside, count }) => (count === 1 ? String(inside) : `${inside}-${inside + count - 1}`))
    .join(", ");
}
