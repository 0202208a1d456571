import type { Label } from "../reference.ts";
import type { ProcessNode } from "../topology.ts";
import { pidOf, taskOf } from "./births.ts";
import type { Crew } from "./crew.ts";
import type { HelperNumbers } from "./helper-numbers.ts";

/** Which process group everybody is in as they are born, and how each comes into the one that it shall be in. */
export class GroupsOf {
  readonly #crew: Crew;
  readonly #numbers: HelperNumbers;
  /** By process: its group, as the label of its leader or what `#keyOf` gives. */
  readonly #current = new Map<Label, string>();
  /** Those of leaders that have ended, which somebody is in by now. */
  readonly #begun = new Set<string>();

  constructor(crew: Crew, numbers: HelperNumbers) {
    this.#crew = crew;
    this.#numbers = numbers;
  }

  /** The captured leader of the group that a process shall be in, be it itself. */
  leaderOf(process: ProcessNode): ProcessNode | undefined {
    return this.#crew.index.leader(process, "group");
  }
  #keyOf(process: ProcessNode): string {
    return this.leaderOf(process)?.label ?? `${pidOf(process)} ${process.group}`;
  }

  /** From whoever forked it. */
  inherits({ label }: ProcessNode, parent: ProcessNode | undefined): void {
    const group = parent && this.#current.get(parent.label);
    if (group !== undefined) this.#current.set(label, group);
  }
  /** From the leader of its session, or who stands in for that: it has a group of its own. */
  inheritsOf({ label }: ProcessNode, session: string): void {
    this.#current.set(label, session);
    this.#begun.add(session);
  }
  leads({ label }: ProcessNode): void {
    this.#current.set(label, label);
  }

  /** Whose leader has ended: somebody has its number for a moment, which nobody else gets then, and leaves the group to it. */
  join(process: ProcessNode): void {
    const { label, group } = process;
    const key = this.#keyOf(process);
    if (group === undefined || this.#current.get(label) === key) return;
    const task = taskOf(label);
    if (typeof group === "string") {
      this.#crew.does(task, { do: "group", of: taskOf(group) }, label);
      return;
    }
    const isBegun = this.leaderOf(process) !== undefined || this.#begun.has(key);
    this.#begun.add(key);
    this.#current.set(label, key);
    if (isBegun) {
      this.#crew.does(task, { do: "group", number: group }, label);
      return;
    }
    const pid = pidOf(process);
    this.#crew.hop(task, pid, pid, label);
    const leader = this.#crew.helper(task, "leader", label, { numbers: this.#numbers.beside(process, group) });
    this.#crew.does(leader, { do: "group", number: 0 }, label);
    this.#crew.does(task, { do: "group", number: group }, label);
    this.#crew.leaves(leader, task, label);
  }
}
