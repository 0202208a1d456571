import { leadsTo } from "../../snapshot/leads-to.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import { compareNamespaces, compareText } from "../../snapshot/order.ts";
import type { NamespaceRecord, PinRecord, ProcessRecord } from "../../snapshot/types.ts";
import type { Label } from "../reference.ts";
import type { Captured } from "./capture.ts";
import { push } from "../../snapshot/push.ts";

/** What is captured, in the order of the image, with labels. */
export interface Ordered {
  readonly namespaces: readonly NamespaceRecord[];
  readonly processes: readonly ProcessRecord[];
  readonly labels: ReadonlyMap<NamespaceId, Label>;
  readonly processLabels: ReadonlyMap<number, Label>;
}

/** A process's links in the order in which their namespaces get their labels. */
const SLOTS: readonly ProcLink[] = [
  "user",
  "pid",
  "pid_for_children",
  "mnt",
  "uts",
  "ipc",
  "net",
  "cgroup",
  "time",
  "time_for_children",
];

/**
 * An order that comes of the structure, not of the kernel's numbers, so that what was restored gives the image that it was
 * restored from: processes from parent to child, siblings by their captured numbers and then by age; namespaces as these lead
 * to them, owners and parents before. `numbers` are those of `capturedNumbers`.
 */
export function inImageOrder(captured: Captured, numbers: ReadonlyMap<number, readonly number[]>): Ordered {
  const processes = processOrder(captured, numbers);
  const namespaces = namespaceOrder(captured, processes);
  const labels = new Map<NamespaceId, Label>();
  const counts = new Map<NamespaceKind, number>();
  for (const { id, kind } of namespaces) {
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    labels.set(id, `${kind}-${nth}`);
  }
  const processLabels = new Map(processes.map(({ pid }, nth) => [pid, `process-${nth + 1}`]));
  return { namespaces, processes, labels, processLabels };
}

function processOrder(
  { processes }: Captured,
  numbers: ReadonlyMap<number, readonly number[]>,
): readonly ProcessRecord[] {
  const children = new Map<number, ProcessRecord[]>();
  const tops: ProcessRecord[] = [];
  for (const process of processes.values()) {
    if (!processes.has(process.ppid) || process.ppid === process.pid) tops.push(process);
    else push(children, process.ppid, process);
  }
  const eldest = (a: ProcessRecord, b: ProcessRecord): number =>
    compareNumbers(numbers.get(a.pid) ?? [], numbers.get(b.pid) ?? []) || a.startTime - b.startTime || a.pid - b.pid;
  const ordered: ProcessRecord[] = [];
  const left = tops.sort(eldest).toReversed();
  for (let process = left.pop(); process !== undefined; process = left.pop()) {
    ordered.push(process);
    left.push(...(children.get(process.pid) ?? []).sort(eldest).toReversed());
  }
  return ordered;
}

/** As words in a dictionary: what begins another comes before it. */
function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [nth, number] of a.entries()) {
    const other = b[nth];
    if (other === undefined) return 1;
    if (number !== other) return number - other;
  }
  return a.length - b.length;
}

function namespaceOrder(
  { index, namespaces, processes: those, pinsIn }: Captured,
  processes: readonly ProcessRecord[],
): readonly NamespaceRecord[] {
  /** A set keeps the order in which things were added. */
  const ordered = new Set<NamespaceRecord>();
  const pinned: PinRecord[] = [];
  const open = new Set<NamespaceRecord>();
  const above = ({ owner, parent }: NamespaceRecord): readonly NamespaceRecord[] =>
    [leadsTo(owner), leadsTo(parent)].flatMap((id) => {
      const record = id === undefined ? undefined : namespaces.get(id);
      return record === undefined || open.has(record) ? [] : [record];
    });
  const add = (id: NamespaceId | undefined): void => {
    const first = id === undefined ? undefined : namespaces.get(id);
    const left = first === undefined || open.has(first) ? [] : [first];
    for (let record = left.at(-1); record !== undefined; record = left.at(-1)) {
      open.add(record);
      // The parent last, so that it is the next: the owners of a parent come before it in turn.
      const higher = above(record);
      left.push(...higher);
      if (higher.length > 0) continue;
      left.pop();
      if (ordered.has(record)) continue;
      ordered.add(record);
      pinned.push(...byPath(pinsIn.get(record.id) ?? []));
    }
  };
  for (const { namespaces: links } of processes) for (const slot of SLOTS) add(links[slot]);
  const held = index.snapshot.descriptors.filter(({ what, pid }) => what === "namespace" && those.has(pid));
  const ranks = new Map(processes.map(({ pid }, nth) => [pid, nth]));
  for (const { namespace } of held.toSorted((a, b) => (ranks.get(a.pid) ?? 0) - (ranks.get(b.pid) ?? 0) || a.fd - b.fd))
    add(namespace);
  const own = index.snapshot.pins.filter(({ mountNamespace }) => mountNamespace === undefined);
  for (const { namespace } of byPath(own)) add(namespace);
  // What they lead to may be a mount namespace with further ones: the list grows while it is read.
  for (const { namespace } of pinned) add(namespace);
  for (const { id } of [...namespaces.values()].sort(compareNamespaces)) add(id);
  return [...ordered];
}

const byPath = (pins: readonly PinRecord[]): readonly PinRecord[] =>
  pins.toSorted((a, b) => compareText(a.path ?? "", b.path ?? "") || a.mountId - b.mountId);
