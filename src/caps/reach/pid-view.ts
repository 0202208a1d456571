import { inodeOf, type NamespaceId } from "../../abi/ids.ts";
import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { Verdict } from "../power.ts";

/**
 * Whether a process in pid namespace `from` has a number for what is in `to`: only what lies in its own or below has one.
 * At most 33 levels, each pair once.
 */
export function pidViewOf(
  index: SnapshotIndex,
): (from: NamespaceId | undefined, to: NamespaceId | undefined) => Verdict {
  const known = new Map<string, Verdict>();
  const viewers = index.snapshot.viewpoint.namespaces.pid;
  return (from, to) => {
    // The /proc that was read shows what lies in the viewer's own and below, and nothing else.
    if (from !== undefined && (from === viewers || isFirst(from))) return "yes";
    if (from === undefined || to === undefined) return "unknown";
    const key = `${from} ${to}`;
    const verdict = known.get(key) ?? climb(index, from, to);
    known.set(key, verdict);
    return verdict;
  };
}

const isFirst = (id: NamespaceId): boolean => inodeOf(id) === String(NAMESPACE_KINDS.pid.initialInode);

function climb(index: SnapshotIndex, from: NamespaceId, to: NamespaceId): Verdict {
  let at = to;
  for (let level = 0; level <= MOST_LEVELS; level++) {
    if (at === from) return "yes";
    // Above the viewer's own is nothing that it could see.
    if (isFirst(at) || at === index.snapshot.viewpoint.namespaces.pid) return "no";
    const parent = index.namespaces.get(at)?.parent;
    if (parent === undefined || !("to" in parent)) return "unknown";
    at = parent.to;
  }
  return "unknown";
}
const MOST_LEVELS = 33;
