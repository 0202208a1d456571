import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { ProcessRecord } from "./types.ts";

/**
 * The most senior process in a namespace: the one to name it by. It is the one that started first, the lower pid where
 * two started in the same clock tick. The lowest pid alone would be wrong: numbers begin again after pid_max, so a child may
 * have a lower one than the process that made the namespace. A process of user space comes before a kernel thread, which
 * shares the machine's first namespaces and says nothing about them; a zombie comes last, for it is about to go.
 */
export function seniorMember(index: SnapshotIndex, id: NamespaceId): ProcessRecord | undefined {
  let senior: ProcessRecord | undefined;
  for (const member of index.members.get(id) ?? []) {
    if (senior === undefined || compareSeniority(member, senior) < 0) senior = member;
  }
  return senior;
}

/** Negative where `a` is the more senior. */
export const compareSeniority = (a: ProcessRecord, b: ProcessRecord): number =>
  rank(a) - rank(b) || a.startTime - b.startTime || a.pid - b.pid;

function rank({ zombie, kernelThread }: ProcessRecord): number {
  if (zombie) return 2;
  return kernelThread ? 1 : 0;
}
