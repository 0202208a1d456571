import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord, Relation } from "../snapshot/types.ts";
import { once } from "../snapshot/once.ts";

/** In place of a parent: it is the machine's first user namespace, above which there is none. */
export const TOP = -1;
/** In place of a number: nobody showed it. */
export const HIDDEN = -2;
/** What the kernel shows for an id that the reader's user namespace has no number for. */
export const OVERFLOW_ID = 65_534;

/**
 * The user namespaces of a snapshot, numbered, with what the walk over them asks: plain numbers, since it is asked
 * millions of times. Ids are the viewer's user namespace's, all of them; two that have a number there compare as the
 * kernel's own do.
 */
export interface Ground {
  readonly index: SnapshotIndex;
  readonly nodes: readonly NamespaceRecord[];
  readonly numberOf: ReadonlyMap<NamespaceId, number>;
  /** Of each: its parent's number, `TOP` or `HIDDEN`. */
  readonly parent: Int32Array;
  /** Of each: the topmost above it that was seen, itself maybe. */
  readonly root: Int32Array;
  /** Of each: how many levels it lies below that. */
  readonly depth: Int32Array;
  /** Of each: the effective uid that made it, or `HIDDEN`. */
  readonly creator: Float64Array;
  /** Whether the viewer has a number for every id: it is in the machine's first user namespace. */
  readonly seesEveryId: boolean;
}

/** Made once for a snapshot, in one pass over its user namespaces. */
export const groundOf = once(makeGround);

/** The machine's first user namespace has had a fixed number since Linux 3.8. */
export const isFirstUser = ({ kind, id }: Pick<NamespaceRecord, "kind" | "id">): boolean =>
  kind === "user" && inodeOf(id) === String(NAMESPACE_KINDS.user.initialInode);

function makeGround(index: SnapshotIndex): Ground {
  const nodes = index.snapshot.namespaces.filter(({ kind }) => kind === "user");
  const numberOf = new Map(nodes.map(({ id }, nth) => [id, nth]));
  const viewer = index.snapshot.viewpoint.namespaces.user;
  const seesEveryId = viewer !== undefined && isFirstUser({ kind: "user", id: viewer });
  const parent = Int32Array.from(nodes, (record) => (isFirstUser(record) ? TOP : numbered(numberOf, record.parent)));
  const creator = Float64Array.from(nodes, ({ creatorUid: uid }) => {
    const known = uid !== undefined && "value" in uid && (seesEveryId || uid.value !== OVERFLOW_ID);
    return known ? uid.value : HIDDEN;
  });
  return { index, nodes, numberOf, parent, creator, seesEveryId, ...heights(parent) };
}

function numbered(numberOf: ReadonlyMap<NamespaceId, number>, relation: Relation | undefined): number {
  return relation !== undefined && "to" in relation ? (numberOf.get(relation.to) ?? HIDDEN) : HIDDEN;
}

/** Each is walked up from once. A parent that would close a circle, which no kernel makes, is taken for hidden. */
function heights(parent: Int32Array): Pick<Ground, "root" | "depth"> {
  const root = new Int32Array(parent.length).fill(HIDDEN);
  const depth = new Int32Array(parent.length);
  for (let start = 0; start < parent.length; start++) {
    const trail: number[] = [];
    const onTrail = new Set<number>();
    let at = start;
    while (root[at] === HIDDEN && !onTrail.has(at)) {
      trail.push(at);
      onTrail.add(at);
      const up = parent[at] ?? HIDDEN;
      if (up < 0) break;
      if (onTrail.has(up)) parent[at] = HIDDEN;
      else at = up;
    }
    for (const node of trail.toReversed()) {
      const up = parent[node] ?? HIDDEN;
      root[node] = up < 0 ? node : (root[up] ?? node);
      depth[node] = up < 0 ? 0 : (depth[up] ?? 0) + 1;
    }
  }
  return { root, depth };
}

/** Whether it is the machine's first user namespace. */
export const isTop = ({ parent }: Ground, node: number): boolean => parent[node] === TOP;

/** The user namespace whose capabilities count over a namespace: of a user namespace that itself, else the owner. */
export function governorOf(ground: Ground, { kind, id, owner }: NamespaceRecord): number {
  return kind === "user" ? (ground.numberOf.get(id) ?? HIDDEN) : numbered(ground.numberOf, owner);
}
