import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { ownerChain, parentChain } from "../snapshot/ancestors.ts";
import { holdersOf, type Holder } from "../snapshot/holders.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { MountPlace, NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";

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

const processFields = ({ pid, startTime, comm }: ProcessRecord): object => ({ pid, startTime, comm });

const placeFields = ({ mountId, mountNamespace, path, through }: MountPlace): object => ({
  mountId,
  mountNamespace,
  path,
  through,
});

/** A holder as JSON has it. */
export function holderFields(holder: Holder): object {
  switch (holder.kind) {
    case "process": {
      return { kind: holder.kind, ...processFields(holder.process) };
    }
    case "thread":
    case "for-children":
      return { kind: holder.kind, ...processFields(holder.process), tid: holder.thread?.tid };
    case "descriptor":
    case "socket":
    case "pidfd": {
      const { pid: _pid, what: _what, namespace: _namespace, ...rest } = holder.descriptor;
      return { kind: holder.kind, ...processFields(holder.process), ...rest };
    }
    case "bind-mount":
      return { kind: holder.kind, ...placeFields(holder.pin) };
    case "mount":
      return { kind: holder.kind, fileSystem: holder.mount.fileSystem, ...placeFields(holder.mount) };
    default:
      return { kind: holder.kind, namespace: holder.namespace.id };
  }
}
