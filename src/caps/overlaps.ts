import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { HIDDEN } from "./ground.ts";
import { idMapsOf, type IdKind, type IdMapsSeen } from "./id-maps.ts";
import { inodeOf } from "../abi/ids.ts";
import type { MissingFact } from "./proof.ts";
import { push } from "../snapshot/push.ts";

/** Ids of the viewer's user namespace that several siblings map. What lies below one of them shares with it already. */
export interface Overlap {
  readonly which: IdKind;
  /** In the viewer's numbers. */
  readonly first: number;
  readonly count: number;
  /** The user namespace right above those that share. */
  readonly parent: NamespaceId;
  /** Two or more, none above another, in the order of the snapshot. */
  readonly namespaces: readonly NamespaceId[];
}

export interface Overlaps {
  readonly overlaps: readonly Overlap[];
  /** User namespaces whose maps or place were not seen: they may overlap as well. */
  readonly missing: readonly MissingFact[];
}

/**
 * Where two user namespaces, none above the other, share ids: what one's processes own on disk or may signal, the other's
 * do too. Ids reach a user namespace through all above it, so it is enough to look at the children of each, and the work
 * grows with the number of ranges and of overlaps.
 */
export function idOverlaps(index: SnapshotIndex): Overlaps {
  const seen = idMapsOf(index);
  const { nodes, parent } = seen.ground;
  const siblings = new Map<number, number[]>();
  const missing: MissingFact[] = [];
  for (let node = 0; node < nodes.length; node++) {
    const up = parent[node] ?? HIDDEN;
    const of = `user:[${inodeOf(nodes[node]?.id ?? NOWHERE)}]`;
    if (seen.maps.uid[node] === undefined || seen.maps.gid[node] === undefined) missing.push({ what: "maps", of });
    if (up === HIDDEN && nodes[node]?.id !== index.snapshot.viewpoint.namespaces.user)
      missing.push({ what: "parent", of });
    if (up < 0) continue;
    push(siblings, up, node);
  }
  const overlaps = (["uid", "gid"] as const).flatMap((which) =>
    [...siblings].flatMap(([up, children]) =>
      children.length < 2 ? [] : sharedBy(seen, { which, children, parent: nodes[up]?.id ?? NOWHERE }),
    ),
  );
  return { overlaps, missing };
}
// Every number in a ground has a record.
const NOWHERE = "0:0/0" as NamespaceId;

interface Family {
  readonly which: IdKind;
  readonly parent: NamespaceId;
  readonly children: readonly number[];
}

/** A sweep over the ids at which a child's range begins or ends. Neighbouring pieces shared by the same ones are one. */
function sharedBy({ ground, maps }: IdMapsSeen, { which, parent, children }: Family): Overlap[] {
  const edges = children.flatMap((child) =>
    (maps[which][child]?.byOutside ?? []).flatMap(({ outside, count }) => [
      { at: outside, child, begins: true },
      { at: outside + count, child, begins: false },
    ]),
  );
  edges.sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
  const found: Overlap[] = [];
  const open = new Set<number>();
  for (const [nth, { at, child, begins }] of edges.entries()) {
    if (begins) open.add(child);
    else open.delete(child);
    const until = edges[nth + 1]?.at ?? at;
    if (open.size < 2 || until === at) continue;
    const namespaces = [...open].sort((a, b) => a - b).flatMap((node) => ground.nodes[node]?.id ?? []);
    const last = found.at(-1);
    if (last !== undefined && last.first + last.count === at && isSame(last.namespaces, namespaces)) {
      found[found.length - 1] = { ...last, count: until - last.first };
    } else found.push({ which, first: at, count: until - at, parent, namespaces });
  }
  return found;
}

const isSame = (a: readonly NamespaceId[], b: readonly NamespaceId[]): boolean =>
  a.length === b.length && a.every((id, nth) => id === b[nth]);
