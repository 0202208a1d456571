import type { TaskName } from "../../kernel/call.ts";
import { taskName } from "../../kernel/call.ts";
import type { Label, Reference } from "../reference.ts";
import type { ProcessNode } from "../topology.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { AMBIENT_PID, AMBIENT_USER } from "./index-topology.ts";

/** The name of a process of the topology among those who restore: labels of helpers have other forms. */
export const taskOf = (label: Label): TaskName => taskName(label);
export const pidOf = ({ namespaces }: ProcessNode): Reference => namespaces.pid ?? AMBIENT_PID;

/** Where each process that was born stands: in the user namespace of whoever forked it, with all its power. */
export type Standing = ReadonlyMap<Label, Reference>;

/**
 * A process is forked by its parent, or where that is not captured by a midwife, with the numbers that it shall have. Gives
 * the user namespace that it begins in.
 */
export function planBirth(crew: Crew, process: ProcessNode, standing: Standing): Reference {
  const parent = process.parent === undefined ? undefined : crew.index.processes.get(process.parent);
  const pid = pidOf(process);
  const begins = parent === undefined ? ofNobody(crew, process) : ofParent(crew, parent, process, standing);
  // Leads its own session, or one that its pid namespace does not show: never the restorer's, whose terminal may go.
  const task = taskOf(process.label);
  if (process.session === undefined) crew.does(task, { do: "session" }, process.label);
  else if (process.group === undefined) crew.does(task, { do: "group", number: 0 }, process.label);
  else if (process.group !== groupOf(parent, pid)) {
    crew.does(task, { do: "group", number: process.group }, process.label);
  }
  return begins;
}

/** The group that a child begins in: its parent's, as the pid namespace of both numbers it. */
function groupOf(parent: ProcessNode | undefined, pid: Reference): number | undefined {
  return parent === undefined || pidOf(parent) !== pid ? undefined : (parent.group ?? parent.numbers.at(-1));
}

function fork(crew: Crew, by: TaskName, process: ProcessNode, sibling = false): void {
  const numbers = process.numbers.toReversed();
  crew.does(
    by,
    {
      do: "fork",
      as: taskOf(process.label),
      ...(numbers.length > 0 && { numbers }),
      ...(sibling && { sibling }),
    },
    process.label,
  );
}

function ofNobody(crew: Crew, process: ProcessNode): Reference {
  const pid = pidOf(process);
  const midwife = crew.midwifeIn(pid);
  fork(crew, midwife, process);
  return midwife === RESTORER ? AMBIENT_USER : crew.baseOf(crew.outermostOwner(pid));
}

function ofParent(crew: Crew, parent: ProcessNode, process: ProcessNode, standing: Standing): Reference {
  const task = taskOf(parent.label);
  const begins = standing.get(parent.label) ?? AMBIENT_USER;
  const [own, pid] = [pidOf(parent), pidOf(process)];
  const base = crew.baseOf(crew.outermostOwner(pid));
  if (pid === own || base === begins) {
    crew.hop(task, pid, own, process.label);
    fork(crew, task, process);
    return begins;
  }
  // The parent may not go there, since it stands above the user namespace that owns all of this; somebody else may.
  const between = crew.helper(task, "between", process.label);
  crew.joins(between, base, process.label);
  crew.hop(between, pid, own, process.label);
  fork(crew, between, process, true);
  crew.leaves(between, task, process.label);
  return base;
}
