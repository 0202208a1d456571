import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { NamespaceRecord, PinRecord, ProcessRecord } from "./types.ts";

/** Something that keeps a namespace alive. Source: namespaces(7), "Namespace lifetime". */
export type Holder =
  /** It is in the namespace. */
  | { readonly kind: "process"; readonly process: ProcessRecord }
  /** Its children will be in it (`pid_for_children`, `time_for_children`), it is not itself. */
  | { readonly kind: "for-children"; readonly process: ProcessRecord }
  | { readonly kind: "bind-mount"; readonly pin: PinRecord }
  /** Child of a user or pid namespace. */
  | { readonly kind: "child"; readonly namespace: NamespaceRecord }
  /** Owned by a user namespace; its child user namespaces are children. */
  | { readonly kind: "owned"; readonly namespace: NamespaceRecord };

/**
 * What keeps a namespace alive, as far as a snapshot of format 1 knows: open descriptors, sockets, threads that differ from
 * their process, mounts in other mount namespaces are not in it. So none here does not mean none.
 */
export function holdersOf(index: SnapshotIndex, id: NamespaceId): readonly Holder[] {
  const holders: Holder[] = [];
  for (const process of index.members.get(id) ?? []) holders.push({ kind: "process", process });
  for (const process of index.forChildren.get(id) ?? []) holders.push({ kind: "for-children", process });
  for (const pin of index.pins.get(id) ?? []) holders.push({ kind: "bind-mount", pin });
  for (const namespace of index.children.get(id) ?? []) holders.push({ kind: "child", namespace });
  for (const namespace of index.owned.get(id) ?? []) holders.push({ kind: "owned", namespace });
  return holders;
}
