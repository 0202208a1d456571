import type { NamespaceId } from "../../abi/ids.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { NamespaceRecord, PinRecord, ProcessRecord } from "../../snapshot/types.ts";
import { externalReference, type Boundary } from "../reference.ts";
import { canBeCaptured, type RootSet } from "./roots.ts";
import { leadsTo } from "../../snapshot/leads-to.ts";
import { push } from "../../snapshot/push.ts";

/** What an image will hold: closed under owner, parent, member and pin, up to the namespaces of whoever looks. */
export interface Captured {
  readonly index: SnapshotIndex;
  readonly namespaces: ReadonlyMap<NamespaceId, NamespaceRecord>;
  readonly processes: ReadonlyMap<number, ProcessRecord>;
  /** Named by a root, or below one, and not captured: ended, a thread of the kernel's own, or nsatlas itself. */
  readonly left: readonly ProcessRecord[];
  /** The namespaces of whoever looks, and those that are to be named when restoring: where it ends. */
  readonly boundary: ReadonlyMap<NamespaceId, Boundary>;
  /** The bind mounts in each mount namespace but the viewer's own, without those that it has from there. */
  readonly pinsIn: ReadonlyMap<NamespaceId, readonly PinRecord[]>;
}

/** Follows every relation once, from the roots upwards: linear in what is captured and in the list of bind mounts. */
export function capture(index: SnapshotIndex, roots: RootSet): Captured {
  const { viewpoint } = index.snapshot;
  const boundary = new Map<NamespaceId, Boundary>();
  for (const id of Object.values(viewpoint.namespaces)) {
    const record = index.namespaces.get(id);
    if (record !== undefined) boundary.set(id, `ambient:${record.kind}`);
  }
  for (const [id, key] of roots.externals) boundary.set(id, externalReference(key));
  const captured = {
    index,
    boundary,
    namespaces: new Map<NamespaceId, NamespaceRecord>(),
    processes: new Map<number, ProcessRecord>(),
    left: [] as ProcessRecord[],
    pinsIn: pinsByPlace(index),
  };
  const { namespaces, processes, pinsIn } = captured;
  const descriptors = namespaceDescriptors(index);
  const left: (NamespaceId | number)[] = [...roots.namespaces, ...roots.processes];
  const passed = new Set<NamespaceId | number>();

  const takeProcess = (process: ProcessRecord): void => {
    const isViewer = viewpoint.source === "live" && process.pid === viewpoint.pid;
    if (!canBeCaptured(process) || isViewer) {
      captured.left.push(process);
      return;
    }
    processes.set(process.pid, process);
    left.push(...Object.values(process.namespaces), ...(descriptors.get(process.pid) ?? []));
  };
  const takeNamespace = (record: NamespaceRecord): void => {
    namespaces.set(record.id, record);
    for (const relation of [record.owner, record.parent]) {
      const to = leadsTo(relation);
      if (to !== undefined) left.push(to);
    }
    // Nobody can be in a pid namespace without its first process.
    const init = record.kind === "pid" ? initOf(index, record.id) : undefined;
    if (init !== undefined) left.push(init.pid);
    for (const pin of pinsIn.get(record.id) ?? []) left.push(pin.namespace);
  };
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (passed.has(next)) continue;
    passed.add(next);
    if (typeof next === "number") {
      const process = index.processes.get(next);
      if (process !== undefined) takeProcess(process);
    } else if (!boundary.has(next)) {
      const record = index.namespaces.get(next);
      if (record !== undefined) takeNamespace(record);
    }
  }
  return captured;
}

/** The first process of a pid namespace, while it lives. */
export const initOf = (index: SnapshotIndex, pid: NamespaceId): ProcessRecord | undefined =>
  index.members.get(pid)?.find((process) => process.status?.numbers?.at(-1) === 1 && !process.zombie);

/** Of namespaces, and of sockets in others than the process is in, which nothing else may keep. */
function namespaceDescriptors({ snapshot }: SnapshotIndex): ReadonlyMap<number, readonly NamespaceId[]> {
  const found = new Map<number, NamespaceId[]>();
  for (const one of snapshot.descriptors) {
    if (one.what === "pidfd" || one.tid !== undefined || one.namespace === undefined) continue;
    push(found, one.pid, one.namespace);
  }
  return found;
}

/**
 * A mount namespace begins as a copy of another: a bind mount that is at the same path in the viewer's own comes by itself when
 * the restorer makes it as a copy of the own one, and leads to what is there then.
 */
function pinsByPlace({ snapshot }: SnapshotIndex): Map<NamespaceId, readonly PinRecord[]> {
  const found = new Map<NamespaceId, PinRecord[]>();
  const own = new Set(snapshot.pins.filter(({ mountNamespace }) => mountNamespace === undefined).map(placed));
  for (const pin of snapshot.pins) {
    const { mountNamespace } = pin;
    if (mountNamespace === undefined || mountNamespace === "unknown" || own.has(placed(pin))) continue;
    push(found, mountNamespace, pin);
  }
  return found;
}
const placed = ({ namespace, path = "" }: PinRecord): string => `${namespace} ${path}`;
