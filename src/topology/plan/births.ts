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
  return parent === undefined ? ofNobody(crew, process) : ofParent(crew, parent, process, standing);
}

/** Has somebody of its own pid namespace, who is there, fork a process. */
export function fork(crew: Crew, by: TaskName, process: ProcessNode, sibling = false): void {
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
