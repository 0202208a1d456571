import type { NamespaceRecord } from "../snapshot/types.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { groundOf, HIDDEN, isFirstUser, type Ground } from "./ground.ts";
import { EVERY_ID, rangeMap, type RangeMap } from "./id-ranges.ts";
import { once } from "../snapshot/once.ts";

export type IdKind = "uid" | "gid";

/** The maps of the user namespaces of a snapshot, each to the numbers of the viewer's own, through which all compare. */
export interface IdMapsSeen {
  readonly ground: Ground;
  /** Of each user namespace of the `Ground`; undefined: not read, or not in the viewer's numbers. */
  readonly maps: Readonly<Record<IdKind, readonly (RangeMap | undefined)[]>>;
}

/** Made once for a snapshot, in one pass. */
export const idMapsOf = once((index: SnapshotIndex): IdMapsSeen => {
  const ground = groundOf(index);
  return {
    ground,
    maps: {
      uid: ground.nodes.map((record, node) => mapToViewer(ground, record, node, "uid")),
      gid: ground.nodes.map((record, node) => mapToViewer(ground, record, node, "gid")),
    },
  };
});

/**
 * A map as the viewer's user namespace numbers the outside. /proc shows it so to a reader in another user namespace; to one
 * in the same it shows the parent's numbers, and the viewer's own ids are themselves. What does not lie below the viewer
 * is no whole map: only the first id of each range was translated. Source: kernel/user_namespace.c uid_m_show.
 */
function mapToViewer(ground: Ground, record: NamespaceRecord, node: number, which: IdKind): RangeMap | undefined {
  const { maps } = record;
  const viewer = ground.index.snapshot.viewpoint.namespaces.user;
  if (isFirstUser(record) && ground.seesEveryId) return rangeMap([EVERY_ID]);
  if (maps === undefined || !("value" in maps) || maps.value.inViewOf !== viewer || viewer === undefined)
    return undefined;
  const rows = maps.value[which];
  if (record.id === viewer) return rangeMap(rows.map(({ inside, count }) => ({ inside, outside: inside, count })));
  return isBelow(ground, node, ground.numberOf.get(viewer) ?? HIDDEN) ? rangeMap(rows) : undefined;
}

/** Whether it lies below another; all lie below the machine's first. At most 33 levels. */
export function isBelow({ parent, seesEveryId }: Ground, node: number, top: number): boolean {
  if (seesEveryId) return true;
  for (let at = parent[node] ?? HIDDEN; at >= 0; at = parent[at] ?? HIDDEN) if (at === top) return true;
  return false;
}
