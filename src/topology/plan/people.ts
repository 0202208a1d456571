import type { TaskName } from "../../kernel/call.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { ProcessNode } from "../topology.ts";
import { fork, pidOf, planBirth, taskOf } from "./births.ts";
import { RESTORER, type Crew } from "./crew.ts";
import { GroupsOf } from "./groups.ts";
import { HelperNumbers } from "./helper-numbers.ts";
import { AMBIENT_USER } from "./index-topology.ts";
import { planPid } from "./pid-namespaces.ts";
import { descentsOf, type Descent, type Donor } from "./sessions.ts";
import { planStand } from "./stand.ts";
import { push } from "../../snapshot/push.ts";

/** Pid namespaces and processes, each as soon as what it needs is there; who has no more children to fork takes its place. */
export function planPeople(crew: Crew): void {
  const people = new People(crew);
  for (const process of crew.index.topology.processes) people.bring(process);
  for (const node of crew.index.topology.namespaces) if (node.kind === "pid") people.makePid(node.label);
}

type Orphan = Extract<Descent, { readonly donor: Donor }>;

class People {
  readonly #crew: Crew;
  /** The user namespace that each who was born begins in. */
  readonly #standing = new Map<Label, Reference>();
  readonly #made = new Set<Reference>();
  /** What each has still to do before it takes its place: forks, of children and for others, and its own session. */
  readonly #busy = new Map<Label, number>();
  readonly #descents: ReadonlyMap<Label, Descent>;
  /** Those who are born before their parent begins a session. */
  readonly #early = new Map<Label, ProcessNode[]>();
  /** By the time namespace that they wait for, which its maker makes as it takes its own place. */
  readonly #waiting = new Map<Reference, ProcessNode[]>();
  /** By session: who stands in for its leader, and for how many more. */
  readonly #relicts = new Map<string, { readonly by: TaskName; left: number }>();
  readonly #numbers: HelperNumbers;
  readonly #groups: GroupsOf;

