import type { NamespaceId } from "../../abi/ids.ts";
import type { SnapshotIndex } from "../index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord, Snapshot } from "../types.ts";

/** Whether two looks were at one machine between two of its boots; undefined: one of them does not say. */
export function sameBoot({ viewpoint: a }: Snapshot, { viewpoint: b }: Snapshot): boolean | undefined {
  return a.bootId === undefined || b.bootId === undefined ? undefined : a.bootId === b.bootId;
}

/** Whether both are one look: one process takes one at a time. */
const isOneLook = (a: Snapshot, b: Snapshot): boolean =>
  a.takenAt === b.takenAt && a.viewpoint.pid === b.viewpoint.pid && sameBoot(a, b) !== false;

/** Which namespaces of two looks are one. */
export interface Matched {
  readonly pairs: readonly Pair[];
  readonly removed: readonly NamespaceRecord[];
  readonly added: readonly NamespaceRecord[];
}
interface Pair {
  readonly before: NamespaceRecord;
  readonly after: NamespaceRecord;
  /** Same device, inode and kind, and nothing else that says that it is the same one: the number may have been reused. */
  readonly isUnsure: boolean;
}

/**
 * By the 64-bit id where both looks have it. Else by device, inode and kind, unless something says that the number was reused:
 * another owner or creator. What says that it was not: a process that is in it in both, or that it is not reused at all, as
 * with the first ones of a machine. Of two boots nothing is one; of one look, such as a file and itself, all is.
 */
export function match(before: SnapshotIndex, after: SnapshotIndex): Matched {
  if (sameBoot(before.snapshot, after.snapshot) === false) {
    return { pairs: [], removed: before.snapshot.namespaces, added: after.snapshot.namespaces };
  }
  const pairs: Pair[] = [];
  const removed: NamespaceRecord[] = [];
  const paired = new Set<NamespaceId>();
  for (const one of before.snapshot.namespaces) {
    const other = after.namespaces.get(one.id);
    const verdict = other === undefined ? "another" : compare(one, other, before, after);
    if (other === undefined || verdict === "another") {
      removed.push(one);
      continue;
    }
    paired.add(other.id);
    pairs.push({ before: one, after: other, isUnsure: verdict === "unsure" });
  }
  return { pairs, removed, added: after.snapshot.namespaces.filter(({ id }) => !paired.has(id)) };
}

function compare(
  one: NamespaceRecord,
  other: NamespaceRecord,
  before: SnapshotIndex,
  after: SnapshotIndex,
): "same" | "another" | "unsure" {
  if (one.kind !== other.kind) return "another";
  if (one.uniqueId !== undefined && other.uniqueId !== undefined) {
    return one.uniqueId === other.uniqueId ? "same" : "another";
  }
  if ("to" in one.owner && "to" in other.owner && one.owner.to !== other.owner.to) return "another";
  const [creator, otherCreator] = [one.creatorUid, other.creatorUid];
  const bothTold = creator !== undefined && "value" in creator && otherCreator !== undefined && "value" in otherCreator;
  if (bothTold && creator.value !== otherCreator.value) return "another";
  const stayed =
    isOneLook(before.snapshot, after.snapshot) ||
    (before.members.get(one.id) ?? []).some((process) => isIn(after, process, other));
  return stayed ? "same" : "unsure";
}

function isIn({ processes }: SnapshotIndex, { pid, startTime }: ProcessRecord, { id, kind }: NamespaceRecord): boolean {
  const now = processes.get(pid);
  return now?.startTime === startTime && now.namespaces[kind] === id;
}
