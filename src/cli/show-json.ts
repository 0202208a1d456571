import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { ownerChain, parentChain } from "../snapshot/ancestors.ts";
import { holdersOf } from "../snapshot/holders.ts";
import { namespacesInUse } from "../snapshot/in-use.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { holderFields } from "./holder-json.ts";

/** What counts against the limits of a user namespace, as far as it was seen; `uid` is absent where it is not told. */
function inUseFields(index: SnapshotIndex, { id }: NamespaceRecord): readonly object[] {
  const { byUid, unattributed } = namespacesInUse(index, id);
  return [
    ...Array.from(byUid, ([uid, counts]) => ({ uid, counts: Object.fromEntries(counts) })),
    ...(unattributed.size === 0 ? [] : [{ counts: Object.fromEntries(unattributed) }]),
  ];
}

/**
 * What `show --json` prints: the record as a snapshot has it, what can be computed from it, and every holder. Inode
 * numbers are text, as everywhere in our JSON but lsns's: 64 bits do not fit a JavaScript number.
 */
export function showJson(index: SnapshotIndex, namespace: NamespaceRecord): string {
  const { id, kind } = namespace;
  const names = index.snapshot.names.flatMap((one) => (one.namespace === id ? [one.name] : []));
  const document = {
    ...namespace,
    ino: inodeOf(id),
    dev: deviceTextOf(id),
    nstype: NAMESPACE_KINDS[kind].flag,
    names,
    owners: ownerChain(index, namespace).namespaces.map(({ id: owner }) => owner),
    ancestors: parentChain(index, namespace).namespaces.map(({ id: ancestor }) => ancestor),
    ...(kind === "user" ? { inUse: inUseFields(index, namespace) } : {}),
    holders: holdersOf(index, id).map(holderFields),
  };
  return `${toJson(document)}\n`;
}
