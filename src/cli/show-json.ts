import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { ownerChain, parentChain } from "../snapshot/ancestors.ts";
import { holdersOf, type Holder } from "../snapshot/holders.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";

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
    holders: holdersOf(index, id).map(holderFields),
  };
  return `${toJson(document)}\n`;
}

function holderFields(holder: Holder): object {
  switch (holder.kind) {
    case "process":
    case "for-children": {
      const { pid, startTime, comm } = holder.process;
      return { kind: holder.kind, pid, startTime, comm };
    }
    case "bind-mount":
      return { kind: holder.kind, mountId: holder.pin.mountId, path: holder.pin.path };
    default:
      return { kind: holder.kind, namespace: holder.namespace.id };
  }
}
