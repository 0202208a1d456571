import { Map as PersistentMap, Set as PersistentSet } from "immutable";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { holdMemberships, letGoOfMemberships } from "./memberships.ts";
import type { Made } from "./create.ts";
import { resourcesOf } from "./descriptors.ts";
import type { FsKey, Memberships, MemoryKey, NsKey, PidState, Resources, TableKey, Task } from "./world.ts";

/** What a process is made of, besides what it gets from its parent. */
export interface NewTask {
  readonly name: TaskName;
  /** The parent in the world; undefined for one whose parent is outside. */
  readonly parent: TaskName | undefined;
  /** A wish for its number in its own pid namespace; the next free one otherwise. */
  readonly number?: number;
}

/**
 * Starts a process as a copy of `like`, in the namespaces that `made` adds. It enters the pid and time namespaces that
 * `like` has for its children. ENOMEM: that pid namespace is dead. Source: kernel/fork.c copy_process.
 */
export function start(draft: Draft, like: Task, made: Made, wish: NewTask): Outcome<Task> {
  if (like.memberships === undefined) throw new Error(`${like.name} has exited`);
  const chosen: Memberships = { ...like.memberships, ...made.memberships };
  const memberships: Memberships = { ...chosen, time: chosen.time_for_children };
  const pid = memberships.pid_for_children;
  if (draft.namespace(pid).pid?.init === "dead") return refused("ENOMEM", "pid-namespace-dead");
  draft.hold(pid);
  draft.hold(made.credentials.user);
  const task: Task = {
    ...like,
    name: wish.name,
    parent: wish.parent,
    children: PersistentSet<TaskName>(),
    startTime: draft.ticks,
    credentials: made.credentials,
    pid,
    leader: wish.name,
    resources: copyResources(draft, resourcesOf(like)),
    numbers: takeNumbers(draft, pid, wish),
    memberships: holdMemberships(draft, memberships),
  };
  draft.put(task);
  if (wish.parent !== undefined) {
    const parent = draft.task(wish.parent);
    draft.put({ ...parent, children: parent.children.add(task.name) });
  }
  return ok(task);
}

/** Copies of table, root and memory, as fork makes them; the open files themselves are shared. */
function copyResources(draft: Draft, like: Resources): Resources {
  const { descriptors } = draft.tables.get(like.table);
  for (const file of descriptors.values()) draft.files.hold(file);
  return {
    table: draft.tables.set(draft.newKey() as TableKey, { descriptors, references: 1 }),
    fs: draft.fss.set(draft.newKey() as FsKey, { ...draft.fss.get(like.fs), references: 1 }),
    memory: draft.memories.set(draft.newKey() as MemoryKey, { ...draft.memories.get(like.memory), references: 1 }),
  };
}

function takeNumbers(draft: Draft, innermost: NsKey, wish: NewTask): Task["numbers"] {
  const numbers: { ns: NsKey; number: number }[] = [];
  for (let ns: NsKey | undefined = innermost; ns !== undefined; ns = draft.namespace(ns).parent) {
    const wanted = ns === innermost ? wish.number : undefined;
    draft.changePid(ns, (state) => {
      const number = wanted ?? nextNumber(state);
      numbers.push({ ns, number });
      return { init: "alive", lastPid: number, tasks: state.tasks.set(number, wish.name) };
    });
  }
  return numbers;
}

function nextNumber({ lastPid, tasks }: PidState): number {
  let number = lastPid + 1;
  while (tasks.has(number)) number++;
  return number;
}

/**
 * Ends a process: it gives up what it held but for its user and pid namespace, and is a zombie until its parent waits.
 * The end of a pid namespace's first process ends all others in it. Source: kernel/exit.c do_exit, zap_pid_ns_processes.
 */
export function exit(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  if (task.memberships === undefined) return;
  if (task.numbers[0]?.number === 1) endNamespace(draft, task);
  letGoOfMemberships(draft, task.memberships);
  draft.letGoOfResources(resourcesOf(task));
  // Read again: the end of a pid namespace takes children away.
  const { children, parent } = draft.task(name);
  const none = { children: PersistentSet<TaskName>(), memberships: undefined, resources: undefined };
  draft.put({ ...draft.task(name), ...none });
  // Its children get another parent: outside the world, which waits for them at once.
  for (const child of children) {
    const orphan: Task = { ...draft.task(child), parent: undefined };
    draft.put(orphan);
    if (orphan.memberships === undefined) reap(draft, child);
  }
  if (parent === undefined) reap(draft, name);
}

function endNamespace(draft: Draft, init: Task): void {
  const members = draft.namespace(init.pid).pid?.tasks ?? PersistentMap<number, TaskName>();
  for (const member of members.values()) {
    if (member === init.name) continue;
    exit(draft, member);
    if (draft.tasks.has(member)) reap(draft, member);
  }
  draft.changePid(init.pid, (state) => ({ ...state, init: "dead" }));
}

/** Takes a zombie away: its numbers are free again. */
export function reap(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  for (const { ns, number } of task.numbers) {
    draft.changePid(ns, (state) => ({ ...state, tasks: state.tasks.delete(number) }));
  }
  draft.tasks = draft.tasks.delete(name);
  if (task.parent !== undefined) {
    const parent = draft.task(task.parent);
    draft.put({ ...parent, children: parent.children.delete(name) });
  }
  draft.letGo(task.pid);
  draft.letGo(task.credentials.user);
}
