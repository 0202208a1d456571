import type { NamespaceId } from "../../abi/ids.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord } from "../../snapshot/types.ts";
import { push } from "../../snapshot/push.ts";

/** What a checkpoint starts from. */
export type Root =
  /** A process and all that is below it; `alone`: itself only. */
  | { readonly of: "process"; readonly pid: number; readonly alone?: true }
  /** Whoever is in it; of a pid namespace also in those below; of a user namespace its whole subtree and what that owns. */
  | { readonly of: "namespace"; readonly id: NamespaceId }
  /** No root, but where what hangs from the others ends: whatever leads there leads to `external:KEY`. */
  | { readonly of: "external"; readonly id: NamespaceId; readonly key: string };

/** The processes and namespaces that roots name, before anything is followed from them. */
export interface RootSet {
  readonly processes: ReadonlySet<number>;
  readonly namespaces: ReadonlySet<NamespaceId>;
  /** By what each is to be called. */
  readonly externals: ReadonlyMap<NamespaceId, string>;
}

/**
 * Why a root is none. own: a namespace that whoever looks is in: everybody's, so nothing of it is captured. external: it is to
 * be left out. user: the ids of all below would be numbers in a user namespace that is not captured.
 */
export interface RootFault {
  readonly root: Root;
  readonly why: "no-such-process" | "no-such-namespace" | "own" | "external" | "user";
}

/** Each process and namespace is passed once, whatever roots there are. */
export function rootSet(index: SnapshotIndex, roots: readonly Root[]): RootSet | RootFault {
  const processes = new Set<number>();
  const namespaces = new Set<NamespaceId>();
  const own = new Set(Object.values(index.snapshot.viewpoint.namespaces));
  const externals = new Map(roots.flatMap((root) => (root.of === "external" ? [[root.id, root.key] as const] : [])));
  const below = childrenOf(index);
  for (const root of roots) {
    if (root.of === "process") {
      if (!index.processes.has(root.pid)) return { root, why: "no-such-process" };
      if (root.alone === true) processes.add(root.pid);
      else descend(root.pid, processes, (pid) => below.get(pid) ?? []);
      continue;
    }
    const record = index.namespaces.get(root.id);
    if (record === undefined) return { root, why: "no-such-namespace" };
    if (own.has(root.id)) return { root, why: "own" };
    if (root.of === "external") {
      if (record.kind === "user") return { root, why: "user" };
      continue;
    }
    if (externals.has(root.id)) return { root, why: "external" };
    descend(record.id, namespaces, (id) => hangingFrom(index, id).map((one) => one.id));
  }
  for (const id of namespaces) for (const { pid } of index.members.get(id) ?? []) processes.add(pid);
  return { processes, namespaces, externals };
}

/** Of a user namespace its children and what it owns, of a pid namespace its children. */
function hangingFrom(index: SnapshotIndex, id: NamespaceId): readonly NamespaceRecord[] {
  return [...(index.children.get(id) ?? []), ...(index.owned.get(id) ?? [])];
}

function childrenOf({ snapshot }: SnapshotIndex): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const { pid, ppid } of snapshot.processes) {
    push(children, ppid, pid);
  }
  return children;
}

/** Adds `start` and all that is below; what is there already is not gone through again. */
function descend<T>(start: T, into: Set<T>, below: (one: T) => readonly T[]): void {
  const left = [start];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (into.has(one)) continue;
    into.add(one);
    left.push(...below(one));
  }
}

/** Whether a process can be captured at all: no thread of the kernel's own, and not one that has ended. */
export const canBeCaptured = ({ kernelThread, zombie }: ProcessRecord): boolean => !kernelThread && !zombie;
