import type { TaskName } from "../call.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { letGoOfMemberships } from "./memberships.ts";
import { setOfNames } from "./persistent.ts";
import { changedTask } from "./shapes.ts";
import { wake } from "./processes.ts";
import type { NsKey, PidState, Task } from "./world.ts";

/**
 * Ends a process with all its threads: it gives up what it held but for its user and pid namespace, and is a zombie until
 * its parent waits. Linux says nothing about which thread is the last; here the first one is, if it still lives.
 * Source: kernel/exit.c do_exit.
 */
export function exit(draft: Draft, name: TaskName): void {
  const { leader } = draft.task(name);
  for (const thread of draft.task(leader).threads) endIfAlive(draft, thread);
  endIfAlive(draft, leader);
}

function endIfAlive(draft: Draft, name: TaskName): void {
  if (draft.tasks.get(name)?.memberships !== undefined) exitThread(draft, name);
}

/**
 * Ends one thread. A further one is gone at once, but for one that comes to be the last of a pid namespace's first process;
 * the first one stays, and its process lives while others do.
 */
export function exitThread(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  if (task.memberships === undefined) throw new Error(`${name} has exited`);
  const resources = resourcesOf(task);
  const { dumpable } = draft.memories.get(resources.memory);
  letGoOfMemberships(draft, task.memberships);
  draft.letGoOfResources(resources);
  const ended = { memberships: undefined, resources: undefined, awaitedBy: undefined, endedDumpable: dumpable };
  draft.put(changedTask(draft.task(name), ended));
  wake(draft, task);
  const leader = draft.task(task.leader);
  if (isOver(draft, leader)) endProcess(draft, leader.name);
  else if (name !== leader.name) removeThread(draft, name);
}

function removeThread(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  const leader = draft.task(task.leader);
  draft.put(changedTask(leader, { threads: leader.threads.delete(name) }));
  remove(draft, task);
}

/**
 * Ends all other threads of a task's process. What is left is the first one: a further thread takes its number, and with
 * that its name, for a name stands for a number. Source: fs/exec.c de_thread.
 */
export function endOtherThreads(draft: Draft, { name, leader }: Task): Task {
  for (const thread of draft.task(leader).threads) if (thread !== name) exitThread(draft, thread);
  if (name === leader) return draft.task(name);
  endIfAlive(draft, leader);
  const further = draft.task(name);
  const { credentials, memberships, resources } = further;
  draft.hold(credentials.user);
  draft.letGo(draft.task(leader).credentials.user);
  wake(draft, further);
  remove(draft, further);
  const own = { credentials, memberships, resources, threads: setOfNames<TaskName>(), waitsFor: undefined };
  draft.put(changedTask(draft.task(leader), { ...own, endedDumpable: undefined }));
  return draft.task(leader);
}

const isFirst = (task: Task): boolean => task.numbers[0]?.number === 1;

/** Whether all threads of a process have ended. A further one that has is only there as the last: see `endProcess`. */
function isOver(draft: Draft, { memberships, threads }: Task): boolean {
  if (memberships !== undefined || threads.size > 1) return false;
  const [last] = threads;
  return last === undefined || draft.task(last).memberships === undefined;
}

/**
 * Whether a process waits for its parent only: all its threads have ended and, where it was the first of its pid
 * namespace, everybody else in there is gone.
 */
export const isZombie = (draft: Draft, task: Task): boolean =>
  task.name === task.leader && isOver(draft, task) && !(isFirst(task) && hasOthers(draft, task));

/** Whether anybody is left in its pid namespace but itself, and the thread that waits for that. */
const hasOthers = (draft: Draft, { pid, threads }: Task): boolean => members(draft, pid).size > 1 + threads.size;

const members = (draft: Draft, ns: NsKey): PidState["tasks"] => {
  const { pid } = draft.namespace(ns);
  if (pid === undefined) throw new Error(`namespace ${ns} is no pid namespace`);
  return pid.tasks;
};

/**
 * The last thread has ended. That of the first process of a pid namespace takes all others in it along, and stays until
 * they are gone: the first thread, if it ended before, is a zombie meanwhile. Source: kernel/exit.c find_child_reaper.
 */
function endProcess(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  if (!isFirst(task)) return finish(draft, name);
  draft.changePid(task.pid, { init: "dead" });
  if (!hasOthers(draft, task)) return finish(draft, name);
  endMembers(draft, task);
}

/**
 * Kills everybody else in the pid namespace, and reaps whoever becomes its child by that. A zombie whose parent is outside
 * (it came in by setns and fork) is that one's to wait for, and so long the first process does not come to its end.
 * Source: kernel/pid_namespace.c zap_pid_ns_processes.
 */
function endMembers(draft: Draft, init: Task): void {
  const others = members(draft, init.pid);
  for (const zombie of init.children) reapIfEnded(draft, zombie);
  for (const other of others.values()) {
    if (draft.tasks.get(other)?.memberships !== undefined) exit(draft, other);
  }
}

function reapIfEnded(draft: Draft, name: TaskName): void {
  const task = draft.tasks.get(name);
  if (task !== undefined && isZombie(draft, task)) reap(draft, name);
}

/** The process is a zombie, its children get another parent. Source: kernel/exit.c exit_notify. */
function finish(draft: Draft, name: TaskName): void {
  for (const last of draft.task(name).threads) removeThread(draft, last);
  const { children, parent, pid } = draft.task(name);
  draft.put(changedTask(draft.task(name), { children: setOfNames<TaskName>() }));
  const reaper = members(draft, pid).get(1);
  for (const child of children) {
    if (reaper === undefined) throw new Error("a pid namespace with members has a first process");
    draft.put(changedTask(draft.task(child), { parent: reaper }));
    const above = draft.task(reaper);
    draft.put(changedTask(above, { children: above.children.add(child) }));
    if (reapsAtOnce(draft, reaper)) reapIfEnded(draft, child);
  }
  if (parent === undefined || reapsAtOnce(draft, parent)) reap(draft, name);
}

/**
 * The machine's first process is always waiting, and so is the first of a pid namespace that comes to its end. (On the
 * running kernel a subreaper above all tasks stands in the former's place: kernel/exit.c find_new_reaper.)
 */
function reapsAtOnce(draft: Draft, name: TaskName): boolean {
  const task = draft.task(name);
  return task.parent === undefined || (isFirst(task) && isOver(draft, task));
}

/** Takes a zombie away: its numbers are free again, and a first process that has waited for that comes to its end. */
export function reap(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  if (task.parent !== undefined) {
    const parent = draft.task(task.parent);
    draft.put(changedTask(parent, { children: parent.children.delete(name) }));
  }
  // What it held keeps its pid namespaces until all who waited have been looked at.
  for (const { ns } of task.numbers) draft.hold(ns);
  remove(draft, task);
  for (const { ns } of task.numbers) {
    const init = draft.tasks.get(members(draft, ns).get(1) ?? name);
    const wasLast = init !== undefined && isFirst(init) && isZombie(draft, init);
    if (wasLast) finish(draft, init.name);
  }
  for (const { ns } of task.numbers) draft.letGo(ns);
}

function remove(draft: Draft, { name, numbers, pid, credentials }: Task): void {
  for (const { ns, number } of numbers) {
    draft.changePid(ns, { tasks: members(draft, ns).delete(number) });
  }
  draft.removeTask(name);
  draft.letGo(pid);
  draft.letGo(credentials.user);
}
