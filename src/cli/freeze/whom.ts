import { groupBy } from "../../render/group.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";

/** Those that may not stand still while we look: ourselves, whatever we started, all above us, and process 1. */
export function never({ processes, snapshot }: SnapshotIndex, own: number): ReadonlySet<number> {
  const found = new Set<number>([1, own]);
  for (let at = processes.get(own)?.ppid; at !== undefined && at > 0 && !found.has(at); at = processes.get(at)?.ppid)
    found.add(at);
  const children = groupBy(snapshot.processes, ({ ppid }) => ppid);
  const left = [own];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child.pid)) continue;
      found.add(child.pid);
      left.push(child.pid);
    }
  }
  return found;
}