  constructor(crew: Crew) {
    this.#crew = crew;
    this.#descents = descentsOf(crew.index);
    this.#numbers = new HelperNumbers(crew.index);
    this.#groups = new GroupsOf(crew, this.#numbers);
    const members = new Map<string, number>();
    for (const process of crew.index.topology.processes) {
      const { label, parent } = process;
      this.#adds(label);
      if (parent !== undefined) this.#adds(parent);
      const descent = this.#descents.get(label);
      if (descent?.by === "parent-before" && parent !== undefined) push(this.#early, parent, process);
      if (descent === undefined || !("donor" in descent)) continue;
      const { donor } = descent;
      if ("leader" in donor) this.#adds(donor.leader);
      else if (members.has(donor.relict)) members.set(donor.relict, (members.get(donor.relict) ?? 0) + 1);
      else {
        members.set(donor.relict, 1);
        this.#adds(donor.parent.label);
      }
    }
    this.#members = members;
  }
  readonly #members: ReadonlyMap<string, number>;

  #adds(label: Label): void {
    this.#busy.set(label, (this.#busy.get(label) ?? 0) + 1);
  }
  #has(label: Label): boolean {
    return this.#standing.has(label);
  }

  bring(process: ProcessNode): void {
    const { label } = process;
    if (this.#has(label)) return;
    const { index } = this.#crew;
    const parent = process.parent === undefined ? undefined : index.processes.get(process.parent);
    if (parent !== undefined) this.bring(parent);
    this.#populate(pidOf(process), process);
    const descent = this.#descents.get(label);
    const orphan = descent !== undefined && "donor" in descent ? descent : undefined;
    const donor = orphan && this.#bringDonor(orphan.donor, process);
    // Somebody that it waited for may have brought it.
    if (this.#has(label)) return;
    if (orphan === undefined || donor === undefined) {
      this.#standing.set(label, planBirth(this.#crew, process, this.#standing));
      this.#groups.inherits(process, parent);
    } else {
      this.#standing.set(label, this.#adopted(process, orphan, donor));
    }
    for (const early of this.#early.get(label) ?? []) this.bring(early);
    this.#begins(process);
    if (parent !== undefined) this.#done(parent);
    if (orphan !== undefined) this.#released(orphan.donor);
    this.#done(process);
  }

  /** A session or a group of its own; others' groups it joins once all are there. Never in the restorer's, whose terminal may go. */
  #begins(process: ProcessNode): void {
    const { label } = process;
    const { index } = this.#crew;
    const task = taskOf(label);
    if (index.leads(process, "session")) this.#crew.does(task, { do: "session" }, label);
    else if (index.leads(process, "group")) this.#crew.does(task, { do: "group", number: 0 }, label);
    else return;
    this.#groups.leads(process);
  }

  /** Somebody of the session that a process is in. */
  #bringDonor(donor: Donor, { label }: ProcessNode): TaskName | undefined {
    const { index } = this.#crew;
    if ("leader" in donor) {
      const leader = index.processes.get(donor.leader);
      if (leader === undefined) return undefined;
      this.bring(leader);
      return taskOf(leader.label);
    }
    const { relict, parent, number } = donor;
    this.bring(parent);
    const there = this.#relicts.get(relict);
    if (there !== undefined) return there.by;
    const pid = pidOf(parent);
    this.#crew.hop(taskOf(parent.label), pid, pid, label);
    const numbers = this.#numbers.beside(parent, number);
    const by = this.#crew.helper(taskOf(parent.label), "leader", label, { numbers });
    this.#crew.does(by, { do: "session" }, label);
    this.#relicts.set(relict, { by, left: this.#members.get(relict) ?? 0 });
    return by;
  }

  #released(donor: Donor): void {
    const { processes } = this.#crew.index;
    if ("leader" in donor) {
      const leader = processes.get(donor.leader);
      if (leader !== undefined) this.#done(leader);
      return;
    }
    const there = this.#relicts.get(donor.relict);
    if (there === undefined || --there.left > 0) return;
    this.#crew.leaves(there.by, taskOf(donor.parent.label), donor.parent.label);
    this.#done(donor.parent);
  }

  /** A child of whoever took it over, in the session of whoever forked it. Gives the user namespace that it begins in. */
  #adopted(process: ProcessNode, { by, donor }: Orphan, task: TaskName): Reference {
    const crew = this.#crew;
    const { label } = process;
    const stands = "leader" in donor ? donor.leader : donor.parent.label;
    const pid = pidOf(process);
    if ("leader" in donor) crew.hop(task, pid, pid, label);
    this.#groups.inheritsOf(process, "leader" in donor ? donor.leader : donor.relict);
    if (by === "sibling") {
      fork(crew, task, process, true);
    } else {
      const parent = crew.index.processes.get(process.parent ?? "");
      // Nobody's of the image comes to the restorer, as all whose parent is not captured; else it would be its keeper's to wait for.
      const reaper = parent === undefined ? RESTORER : taskOf(parent.label);
      // The first process of a pid namespace takes orphans anyway.
      const isFirst = parent !== undefined && crew.index.first.get(pid) === parent;
      if (!isFirst) crew.does(reaper, { do: "adopt", orphans: true }, label);
      const between = crew.helper(task, "between", label, { numbers: this.#numbers.beside(process) });
      fork(crew, between, process);
      crew.leaves(between, task, label);
      if (!isFirst) crew.does(reaper, { do: "adopt", orphans: false }, label);
    }
    return this.#standing.get(stands) ?? AMBIENT_USER;
  }

  /** One thing less to do for somebody; nothing left: it takes its place. */
  #done(process: ProcessNode): void {
    const left = (this.#busy.get(process.label) ?? 1) - 1;
    this.#busy.set(process.label, left);
    if (left === 0) this.#takePlace(process);
  }

  #takePlace(process: ProcessNode): void {
    const { kept, index } = this.#crew;
    const needed = [...Object.values(process.namespaces), ...process.descriptors.map(({ namespace }) => namespace)];
    for (const reference of needed) this.makePid(reference);
    const leader = this.#groups.leaderOf(process);
    if (leader !== undefined) this.bring(leader);
    const missing = needed.find(
      (reference) => !kept.has(reference) && (index.pendingTime.get(reference) ?? process) !== process,
    );
    if (missing !== undefined) {
      push(this.#waiting, missing, process);
      return;
    }
    this.#groups.join(process);
    planStand(this.#crew, process, this.#standing.get(process.label) ?? AMBIENT_USER);
    const made = process.namespaces.time_for_children ?? AMBIENT_USER;
    const awake = this.#waiting.get(made) ?? [];
    this.#waiting.delete(made);
    for (const other of awake) this.#takePlace(other);
  }

  /** A pid namespace, and whoever has to be there before anybody else: its first process, and those of the ones above. */
  makePid(pid: Reference): void {
    const { index } = this.#crew;
    const node = index.pid(pid);
    if (node === undefined || this.#made.has(pid)) return;
    this.makePid(node.parent);
    const first = index.first.get(node.parent);
    if (first !== undefined) this.bring(first);
    this.#made.add(pid);
    planPid(this.#crew, node);
  }

  #populate(pid: Reference, process: ProcessNode): void {
    if (isBoundary(pid)) return;
    this.makePid(pid);
    const first = this.#crew.index.first.get(pid);
    if (first !== undefined && first.label !== process.label) this.bring(first);
  }
}
