import { leadsTo } from "../../snapshot/leads-to.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import { compose, EVERY_ID, inwards, rangeMap, type RangeMap } from "../../caps/id-ranges.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import type { IdMaps, NamespaceRecord } from "../../snapshot/types.ts";
import type { Captured } from "./capture.ts";

export type IdSort = "uid" | "gid" | "projid";

/**
 * Numbers of ids, from those of the viewer's user namespace, in which /proc and the kernel tell them, to those of the user
 * namespace that they belong to. An extent of a map lies in one extent of the map above it, and so of each further up: its
 * first id alone, which is all that the kernel translates for the reader, tells where all of it is.
 * Source: kernel/user_namespace.c map_write, uid_m_show.
 */
export class IdNumbers {
  readonly #captured: Captured;
  readonly #maps: Readonly<Record<IdSort, Map<NamespaceId, RangeMap | undefined>>>;

  constructor(captured: Captured) {
    this.#captured = captured;
    this.#maps = { uid: new Map(), gid: new Map(), projid: new Map() };
  }

  /** What `user` calls the viewer's `id`; undefined: it has no number there, or the map was not read. */
  inside(user: NamespaceId, sort: IdSort, id: number): number | undefined {
    const map = this.#mapOf(user, sort);
    return map === undefined ? undefined : inwards(map, id);
  }

  /** The map of a user namespace to its parent, by inside; undefined: one of the two was not read, or they do not fit. */
  mapToParent(record: NamespaceRecord, sort: IdSort): readonly IdExtent[] | undefined {
    const parent = leadsTo(record.parent);
    const [own, above] = [this.#mapOf(record.id, sort), parent && this.#mapOf(parent, sort)];
    if (own === undefined || above === undefined) return undefined;
    const extents: IdExtent[] = [];
    for (const { inside, between, count } of compose(own, above)) {
      if (between === undefined) return undefined;
      extents.push({ inside, outside: between, count });
    }
    return extents;
  }

  #mapOf(user: NamespaceId, sort: IdSort): RangeMap | undefined {
    const maps = this.#maps[sort];
    if (!maps.has(user)) maps.set(user, this.#make(user, sort));
    return maps.get(user);
  }

  #make(user: NamespaceId, sort: IdSort): RangeMap | undefined {
    const { boundary, namespaces, index } = this.#captured;
    if (boundary.has(user)) return rangeMap([EVERY_ID]);
    const maps = namespaces.get(user)?.maps;
    const read: IdMaps | undefined = maps !== undefined && "value" in maps ? maps.value : undefined;
    const viewer = index.snapshot.viewpoint.namespaces.user;
    return read?.[sort] === undefined || read.inViewOf !== viewer ? undefined : rangeMap(read[sort]);
  }
}
