import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import type { ListSubject } from "./list-columns.ts";
import { compareIds } from "../snapshot/order.ts";

/** Who hangs from whom: by the processes that stand for them, by owner, by parent; `none` is a flat list. */
export type ListTree = "none" | "process" | "owner" | "parent";
export interface ListSelection {
  readonly tree: ListTree;
  /** Only the namespaces of this process. */
  readonly pid?: number;
  /** Only these kinds. */
  readonly kinds?: ReadonlySet<NamespaceKind>;
  /** Only those without a process. */
  readonly persistent?: boolean;
  /** Only rows that this keeps. */
  readonly keeps?: (subject: ListSubject) => boolean;
}
export interface ListRow extends ListSubject {
  /** The row it hangs from, an earlier one. */
  readonly parent: number | undefined;
}

/**
 * The rows by ascending inode number; in trees by owner or parent a namespace comes after those it hangs from, which are
 * there whether they were selected or not. Where lsns was told to show some kinds only, it has not looked at those of the
 * others: it gives them no processes, and in a tree by parent lists owners that frame nothing; we do neither. What hangs
 * from a row that is not kept stands at the root, as in lsns.
 */
export function namespaceRows(index: SnapshotIndex, selection: ListSelection): ListRow[] {
  const rows: ListRow[] = [];
  /** Its row; undefined for one that is not kept. */
  const placed = new Map<NamespaceId, number | undefined>();
  const lastOf = new Map<number, number>();

  const place = (namespace: NamespaceRecord): void => {
    const process = index.members.get(namespace.id)?.[0];
    const above = relatedIn(namespace, selection.tree);
    const parent = selection.tree === "process" ? process && lastOf.get(process.ppid) : above && placed.get(above);
    if (selection.keeps?.({ namespace, process }) === false) {
      placed.set(namespace.id, undefined);
      return;
    }
    placed.set(namespace.id, rows.length);
    if (process !== undefined) lastOf.set(process.pid, rows.length);
    rows.push({ namespace, process, parent });
  };
  for (const namespace of selected(index, selection)) {
    for (const one of unplacedAbove(namespace, { index, placed, tree: selection.tree })) place(one);
  }
  return rows;
}

/** The processes in one namespace by ascending pid; in a tree a process comes after its parent. */
export function processRows(
  index: SnapshotIndex,
  namespace: NamespaceRecord,
  { tree, keeps }: Pick<ListSelection, "tree" | "keeps">,
): ListRow[] {
  const rows: ListRow[] = [];
  const members = index.members.get(namespace.id) ?? [];
  const inside = new Map(members.map((process) => [process.pid, process]));
  const placed = new Map<number, number | undefined>();

  for (const member of members) {
    const chain: ProcessRecord[] = [];
    const waiting = new Set<number>();
    for (let at: ProcessRecord | undefined = member; at && !placed.has(at.pid) && !waiting.has(at.pid);) {
      chain.push(at);
      waiting.add(at.pid);
      at = tree === "process" ? inside.get(at.ppid) : undefined;
    }
    for (const process of chain.toReversed()) {
      const parent = tree === "process" ? placed.get(process.ppid) : undefined;
      const isKept = keeps?.({ namespace, process }) !== false;
      placed.set(process.pid, isKept ? rows.length : undefined);
      if (isKept) rows.push({ namespace, process, parent });
    }
  }
  return rows;
}

function selected(index: SnapshotIndex, { pid, kinds, persistent = false }: ListSelection): NamespaceRecord[] {
  const ofProcess = pid === undefined ? undefined : namespacesOf(index, pid);
  return index.snapshot.namespaces
    .filter(({ id, kind }) => {
      if (kinds !== undefined && !kinds.has(kind)) return false;
      if (ofProcess !== undefined && !ofProcess.has(id)) return false;
      return !persistent || !index.members.has(id);
    })
    .toSorted((a, b) => compareIds(a.id, b.id));
}

/** What the tasks of a process are in, or give to their children: its first thread and all others. */
export function namespacesOf({ processes, snapshot }: SnapshotIndex, pid: number): ReadonlySet<NamespaceId> {
  const further = snapshot.threads.filter((thread) => thread.pid === pid);
  return new Set(
    [processes.get(pid), ...further].flatMap((task) => (task === undefined ? [] : Object.values(task.namespaces))),
  );
}

function relatedIn({ owner, parent }: NamespaceRecord, tree: ListTree): NamespaceId | undefined {
  const relation = tree === "owner" ? owner : tree === "parent" ? parent : undefined;
  return relation !== undefined && "to" in relation ? relation.to : undefined;
}

/** What has to be placed before it, and itself, outermost first. A circle (in a damaged file) is cut where it closes. */
function unplacedAbove(
  namespace: NamespaceRecord,
  {
    index,
    placed,
    tree,
  }: { index: SnapshotIndex; placed: ReadonlyMap<NamespaceId, number | undefined>; tree: ListTree },
): NamespaceRecord[] {
  const chain: NamespaceRecord[] = [];
  const waiting = new Set<NamespaceId>();
  for (let at: NamespaceRecord | undefined = namespace; at && !placed.has(at.id) && !waiting.has(at.id);) {
    chain.push(at);
    waiting.add(at.id);
    // lsns: in a tree by parent, the owner of one without a parent comes before it, though it does not hang there.
    const above: NamespaceId | undefined =
      relatedIn(at, tree) ?? (tree === "parent" ? relatedIn(at, "owner") : undefined);
    at = above === undefined ? undefined : index.namespaces.get(above);
  }
  return chain.toReversed();
}
