import { kindOfLink, LINKS } from "../../abi/proc-links.ts";
import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, type Fault, type Path } from "../../snapshot/issue.ts";
import type { Label } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import { nodeOf, referenceFaults, type Known } from "./known.ts";

/** Memberships, numbers, parents, descriptors. */
export function* processFaults({ namespaces, processes }: Topology, known: Known): Generator<Fault> {
  /** Who has which number where: "LABEL NUMBER". */
  const taken = new Map<string, Label>();
  for (const [nth, process] of processes.entries()) {
    const at: Path = ["processes", nth];
    for (const link of LINKS) {
      const reference = process.namespaces[link];
      const place = [...at, "namespaces", link];
      if (reference !== undefined) yield* referenceFaults(known, reference, { kind: kindOfLink(link), at: place });
    }
    yield* parentFaults(known, process, { nth, at });
    yield* pidFaults(known, process, at);
    const chain = known.pidChains.get(process.namespaces.pid ?? "") ?? [];
    if (process.numbers.length !== chain.length) {
      const about = { count: chain.length, namespaces: chain.join(", ") || "ambient:pid" };
      yield faultAt([...at, "numbers"], TOPOLOGY_ISSUES["count-of-numbers"], about);
    }
    for (const [level, namespace] of chain.entries()) {
      const number = process.numbers[level];
      if (number === undefined) continue;
      const by = taken.get(`${namespace} ${number}`);
      if (by === undefined) taken.set(`${namespace} ${number}`, process.label);
      else yield faultAt([...at, "numbers", level], TOPOLOGY_ISSUES["number-taken"], { number, namespace, by });
    }
    yield* leaderFaults(known, process, at);
    yield* descriptorFaults(known, process, at);
  }
  for (const [nth, node] of namespaces.entries()) {
    if (node.kind !== "pid" || node.state !== "alive" || taken.has(`${node.label} 1`)) continue;
    yield faultAt(["namespaces", nth], TOPOLOGY_ISSUES["no-first-process"], { label: node.label });
  }
}

function* parentFaults(
  { processes, pidChains }: Known,
  { parent, namespaces }: ProcessNode,
  { nth, at }: { nth: number; at: Path },
): Generator<Fault> {
  if (parent === undefined) return;
  const place = [...at, "parent"];
  const found = processes.get(parent);
  if (found === undefined) {
    yield faultAt(place, TOPOLOGY_ISSUES["no-such-label"], { label: parent, kind: "process" });
    return;
  }
  if (found.nth >= nth) yield faultAt(place, TOPOLOGY_ISSUES["stands-later"], { label: parent });
  const above = pidChains.get(found.record.namespaces.pid ?? "")?.at(-1);
  const own = pidChains.get(namespaces.pid ?? "") ?? [];
  if (above !== undefined && !own.includes(above))
    yield faultAt(place, TOPOLOGY_ISSUES["parent-not-above"], { parent });
}

function* pidFaults(known: Known, { namespaces }: ProcessNode, at: Path): Generator<Fault> {
  const own = nodeOf(known, namespaces.pid);
  const place = [...at, "namespaces"];
  if (own?.kind === "pid" && own.state !== "alive") {
    const { label, state } = own;
    yield faultAt([...place, "pid"], TOPOLOGY_ISSUES["nobody-can-be-in-it"], { label, state });
  }
  const children = namespaces.pid_for_children;
  if (own === undefined || children === undefined) return;
  const isBelow = known.pidChains.get(children)?.includes(own.label) === true;
  if (!isBelow)
    yield faultAt([...place, "pid_for_children"], TOPOLOGY_ISSUES["children-not-below"], { label: children });
}

/** By label where numbers are anybody's, and only there. */
function* leaderFaults({ processes }: Known, process: ProcessNode, at: Path): Generator<Fault> {
  for (const led of ["session", "group"] as const) {
    const leader = process[led];
    if (typeof leader !== "string") continue;
    const about = { label: leader, kind: "process" };
    if (!processes.has(leader)) yield faultAt([...at, led], TOPOLOGY_ISSUES["no-such-label"], about);
    else if (process.numbers.length > 0) yield faultAt([...at, led], TOPOLOGY_ISSUES["leader-by-number"], about);
  }
}

function* descriptorFaults(known: Known, { descriptors }: ProcessNode, at: Path): Generator<Fault> {
  const fds = new Set<number>();
  for (const [nth, { fd, namespace }] of descriptors.entries()) {
    const place = [...at, "descriptors", nth];
    if (fds.has(fd)) yield faultAt([...place, "fd"], TOPOLOGY_ISSUES["descriptor-twice"], { fd });
    fds.add(fd);
    yield* anyReferenceFaults(known, namespace, [...place, "namespace"]);
  }
}

/** A reference to a namespace of whichever kind. */
export function* anyReferenceFaults(known: Known, reference: string, at: Path): Generator<Fault> {
  if (reference.includes(":") || known.nodes.has(reference)) return;
  yield faultAt(at, TOPOLOGY_ISSUES["no-such-label"], { label: reference, kind: "namespace" });
}
