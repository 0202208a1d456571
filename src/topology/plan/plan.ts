import type { TaskName } from "../../kernel/call.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import { pidOf, planBirth } from "./births.ts";
import { planBoundMounts } from "./bound-mounts.ts";
import { Crew, RESTORER } from "./crew.ts";
import { AMBIENT_USER } from "./index-topology.ts";
import { planLimits } from "./limits.ts";
import { planNamespaces } from "./namespaces.ts";
import { planNetworks } from "./networks.ts";
import { planPid } from "./pid-namespaces.ts";
import { planPins } from "./pins.ts";
import type { Commands, Restorer } from "./restorer.ts";
import { planStand } from "./stand.ts";
import type { Step } from "./step.ts";

/** Who does what, in order, so that a topology is there again. */
export interface Plan {
  /** Whoever begins: in the restorer's own namespaces, with its credentials. */
  readonly first: TaskName;
  readonly steps: readonly Step[];
}

/**
 * A plan for a topology whose references lead somewhere and in no circle. It is not known yet whether a kernel would carry it
 * out: that is what the model is for.
 */
export function planRestore(topology: Topology, restorer: Restorer, commands: Commands = new Map()): Plan {
  const crew = new Crew(topology, restorer, commands);
  planNamespaces(crew);
  planBoundMounts(crew);
  planNetworks(crew);
  planPeople(crew);
  planPins(crew);
  planLimits(crew);
  return { first: RESTORER, steps: crew.steps };
}

/** Pid namespaces and processes, each as soon as what it needs is there; who has no more children to fork takes its place. */
function planPeople(crew: Crew): void {
  const { index } = crew;
  const standing = new Map<Label, Reference>();
  const made = new Set<Reference>();
  const unforked = new Map<Label, number>();
  for (const { parent } of index.topology.processes) {
    if (parent !== undefined) unforked.set(parent, (unforked.get(parent) ?? 0) + 1);
  }

  const bring = (process: ProcessNode): void => {
    if (standing.has(process.label)) return;
    const parent = process.parent === undefined ? undefined : index.processes.get(process.parent);
    if (parent !== undefined) bring(parent);
    const pid = pidOf(process);
    populate(pid, process);
    const leader = process.group === undefined ? undefined : index.numbered(pid, process.group);
    // Whose group it joins has to be there.
    if (leader !== undefined && leader !== process) bring(leader);
    standing.set(process.label, planBirth(crew, process, standing));
    if (parent !== undefined) forked(parent);
    if ((unforked.get(process.label) ?? 0) === 0) takePlace(process);
  };
  const forked = (parent: ProcessNode): void => {
    const left = (unforked.get(parent.label) ?? 1) - 1;
    unforked.set(parent.label, left);
    if (left === 0) takePlace(parent);
  };
  /** By the time namespace that they wait for, which its maker makes as it takes its own place. */
  const waiting = new Map<Reference, ProcessNode[]>();
  const takePlace = (process: ProcessNode): void => {
    const needed = [...Object.values(process.namespaces), ...process.descriptors.map(({ namespace }) => namespace)];
    for (const reference of needed) makePid(reference);
    const missing = needed.find(
      (reference) => !crew.kept.has(reference) && (index.pendingTime.get(reference) ?? process) !== process,
    );
    if (missing !== undefined) {
      waiting.set(missing, [...(waiting.get(missing) ?? []), process]);
      return;
    }
    planStand(crew, process, standing.get(process.label) ?? AMBIENT_USER);
    const made = process.namespaces.time_for_children ?? AMBIENT_USER;
    const awake = waiting.get(made) ?? [];
    waiting.delete(made);
    for (const other of awake) takePlace(other);
  };
  /** A pid namespace, and whoever has to be there before anybody else: its first process, and those of the ones above. */
  const makePid = (pid: Reference): void => {
    const node = index.pid(pid);
    if (node === undefined || made.has(pid)) return;
    makePid(node.parent);
    const first = index.first.get(node.parent);
    if (first !== undefined) bring(first);
    made.add(pid);
    planPid(crew, node);
  };
  const populate = (pid: Reference, process: ProcessNode): void => {
    if (isBoundary(pid)) return;
    makePid(pid);
    const first = index.first.get(pid);
    if (first !== undefined && first.label !== process.label) bring(first);
  };

  for (const process of index.topology.processes) bring(process);
  for (const node of index.topology.namespaces) if (node.kind === "pid") makePid(node.label);
}
