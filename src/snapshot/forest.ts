import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { NamespaceRecord } from "./types.ts";

/** The user namespaces nested by parent, each with what it owns. Every namespace stands in it exactly once. */
export interface Forest {
  /** User namespaces whose parent the kernel did not show, or that the snapshot has no record of. */
  readonly roots: readonly UserNamespaceNode[];
  /** Namespaces of other kinds whose owner the kernel did not show, or that the snapshot has no record of. */
  readonly ownerNotVisible: readonly NamespaceRecord[];
}

export interface UserNamespaceNode {
  readonly namespace: NamespaceRecord;
  /** Namespaces of the other kinds that belong to it, by kind, device, inode. */
  readonly owned: readonly NamespaceRecord[];
  /** Its child user namespaces. */
  readonly children: readonly UserNamespaceNode[];
}

/** Loops and no recursion: how deep a file nests must not decide whether we can read it. */
export function forestOf(index: SnapshotIndex): Forest {
  const placed = new Set<NamespaceId>();
  const roots: UserNamespaceNode[] = [];
  const ownerNotVisible: NamespaceRecord[] = [];
  const users: NamespaceRecord[] = [];

  for (const namespace of index.snapshot.namespaces) {
    if (namespace.kind === "user") users.push(namespace);
    else if (userNamespaceBehind(index, namespace.owner) === undefined) ownerNotVisible.push(namespace);
  }
  for (const user of users) {
    if (userNamespaceBehind(index, user.parent) === undefined) roots.push(grow(index, user, placed));
  }
  // What is left has parents all the way round. No kernel makes that; cut the circle at its first member.
  for (const user of users) if (!placed.has(user.id)) roots.push(grow(index, user, placed));
  return { roots, ownerNotVisible };
}

function userNamespaceBehind(index: SnapshotIndex, relation: NamespaceRecord["parent"]): NamespaceRecord | undefined {
  const record = relation !== undefined && "to" in relation ? index.namespaces.get(relation.to) : undefined;
  return record?.kind === "user" ? record : undefined;
}

interface GrowingNode extends UserNamespaceNode {
  readonly children: GrowingNode[];
}

/** A user namespace with all below it that has no place yet. */
function grow(index: SnapshotIndex, top: NamespaceRecord, placed: Set<NamespaceId>): UserNamespaceNode {
  const node = (namespace: NamespaceRecord): GrowingNode => {
    placed.add(namespace.id);
    return { namespace, owned: index.owned.get(namespace.id) ?? [], children: [] };
  };
  const root = node(top);
  const open = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const child of index.children.get(at.namespace.id) ?? []) {
      if (child.kind !== "user" || placed.has(child.id)) continue;
      const grown = node(child);
      at.children.push(grown);
      open.push(grown);
    }
  }
  return root;
}

/** Each node under its parent, with its depth: 0 for the roots. */
export function* walkForest({ roots }: Forest): Generator<{ node: UserNamespaceNode; depth: number }> {
  const open = roots.map((node) => ({ node, depth: 0 })).toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    yield at;
    const { node, depth } = at;
    for (const child of node.children.toReversed()) open.push({ node: child, depth: depth + 1 });
  }
}
