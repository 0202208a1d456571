import { persistentMap, persistentSet } from "./persistent.ts";
import { CLONE_FLAGS } from "../../abi/constants.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { holdMemberships, letGoOfMemberships } from "./memberships.ts";
import type { Made } from "./create.ts";
import { resourcesOf } from "./descriptors.ts";
import { takeNumbers } from "./pid-numbers.ts";
import type { FsKey, Memberships, MemoryKey, Resources, TableKey, Task } from "./world.ts";

/** What a process is made of, besides what it gets from its parent. */
export interface NewTask {
  readonly name: TaskName;
  /** The parent in the world; undefined for one whose parent is outside. */
  readonly parent: TaskName | undefined;
  /** The numbers it is to have, from its own pid namespace up; the next free ones otherwise. */
  readonly setTid?: readonly number[];
  /** The CLONE_* flags: what it shares. */
  readonly flags?: number;
}

/**
 * Starts a process as a copy of `like`, in the namespaces that `made` adds. It enters the pid and time namespaces that
 * `like` has for its children. Source: kernel/fork.c copy_process.
 */
export function start(draft: Draft, like: Task, made: Made, wish: NewTask): Outcome<Task> {
  const { flags = 0 } = wish;
  if (like.memberships === undefined) throw new Error(`${like.name} has exited`);
  const chosen: Memberships = { ...like.memberships, ...made.memberships };
  // Whoever shares its memory stays in its time namespace until it executes a program.
  const sharesMemory = has(flags, CLONE_FLAGS.CLONE_VM);
  const time = sharesMemory ? chosen.time : chosen.time_for_children;
  const memberships: Memberships = { ...chosen, time };
  const pid = memberships.pid_for_children;
  const resources = childResources(draft, resourcesOf(like), flags);
  const numbers = takeNumbers(draft, pid, { name: wish.name, who: like.credentials, setTid: wish.setTid ?? [] });
  if (!numbers.ok) return numbers;
  draft.allocate();
  draft.hold(pid);
  draft.hold(made.credentials.user);
  const isThread = has(flags, CLONE_FLAGS.CLONE_THREAD);
  const task: Task = {
    ...like,
    name: wish.name,
    awaitedBy: has(flags, CLONE_FLAGS.CLONE_VFORK) ? like.name : undefined,
    parent: wish.parent,
    children: persistentSet<TaskName>(),
    startTime: draft.ticks,
    credentials: made.credentials,
    pid,
    leader: isThread ? like.leader : wish.name,
    threads: persistentSet<TaskName>(),
    resources,
    numbers: numbers.value,
    memberships: holdMemberships(draft, memberships),
  };
  draft.put(task);
  if (task.awaitedBy !== undefined) draft.put({ ...draft.task(like.name), waitsFor: task.name });
  if (isThread) {
    const leader = draft.task(like.leader);
    draft.put({ ...leader, threads: leader.threads.add(task.name) });
  } else if (wish.parent !== undefined) {
    const parent = draft.task(wish.parent);
    draft.put({ ...parent, children: parent.children.add(task.name) });
  }
  return ok(task);
}

/** What a child shares with the one it is cloned from, and what it gets a copy of. */
function childResources(draft: Draft, { table, fs, memory }: Resources, flags: number): Resources {
  return {
    table: has(flags, CLONE_FLAGS.CLONE_FILES) ? draft.tables.hold(table) : copyTable(draft, table),
    fs: has(flags, CLONE_FLAGS.CLONE_FS) ? draft.fss.hold(fs) : copyFs(draft, fs),
    memory: has(flags, CLONE_FLAGS.CLONE_VM) ? draft.memories.hold(memory) : copyMemory(draft, memory),
  };
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** The descriptors are copied, the open files behind them shared. */
export function copyTable(draft: Draft, table: TableKey): TableKey {
  const { descriptors, kept } = draft.tables.get(table);
  for (const file of descriptors.values()) draft.files.hold(file);
  return draft.tables.set(draft.newKey() as TableKey, { descriptors, kept, references: 1 });
}
export function copyFs(draft: Draft, fs: FsKey): FsKey {
  return draft.fss.set(draft.newKey() as FsKey, { ...draft.fss.get(fs), references: 1 });
}
function copyMemory(draft: Draft, memory: MemoryKey): MemoryKey {
  return draft.memories.set(draft.newKey() as MemoryKey, { ...draft.memories.get(memory), references: 1 });
}

/**
 * Ends a process with all its threads: it gives up what it held but for its user and pid namespace, and is a zombie until
 * its parent waits. The end of a pid namespace's first process ends all others in it.
 * Source: kernel/exit.c do_exit, kernel/pid_namespace.c zap_pid_ns_processes.
 */
export function exit(draft: Draft, name: TaskName): void {
  const { leader } = draft.task(name);
  for (const thread of draft.task(leader).threads) exitThread(draft, thread);
  if (draft.tasks.has(leader)) exitThread(draft, leader);
}

/** Ends one thread. A further one is gone at once; the first one is a zombie, but its process lives while others do. */
export function exitThread(draft: Draft, name: TaskName): void {
  const task = draft.task(name);
  const isFirst = task.leader === name;
  const isLast = isFirst ? task.threads.size === 0 : false;
  if (task.memberships !== undefined) {
    if (isLast && task.numbers[0]?.number === 1) endNamespace(draft, task);
    letGoOfMemberships(draft, task.memberships);
    draft.letGoOfResources(resourcesOf(task));
    draft.put({ ...draft.task(name), memberships: undefined, resources: undefined, awaitedBy: undefined });
    wake(draft, task);
  }
  if (!isFirst) {
    const leader = draft.task(task.leader);
    draft.put({ ...leader, threads: leader.threads.delete(name) });
    reap(draft, name);
    // The first thread had ended before: with the last one the process is over.
    if (leader.memberships === undefined && leader.threads.size === 1) endProcess(draft, leader.name);
    return;
  }
  if (isLast) endProcess(draft, name);
}

/** Whoever cloned a task with CLONE_VFORK goes on once that one gives up its memory. Source: kernel/fork.c mm_release. */
export function wake(draft: Draft, { name, awaitedBy }: Task): void {
  const waiting = awaitedBy === undefined ? undefined : draft.tasks.get(awaitedBy);
  if (waiting?.waitsFor === name) draft.put({ ...waiting, waitsFor: undefined });
}

function endProcess(draft: Draft, name: TaskName): void {
  const { children, parent } = draft.task(name);
  draft.put({ ...draft.task(name), children: persistentSet<TaskName>() });
  // Its children get another parent: outside the world, which waits for them at once.
  for (const child of children) {
    const orphan: Task = { ...draft.task(child), parent: undefined };
    draft.put(orphan);
    if (isZombie(orphan)) reap(draft, child);
  }
  if (parent === undefined) reap(draft, name);
}

/** Whether a process has ended: its first thread and all others. */
export const isZombie = (task: Task): boolean => task.memberships === undefined && task.threads.size === 0;

function endNamespace(draft: Draft, init: Task): void {
  const members = draft.namespace(init.pid).pid?.tasks ?? persistentMap<number, TaskName>();
  for (const member of members.values()) {
    if (member === init.name || !draft.tasks.has(member)) continue;
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
  if (task.parent !== undefined && task.leader === name) {
    const parent = draft.task(task.parent);
    draft.put({ ...parent, children: parent.children.delete(name) });
  }
  draft.letGo(task.pid);
  draft.letGo(task.credentials.user);
}
