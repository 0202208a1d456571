import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { NamespaceRecord, Refusal, Relation } from "./types.ts";

/** A walk from relation to relation, as far as the viewer may see. */
export interface Chain {
  /** The nearest first; the namespace asked about is not in it. */
  readonly namespaces: readonly NamespaceRecord[];
  readonly end: ChainEnd;
}

/** Why a walk ends. The topmost namespace ends in a refusal too: the kernel has no other answer for it. */
export type ChainEnd =
  | { readonly why: "refused"; readonly refusal: Refusal }
  /** The relation leads to a namespace that the snapshot has no record of. */
  | { readonly why: "unseen"; readonly id: NamespaceId }
  /** The kind does not nest: there is nothing to ask. */
  | { readonly why: "no-such-relation" }
  /** The walk comes to a namespace it has been to. No kernel makes one; a file may have it. */
  | { readonly why: "cycle"; readonly id: NamespaceId };

/** The owner, and from there on parents: the user namespaces that govern this one. */
export const ownerChain = (index: SnapshotIndex, namespace: NamespaceRecord): Chain =>
  walk(index, namespace, ({ owner }) => owner);

/** The parents of a user or pid namespace. */
export const parentChain = (index: SnapshotIndex, namespace: NamespaceRecord): Chain =>
  walk(index, namespace, ({ parent }) => parent);

function walk(
  index: SnapshotIndex,
  start: NamespaceRecord,
  next: (namespace: NamespaceRecord) => Relation | undefined,
): Chain {
  const been = new Set([start.id]);
  const namespaces: NamespaceRecord[] = [];
  for (let at = start; ;) {
    const relation = next(at);
    if (relation === undefined) return { namespaces, end: { why: "no-such-relation" } };
    if (!("to" in relation)) return { namespaces, end: { why: "refused", refusal: relation } };
    const id = relation.to;
    if (been.has(id)) return { namespaces, end: { why: "cycle", id } };
    const record = index.namespaces.get(id);
    if (record === undefined) return { namespaces, end: { why: "unseen", id } };
    been.add(id);
    namespaces.push(record);
    at = record;
  }
}
