import type { NamespaceId } from "../abi/ids.ts";
import type { Observer } from "../kernel/observer.ts";
import { holdersOf } from "../snapshot/holders.ts";
import { indexSnapshot } from "../snapshot/index-snapshot.ts";
import { isKernels } from "../snapshot/initial.ts";
import type { NamespaceRecord, Snapshot } from "../snapshot/types.ts";

/**
 * The listed namespaces of a snapshot that nothing in it explains and that are gone by now: they ended while we looked, so
 * that their holders were not seen any more. What only such ones kept is looked at again in turn; chains are short.
 */
export function endedOfListed(observer: Observer, snapshot: Snapshot): ReadonlySet<NamespaceId> {
  const ended = new Set<NamespaceId>();
  if (!snapshot.namespaces.some(({ listed }) => listed)) return ended;
  const asked = new Set<NamespaceId>();
  for (let grown = true; grown;) {
    grown = false;
    const namespaces = snapshot.namespaces.filter(({ id }) => !ended.has(id));
    const index = indexSnapshot({ ...snapshot, namespaces });
    for (const namespace of namespaces) {
      const { id, listed } = namespace;
      if (listed !== true || asked.has(id) || isKernels(index, namespace) || holdersOf(index, id).length > 0) continue;
      asked.add(id);
      if (isThere(observer, namespace)) continue;
      ended.add(id);
      grown = true;
    }
  }
  return ended;
}

/** Only "there is no such namespace" counts: whatever else is refused says nothing about it. */
function isThere(observer: Observer, { kind, uniqueId }: NamespaceRecord): boolean {
  if (uniqueId === undefined) return true;
  const opened = observer.openById({ kind, uniqueId: BigInt(uniqueId) });
  if (!opened.ok) return opened.errno !== "ESTALE";
  opened.value[Symbol.dispose]();
  return true;
}
