import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import { leadsTo } from "../snapshot/leads-to.ts";
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
  const { tree } = selection;
  return tree === "owner" || tree === "parent"
    ? rowsByNamespace(index, selection, tree)
    : rowsByProcess(index, selection, tree);
}

/** Each hangs from the last row before it of its process's parent; in a flat list, from none. */
function rowsByProcess(index: SnapshotIndex, { keeps, ...selection }: Selecting, tree: "process" | "none"): ListRow[] {
  const rows: ListRow[] = [];
  const lastOf = new Map<number, number>();
  for (const namespace of selected(index, selection)) {
    const process = index.members.get(namespace.id)?.[0];
    if (keeps?.({ namespace, process }) === false) continue;
    const parent = tree === "process" && process !== undefined ? lastOf.get(process.ppid) : undefined;
    if (process !== undefined) lastOf.set(process.pid, rows.length);
    rows.push({ namespace, process, parent });
  }
  return rows;
}

function rowsByNamespace(
  index: SnapshotIndex,
  { keeps, ...selection }: Selecting,
  tree: "owner" | "parent",
): ListRow[] {
  const rows: ListRow[] = [];
  /** Its row; undefined for one that is not kept. */
  const placed = new Map<NamespaceId, number | undefined>();
  const ownersToo = selection.kinds?.has("user") !== false;
  for (const namespace of selected(index, selection)) {
    for (const one of unplacedAbove(namespace, { index, placed, tree, ownersToo })) {
      const process = index.members.get(one.id)?.[0];
      const isKept = keeps?.({ namespace: one, process }) !== false;
      placed.set(one.id, isKept ? rows.length : undefined);
      const above = relatedIn(one, tree);
      if (isKept) rows.push({ namespace: one, process, parent: above && placed.get(above) });
    }
  }
  return rows;
}

type Selecting = Omit<ListSelection, "tree">;

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

function selected(index: SnapshotIndex, { pid, kinds, persistent = false }: Selecting): NamespaceRecord[] {
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

const relatedIn = ({ owner, parent }: NamespaceRecord, tree: "owner" | "parent"): NamespaceId | undefined =>
  leadsTo(tree === "owner" ? owner : parent);

/** What has to be placed before it, and itself, outermost first. A circle (in a damaged file) is cut where it closes. */
function unplacedAbove(
  namespace: NamespaceRecord,
  {
    index,
    placed,
    tree,
    ownersToo,
  }: {
    index: SnapshotIndex;
    placed: ReadonlyMap<NamespaceId, number | undefined>;
    tree: "owner" | "parent";
    ownersToo: boolean;
  },
): NamespaceRecord[] {
  const chain: NamespaceRecord[] = [];
  const waiting = new Set<NamespaceId>();
  for (let at: NamespaceRecord | undefined = namespace; at && !placed.has(at.id) && !waiting.has(at.id);) {
    chain.push(at);
    waiting.add(at.id);
    // lsns: in a tree by parent, the owner of one without a parent comes before it, though it does not hang there.
    const above: NamespaceId | undefined =
      relatedIn(at, tree) ?? (tree === "parent" && ownersToo ? relatedIn(at, "owner") : undefined);
    at = above === undefined ? undefined : index.namespaces.get(above);
  }
  return chain.toReversed();
}
