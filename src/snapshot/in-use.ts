import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { NamespaceRecord } from "./types.ts";

export type KindCounts = ReadonlyMap<NamespaceKind, number>;

/** Namespaces that count against the limits of a user namespace, as far as they were seen: there may be more. */
export interface InUse {
  /** By the uid that made them, or an ancestor of them, in that user namespace, as the viewer's maps it. */
  readonly byUid: ReadonlyMap<number, KindCounts>;
  /** Made in that very user namespace by a uid that no call tells: only the creator of a user namespace is told. */
  readonly unattributed: KindCounts;
}

/** More than 32 levels no kernel makes; a damaged file may go round in a circle. */
const MOST_LEVELS = 34;

/**
 * What counts against the limits of one user namespace. The kernel counts a namespace for the uid that made it in the user
 * namespace it was made in, and there for whoever made that one, and so on up; the first ones of a machine it does not count.
 * Source: kernel/ucount.c inc_ucount, namespaces(7).
 */
export function namespacesInUse(index: SnapshotIndex, user: NamespaceId): InUse {
  const byUid = new Map<number, Map<NamespaceKind, number>>();
  const unattributed = new Map<NamespaceKind, number>();
  for (const namespace of index.snapshot.namespaces) {
    if (inodeOf(namespace.id) === String(NAMESPACE_KINDS[namespace.kind].initialInode)) continue;
    const charge = chargeIn(index, namespace, user);
    if (charge === undefined) continue;
    if (charge.uid === undefined) add(unattributed, namespace.kind);
    else {
      const counts = byUid.get(charge.uid) ?? new Map<NamespaceKind, number>();
      byUid.set(charge.uid, counts);
      add(counts, namespace.kind);
    }
  }
  return { byUid: new Map([...byUid].toSorted(([a], [b]) => a - b)), unattributed };
}

/** For whom a namespace counts in a user namespace. Undefined: it is not below it, or what is between was not told. */
function chargeIn(index: SnapshotIndex, namespace: NamespaceRecord, user: NamespaceId): { uid?: number } | undefined {
  let at: NamespaceRecord | undefined = namespace;
  for (let level = 0; level < MOST_LEVELS && at !== undefined; level++) {
    const above: NamespaceId | undefined = "to" in at.owner ? at.owner.to : undefined;
    if (above === user) return creatorOf(at);
    at = above === undefined ? undefined : index.namespaces.get(above);
  }
  return undefined;
}

const creatorOf = ({ creatorUid }: NamespaceRecord): { uid?: number } =>
  creatorUid !== undefined && "value" in creatorUid ? { uid: creatorUid.value } : {};

const add = (counts: Map<NamespaceKind, number>, kind: NamespaceKind): void => {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
};
