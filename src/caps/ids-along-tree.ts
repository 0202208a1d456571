import type { NamespaceId } from "../abi/ids.ts";
import type { Refusal } from "../snapshot/types.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { HIDDEN } from "./ground.ts";
import { idMapsOf, type IdKind, type IdMapsSeen } from "./id-maps.ts";
import { compose } from "./id-ranges.ts";

/** Ids of a user namespace, and what they are in its parent and for the viewer. */
export interface IdsRow {
  readonly inside: number;
  /** null: the parent's map was not seen. */
  readonly parent: number | null;
  readonly viewers: number;
  readonly count: number;
}

/** One user namespace with its maps. */
export interface IdsOfNamespace {
  readonly namespace: NamespaceId;
  /** null: not shown, or it is the machine's first. */
  readonly parent: NamespaceId | null;
  /** null: not seen; empty: not written yet, so that no id has a number. */
  readonly uid: readonly IdsRow[] | null;
  readonly gid: readonly IdsRow[] | null;
  /** Whether its processes may call setgroups(2); null: not seen. */
  readonly setgroups: "allow" | "deny" | null;
  /** Why the maps were not seen, where the kernel said. */
  readonly refused?: Refusal;
}

/** The maps of every user namespace, composed along the tree: parents before children. Linear in the ranges. */
export function idsAlongTree(index: SnapshotIndex): readonly IdsOfNamespace[] {
  const seen = idMapsOf(index);
  const { ground } = seen;
  return inTreeOrder(seen).map((node) => {
    const record = ground.nodes[node];
    if (record === undefined) throw new RangeError(`there is no node ${node}`);
    const up = ground.parent[node] ?? HIDDEN;
    const { maps } = record;
    return {
      namespace: record.id,
      parent: ground.nodes[up]?.id ?? null,
      uid: rowsOf(seen, node, "uid"),
      gid: rowsOf(seen, node, "gid"),
      setgroups: maps !== undefined && "value" in maps ? (maps.value.setgroups ?? null) : null,
      ...(maps !== undefined && "refused" in maps && { refused: maps }),
    };
  });
}

function rowsOf({ ground, maps }: IdMapsSeen, node: number, which: IdKind): readonly IdsRow[] | null {
  const map = maps[which][node];
  if (map === undefined) return null;
  const above = maps[which][ground.parent[node] ?? HIDDEN];
  if (above === undefined) {
    return map.byInside.map(({ inside, outside, count }) => ({ inside, parent: null, viewers: outside, count }));
  }
  return compose(map, above).map(({ inside, between, outside, count }) => ({
    inside,
    parent: between ?? null,
    viewers: outside,
    count,
  }));
}

/** Depth first, siblings in the order of the snapshot. */
function inTreeOrder({ ground: { nodes, parent } }: IdMapsSeen): number[] {
  const children: number[][] = nodes.map(() => []);
  const tops: number[] = [];
  for (let node = 0; node < nodes.length; node++) (children[parent[node] ?? HIDDEN] ?? tops).push(node);
  const ordered: number[] = [];
  const left = tops.toReversed();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    ordered.push(node);
    left.push(...(children[node] ?? []).toReversed());
  }
  return ordered;
}
