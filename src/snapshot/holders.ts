import type { NamespaceId } from "../abi/ids.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type {
  DescriptorRecord,
  HoldingMount,
  NamespaceRecord,
  PinRecord,
  ProcessRecord,
  ThreadRecord,
} from "./types.ts";

/** Something that keeps a namespace alive. Source: namespaces(7), "Namespace lifetime". */
export type Holder =
  /** It is in the namespace. */
  | { readonly kind: "process"; readonly process: ProcessRecord }
  /** A thread is in it, its process is not. */
  | { readonly kind: "thread"; readonly process: ProcessRecord; readonly thread: ThreadRecord }
  /** Its children will be in it (`pid_for_children`, `time_for_children`), it is not itself; `thread`: one thread's. */
  | { readonly kind: "for-children"; readonly process: ProcessRecord; readonly thread?: ThreadRecord }
  /** An open namespace file, a socket of this network namespace, or a descriptor of a process of this pid namespace. */
  | {
      readonly kind: "descriptor" | "socket" | "pidfd";
      readonly descriptor: DescriptorRecord;
      /** Whose it is. */
      readonly process: ProcessRecord;
    }
  | { readonly kind: "bind-mount"; readonly pin: PinRecord }
  /** A proc of this pid namespace is mounted. */
  | { readonly kind: "mount"; readonly mount: HoldingMount }
  /** Child of a user or pid namespace. */
  | { readonly kind: "child"; readonly namespace: NamespaceRecord }
  /** Owned by a user namespace; its child user namespaces are children. */
  | { readonly kind: "owned"; readonly namespace: NamespaceRecord };

export type HolderKind = Holder["kind"];

/**
 * What keeps a namespace alive, as far as a snapshot knows; kind by kind, those that surely hold it first. Coverage says what
 * was not looked into: none here does not mean none.
 */
export function holdersOf(index: SnapshotIndex, id: NamespaceId): readonly Holder[] {
  const holders: Holder[] = [];
  for (const process of index.members.get(id) ?? []) holders.push({ kind: "process", process });
  for (const thread of index.threads.get(id) ?? []) {
    holders.push({ kind: "thread", process: processOf(index, thread), thread });
  }
  for (const process of index.forChildren.get(id) ?? []) holders.push({ kind: "for-children", process });
  for (const thread of index.threadsForChildren.get(id) ?? []) {
    holders.push({ kind: "for-children", process: processOf(index, thread), thread });
  }
  for (const descriptor of index.descriptors.get(id) ?? []) {
    const kind = descriptor.what === "namespace" ? "descriptor" : descriptor.what;
    holders.push({ kind, descriptor, process: processOf(index, descriptor) });
  }
  for (const pin of index.pins.get(id) ?? []) holders.push({ kind: "bind-mount", pin });
  for (const mount of index.mounts.get(id) ?? []) if (holds(mount)) holders.push({ kind: "mount", mount });
  for (const namespace of index.children.get(id) ?? []) holders.push({ kind: "child", namespace });
  for (const namespace of index.owned.get(id) ?? []) holders.push({ kind: "owned", namespace });
  return holders;
}

/**
 * Whether a mounted file system keeps its namespace: a proc does; an mqueue is emptied when the last task has left its ipc
 * namespace. Source: fs/proc/root.c proc_fs_info; ipc/namespace.c put_ipc_ns, mq_clear_sbinfo; measured.
 */
export const holds = ({ fileSystem }: HoldingMount): boolean => fileSystem === "proc";

/** The process of a record that hangs from one: in a right snapshot it has a record too. */
function processOf({ processes }: SnapshotIndex, { pid }: { readonly pid: number }): ProcessRecord {
  const process = processes.get(pid);
  if (process === undefined) throw new RangeError(`the snapshot has no process ${pid}`);
  return process;
}
