import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { isKind, NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import type { Person } from "./caller.ts";
import { groundOf } from "./ground.ts";
import { operationOf, type Aim, type OperationName } from "./operations.ts";
import { named } from "./prove-walk.ts";
import type { Evidence } from "./proof.ts";
import type { FileFacts, MountFacts, Part, Target } from "./situation.ts";

/** What an operation is to be done to, as it can be named. */
export type Resource =
  | { readonly namespace: NamespaceId }
  | { readonly process: Person }
  | { readonly host: true }
  | { readonly file: string; readonly facts?: FileFacts }
  /** A path in the mount namespace; what is mounted there, where it was seen. */
  | { readonly mount: string; readonly namespace: NamespaceId; readonly facts?: MountFacts }
  /** `evidence`: where it was seen that there is one. */
  | { readonly device: string; readonly namespace: NamespaceId; readonly evidence?: Evidence }
  /** A descriptor of a process; null: the network namespace of the socket was not shown. */
  | { readonly socket: { readonly holder: Person; readonly fd: number }; readonly namespace: NamespaceId | null }
  /** As under /proc/sys, with dots or slashes; `mode` of its file there. */
  | { readonly sysctl: string; readonly mode?: number };

/** A resource that the operation cannot be done to; `wanted` says to what it can. */
export interface Mismatch {
  readonly wanted: Aim;
}

/** The target of an operation: without a resource, the process's own of that kind. */
export function targetOf(
  index: SnapshotIndex,
  person: Person,
  { operation, resource }: { readonly operation: OperationName; readonly resource: Resource | undefined },
): Target | Mismatch {
  const { on } = operationOf(operation);
  const mismatch: Mismatch = { wanted: on };
  if (isKind(on)) return namespaceTarget(index, person, { kind: on, resource }) ?? mismatch;
  switch (on) {
    case "process":
      if (resource === undefined || !("process" in resource)) return mismatch;
      return { aim: "process", process: named(groundOf(index), resource.process) };
    case "file":
      if (resource === undefined || !("file" in resource)) return mismatch;
      return { aim: "file", path: resource.file, facts: resource.facts };
    case "sysctl":
      if (resource === undefined || !("sysctl" in resource)) return mismatch;
      return { aim: "sysctl", name: resource.sysctl, mode: resource.mode };
    case "host":
      return resource === undefined || "host" in resource ? { aim: "host" } : mismatch;
    case "own":
      return resource === undefined ? { aim: "own" } : mismatch;
  }
}

function namespaceTarget(
  index: SnapshotIndex,
  person: Person,
  { kind, resource }: { readonly kind: NamespaceKind; readonly resource: Resource | undefined },
): Target | undefined {
  if (resource !== undefined && "namespace" in resource) {
    return partTarget(index, kind, resource);
  }
  if (resource !== undefined && "host" in resource) {
    const first = firstOf(index, kind);
    return first === undefined ? { aim: "host" } : { aim: "namespace", record: first, what: first.id };
  }
  const of = resource === undefined ? person : "process" in resource ? resource.process : undefined;
  if (of === undefined) return undefined;
  const { pid, namespaces } = of.process;
  // A thread may be in another one: of that a snapshot knows.
  const tid = of.thread?.tid;
  const moved =
    tid === undefined ? undefined : index.snapshot.threads.find((one) => one.pid === pid && one.tid === tid);
  const id = moved?.namespaces[kind] ?? namespaces[kind];
  const record = id === undefined ? undefined : index.namespaces.get(id);
  return { aim: "namespace", record: record ?? null, what: `${pid}/${kind}` };
}

type OfNamespace = Extract<Resource, { namespace: NamespaceId | null }>;

function partTarget(index: SnapshotIndex, kind: NamespaceKind, resource: OfNamespace): Target | undefined {
  const { namespace } = resource;
  const record = namespace === null ? undefined : index.namespaces.get(namespace);
  if (namespace !== null && record?.kind !== kind) return undefined;
  const part = partOf(index, resource);
  if (record === undefined) {
    return part?.part === "socket" && kind === "net"
      ? { aim: "namespace", record: null, what: "net:[?]", part }
      : undefined;
  }
  return { aim: "namespace", record, what: record.id, ...(part !== undefined && { part }) };
}

function partOf(index: SnapshotIndex, resource: OfNamespace): Part | undefined {
  if ("mount" in resource) return { part: "mount", path: resource.mount, facts: resource.facts };
  if ("device" in resource) return { part: "device", name: resource.device, evidence: resource.evidence };
  if (!("socket" in resource)) return undefined;
  const { holder, fd } = resource.socket;
  return { part: "socket", holder: named(groundOf(index), holder), fd };
}

/** The machine's first namespace of a kind, where it was seen: its number is fixed. */
function firstOf(index: SnapshotIndex, kind: NamespaceKind): NamespaceRecord | undefined {
  const { initialInode } = NAMESPACE_KINDS[kind];
  const found = index.byInode.get(String(initialInode)) ?? [];
  return found.find((record) => record.kind === kind && inodeOf(record.id) === String(initialInode));
}
