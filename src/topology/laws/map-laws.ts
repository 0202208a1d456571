import { rangeMap, outwards, type RangeMap } from "../../caps/id-ranges.ts";
import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { U32_MAX } from "../../procfs/decimal.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { faultAt, type Fault, type Path } from "../../snapshot/issue.ts";
import type { UserNode } from "../nodes.ts";
import { isBoundary, type Label } from "../reference.ts";
import type { Topology } from "../topology.ts";
import { nodeOf, type Known } from "./known.ts";

const MAPS = { uidMap: "uid", gidMap: "gid", projidMap: "projid" } as const;
type MapField = keyof typeof MAPS;
const MAP_FIELDS = Object.keys(MAPS) as MapField[];

/**
 * The id maps, and who made each user namespace, and who is in it. Source: kernel/user_namespace.c map_write, insert_extent,
 * create_user_ns.
 */
export function* mapFaults({ namespaces, processes }: Topology, known: Known): Generator<Fault> {
  const maps = new Map<Label, Readonly<Record<MapField, RangeMap>>>();
  for (const [nth, node] of namespaces.entries()) {
    if (node.kind !== "user") continue;
    const at: Path = ["namespaces", nth];
    const parent = nodeOf(known, node.owner);
    const above = parent === undefined ? undefined : (maps.get(parent.label) ?? NOTHING_MAPPED);
    for (const field of MAP_FIELDS) {
      const extents = node[field] ?? [];
      yield* extentFaults(extents, [...at, field]);
      if (above !== undefined && !isBoundary(node.owner)) yield* parentFaults(node, field, above[field], at);
    }
    if (above !== undefined && outwards(above.uidMap, node.creator.uid) === undefined) {
      const about = { what: "uid", id: node.creator.uid, of: node.owner };
      yield faultAt([...at, "creator", "uid"], TOPOLOGY_ISSUES["id-outside-map"], about);
    }
    if (parent?.kind === "user" && parent.setgroups === "deny" && node.setgroups === "allow")
      yield faultAt([...at, "setgroups"], TOPOLOGY_ISSUES["deny-is-inherited"], { parent: parent.label });
    const { uidMap = [], gidMap = [], projidMap = [] } = node;
    maps.set(node.label, { uidMap: rangeMap(uidMap), gidMap: rangeMap(gidMap), projidMap: rangeMap(projidMap) });
  }

  for (const [nth, { namespaces: links, credentials }] of processes.entries()) {
    const user = links.user ?? "ambient:user";
    const own = maps.get(user);
    if (own === undefined) continue;
    for (const [what, map] of [
      ["uid", own.uidMap],
      ["gid", own.gidMap],
    ] as const) {
      for (const [which, id] of Object.entries(credentials[what])) {
        if (outwards(map, id) !== undefined) continue;
        const at = ["processes", nth, "credentials", what, which];
        yield faultAt(at, TOPOLOGY_ISSUES["id-outside-map"], { what, id, of: user });
      }
    }
    for (const [place, id] of credentials.groups.entries()) {
      if (outwards(own.gidMap, id) !== undefined) continue;
      const at = ["processes", nth, "credentials", "groups", place];
      yield faultAt(at, TOPOLOGY_ISSUES["id-outside-map"], { what: "gid", id, of: user });
    }
  }
}

const NOTHING_MAPPED: Readonly<Record<MapField, RangeMap>> = {
  uidMap: rangeMap([]),
  gidMap: rangeMap([]),
  projidMap: rangeMap([]),
};

function* extentFaults(extents: readonly IdExtent[], at: Path): Generator<Fault> {
  for (const [nth, { inside, outside, count }] of extents.entries()) {
    if (Math.max(inside, outside) + count > U32_MAX)
      yield faultAt([...at, nth], TOPOLOGY_ISSUES["extent-too-long"], {});
  }
  const { byInside, byOutside } = rangeMap(extents);
  for (const [side, ranges] of [
    ["inside", byInside],
    ["outside", byOutside],
  ] as const) {
    for (const [nth, range] of ranges.entries()) {
      const before = ranges[nth - 1];
      if (before === undefined || before[side] + before.count <= range[side]) continue;
      yield faultAt(at, TOPOLOGY_ISSUES["extents-overlap"], { side, first: before[side] });
    }
  }
}

function* parentFaults(node: UserNode, field: MapField, { byInside }: RangeMap, at: Path): Generator<Fault> {
  for (const [nth, { outside, count }] of (node[field] ?? []).entries()) {
    const extent = lastFrom(byInside, outside);
    const isInOne = extent !== undefined && outside + count <= extent.inside + extent.count;
    if (!isInOne) yield faultAt([...at, field, nth], TOPOLOGY_ISSUES["extent-outside-parent"], { parent: node.owner });
  }
}

/** The last extent that begins at an id or before it, by bisection. */
function lastFrom(extents: readonly IdExtent[], id: number): IdExtent | undefined {
  let [low, high] = [0, extents.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((extents[middle]?.inside ?? 0) <= id) low = middle + 1;
    else high = middle;
  }
  return extents[low - 1];
}
