import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import { inOrder } from "./order.ts";
import type { NameRecord, NamespaceRecord, PinRecord, ProcessRecord, Snapshot } from "./types.ts";

/** A snapshot with its look-ups, each built in one pass: every question afterwards is a map access. */
export interface SnapshotIndex {
  /** Its records in order, as all lists below have them. */
  readonly snapshot: Snapshot;
  readonly namespaces: ReadonlyMap<NamespaceId, NamespaceRecord>;
  readonly processes: ReadonlyMap<number, ProcessRecord>;
  /** Namespaces by inode number alone, as text: more than one where devices differ. */
  readonly byInode: ReadonlyMap<string, readonly NamespaceRecord[]>;
  /** The processes in a namespace (not those that only have it for their children), by ascending pid. */
  readonly members: ReadonlyMap<NamespaceId, readonly ProcessRecord[]>;
  /** The processes whose children will be in it and who are not in it themselves. */
  readonly forChildren: ReadonlyMap<NamespaceId, readonly ProcessRecord[]>;
  readonly pins: ReadonlyMap<NamespaceId, readonly PinRecord[]>;
  readonly names: ReadonlyMap<NamespaceId, readonly NameRecord[]>;
  /** What a user namespace owns, user namespaces (its children) left out. */
  readonly owned: ReadonlyMap<NamespaceId, readonly NamespaceRecord[]>;
  /** The children of user and pid namespaces. */
  readonly children: ReadonlyMap<NamespaceId, readonly NamespaceRecord[]>;
}

/** The order in which records come makes no difference. */
export function indexSnapshot(seen: Snapshot): SnapshotIndex {
  const snapshot = inOrder(seen);
  const members = new Map<NamespaceId, ProcessRecord[]>();
  const forChildren = new Map<NamespaceId, ProcessRecord[]>();
  const owned = new Map<NamespaceId, NamespaceRecord[]>();
  const children = new Map<NamespaceId, NamespaceRecord[]>();
  const byInode = new Map<string, NamespaceRecord[]>();
  const pins = new Map<NamespaceId, PinRecord[]>();
  const names = new Map<NamespaceId, NameRecord[]>();

  for (const process of snapshot.processes) {
    for (const link of LINKS) {
      const id = process.namespaces[link];
      if (id === undefined) continue;
      const own = kindOfLink(link);
      if (link === own) push(members, id, process);
      else if (process.namespaces[own] !== id) push(forChildren, id, process);
    }
  }
  for (const namespace of snapshot.namespaces) {
    push(byInode, inodeOf(namespace.id), namespace);
    if (namespace.kind !== "user" && "to" in namespace.owner) push(owned, namespace.owner.to, namespace);
    if (namespace.parent !== undefined && "to" in namespace.parent) push(children, namespace.parent.to, namespace);
  }
  for (const pin of snapshot.pins) push(pins, pin.namespace, pin);
  for (const name of snapshot.names) push(names, name.namespace, name);

  return {
    snapshot,
    namespaces: new Map(snapshot.namespaces.map((namespace) => [namespace.id, namespace])),
    processes: new Map(snapshot.processes.map((process) => [process.pid, process])),
    byInode,
    members,
    forChildren,
    pins,
    names,
    owned,
    children,
  };
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
