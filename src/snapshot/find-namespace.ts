import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { NamespaceRecord } from "./types.ts";

/** The ways to name a namespace that take a snapshot to answer: a part of `Ref`, which has those for the machine too. */
export type NamespaceName =
  /** `4026531833`, `net:4026531833`, `net:[4026531833]`; decimal, without leading zeros. */
  | { readonly form: "inode"; readonly inode: string; readonly kind?: NamespaceKind }
  /** `net:[0:4/4026531833]` */
  | { readonly form: "id"; readonly id: NamespaceId; readonly kind: NamespaceKind }
  /** `net:id:4711` */
  | { readonly form: "unique-id"; readonly uniqueId: string; readonly kind: NamespaceKind };

export type Found =
  | { readonly found: "one"; readonly namespace: NamespaceRecord }
  /** `ofAnotherKind` has what would fit but for the kind. */
  | { readonly found: "none"; readonly ofAnotherKind: readonly NamespaceRecord[] }
  /** Inodes are numbered by device: two may have the same. */
  | { readonly found: "several"; readonly candidates: readonly NamespaceRecord[] };

/** The namespace of a snapshot that a name means, in the order of the snapshot where it means several. */
export function findNamespace(index: SnapshotIndex, name: NamespaceName): Found {
  const fitting = fittingBy(index, name);
  const { kind } = name;
  const candidates = kind === undefined ? fitting : fitting.filter((namespace) => namespace.kind === kind);
  const [first, ...others] = candidates;
  if (first === undefined) return { found: "none", ofAnotherKind: fitting };
  return others.length === 0 ? { found: "one", namespace: first } : { found: "several", candidates };
}

function fittingBy(index: SnapshotIndex, name: NamespaceName): readonly NamespaceRecord[] {
  if (name.form === "inode") return index.byInode.get(name.inode) ?? [];
  if (name.form === "id") return (index.byInode.get(inodeOf(name.id)) ?? []).filter(({ id }) => id === name.id);
  return index.snapshot.namespaces.filter(({ uniqueId }) => uniqueId === name.uniqueId);
}
