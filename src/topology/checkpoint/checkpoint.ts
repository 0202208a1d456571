import type { NamespaceId } from "../../abi/ids.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import type { DescriptorRecord, Snapshot } from "../../snapshot/types.ts";
import { TOPOLOGY_FORMAT, TOPOLOGY_VERSION, type Origin, type Topology } from "../topology.ts";
import { ledAtBoundary } from "./boundary-sessions.ts";
import { capture, type Captured } from "./capture.ts";
import { IdNumbers } from "./id-numbers.ts";
import type { Making } from "./making.ts";
import { namespaceNode } from "./namespace-nodes.ts";
import { Notes } from "./notes.ts";
import { inImageOrder } from "./order.ts";
import { pinNodes } from "./pin-nodes.ts";
import { capturedNumbers, processNode } from "./process-nodes.ts";
import { rootSet, type Root, type RootFault } from "./roots.ts";
import { push } from "../../snapshot/push.ts";

export type Checkpoint =
  | { readonly ok: true; readonly topology: Topology }
  | { readonly ok: false; readonly fault: RootFault };

/**
 * The topology that hangs from some roots, as one look has it. What the image lacks is in its findings; where one is of class
 * refuse it is no image to restore from. Nothing is asked of anybody, and the time it takes grows with the snapshot.
 */
export function checkpoint(snapshot: Snapshot, roots: readonly Root[]): Checkpoint {
  const index = indexSnapshot(snapshot);
  const set = rootSet(index, roots);
  if ("why" in set) return { ok: false, fault: set };
  const captured = capture(index, set);
  const numbers = capturedNumbers(captured);
  const ordered = inImageOrder(captured, numbers);
  const making: Making = { captured, ordered, ids: new IdNumbers(captured), notes: new Notes() };
  const descriptors = descriptorsOf(captured);
  const led = ledAtBoundary(captured, ordered.processes, numbers);

  const namespaces = ordered.namespaces.map((record) => namespaceNode(making, record));
  const processes = ordered.processes.map((process) =>
    processNode(making, process, {
      numbers: numbers.get(process.pid),
      led: led.get(process.pid),
      descriptors: descriptors.get(process.pid) ?? [],
    }),
  );
  const pins = pinNodes(making);
  noteSurroundings(making, { numbers, pinned: new Set(pins.map(({ namespace }) => namespace)) });
  return {
    ok: true,
    topology: {
      format: TOPOLOGY_FORMAT,
      version: TOPOLOGY_VERSION,
      origin: originOf(snapshot),
      namespaces,
      processes,
      pins,
      findings: making.notes.inOrder([...ordered.labels.values(), ...ordered.processLabels.values()]),
    },
  };
}

function originOf({ producer, takenAt, viewpoint: { kernel, bootId } }: Snapshot): Origin {
  const { release, machine } = kernel;
  return { producer, takenAt, kernel: { release, machine }, ...(bootId !== undefined && { bootId }) };
}

function descriptorsOf({ index, processes }: Captured): ReadonlyMap<number, readonly DescriptorRecord[]> {
  const found = new Map<number, DescriptorRecord[]>();
  for (const one of index.snapshot.descriptors) {
    if (!processes.has(one.pid)) continue;
    push(found, one.pid, one);
  }
  return found;
}

interface Surroundings {
  readonly numbers: ReadonlyMap<number, readonly number[]>;
  /** The labels of what a bind mount of the image holds. */
  readonly pinned: ReadonlySet<string>;
}

/** What is said of the whole, of what was left out, and of what lies around. */
function noteSurroundings({ captured, ordered, notes }: Making, { numbers, pinned }: Surroundings): void {
  const { index, processes, namespaces, left } = captured;
  notes.note("kernels-numbers", undefined);
  const free = [...numbers.values()].filter((those) => those.length === 0).length;
  if (free > 0) notes.note("ambient-numbers", undefined, { count: String(free) });
  for (const { pid, comm, zombie, kernelThread } of left) {
    const code = zombie ? "ended-process" : kernelThread ? "kernel-thread" : "is-nsatlas";
    notes.note(code, undefined, { pid: String(pid), ...(code !== "is-nsatlas" && { comm }) });
  }
  const leftOut = new Set(left.map(({ pid }) => pid));
  for (const thread of index.snapshot.threads) {
    const label = ordered.processLabels.get(thread.pid);
    const links = Object.keys(thread.namespaces).join(", ");
    if (label !== undefined) notes.note("thread-elsewhere", label, { tid: String(thread.tid), link: links });
  }
  const held = heldBelow(captured);
  for (const { id } of ordered.namespaces) {
    const label = ordered.labels.get(id) ?? "";
    const members = index.members.get(id) ?? [];
    const strangers = members.filter(({ pid }) => !processes.has(pid) && !leftOut.has(pid));
    const [first] = strangers;
    if (first !== undefined) {
      const { pid, comm } = first;
      notes.note("member-outside", label, { count: String(strangers.length), pid: String(pid), comm });
    }
    const isHeld = held.has(id) || pinned.has(label);
    if (!isHeld && namespaces.has(id)) notes.note("no-holder", label);
  }
}

/** What captured processes and captured namespaces keep alive. */
function heldBelow({ index, processes, namespaces }: Captured): ReadonlySet<NamespaceId> {
  const held = new Set<NamespaceId>();
  for (const { namespaces: links } of processes.values()) for (const id of Object.values(links)) held.add(id);
  for (const { pid, tid, what, namespace } of index.snapshot.descriptors) {
    if (what === "namespace" && tid === undefined && processes.has(pid)) held.add(namespace);
  }
  for (const { owner, parent } of namespaces.values()) {
    for (const relation of [owner, parent]) if (relation !== undefined && "to" in relation) held.add(relation.to);
  }
  return held;
}
