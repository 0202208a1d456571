import { setOfNames } from "./persistent.ts";
import { CLONE_FLAGS } from "../../abi/constants.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { holdMemberships, moved } from "./memberships.ts";
import type { Made } from "./create.ts";
import { resourcesOf } from "./descriptors.ts";
import { freeze } from "./timens-offsets.ts";
import { followMounts } from "./roots.ts";
import { takeNumbers } from "./pid-numbers.ts";
import { changedTask } from "./shapes.ts";
import type { FsKey, MemoryKey, Resources, TableKey, Task } from "./world.ts";

/** What a process is made of, besides what it gets from its parent. */
export interface NewTask {
  readonly name: TaskName;
  /** The parent in the world; undefined for one whose parent is outside. */
  readonly parent: TaskName | undefined;
  /** The numbers it is to have, from its own pid namespace up; the next free ones otherwise. */
  readonly setTid?: readonly number[];
  /** The CLONE_* flags: what it shares. */
  readonly flags?: number;
  /** What is asked once it has its numbers. */
  readonly mayFinish?: () => Outcome<true>;
}

/**
 * Starts a process as a copy of `like`, in the namespaces that `made` adds. It enters the pid and time namespaces that
 * `like` has for its children. Source: kernel/fork.c copy_process.
 */
export function start(draft: Draft, like: Task, made: Made, wish: NewTask): Outcome<Task> {
  const { flags = 0 } = wish;
  if (like.memberships === undefined) throw new Error(`${like.name} has exited`);
  const chosen = moved(like.memberships, made.memberships);
  // Whoever shares its memory stays in its time namespace until it executes a program.
  const sharesMemory = has(flags, CLONE_FLAGS.CLONE_VM);
  const time = sharesMemory ? chosen.time : chosen.time_for_children;
  const memberships = moved(chosen, { time });
  if (time !== chosen.time) freeze(draft, time);
  const pid = memberships.pid_for_children;
  const resources = childResources(draft, resourcesOf(like), flags);
  followMounts(draft, resources.fs, { from: like.memberships.mnt, to: memberships.mnt });
  const numbers = takeNumbers(draft, pid, { name: wish.name, who: like.credentials, setTid: wish.setTid ?? [] });
  if (!numbers.ok) return numbers;
  const finishes = wish.mayFinish?.() ?? ok(true);
  if (!finishes.ok) return finishes;
  draft.allocate();
  draft.hold(pid);
  draft.hold(made.credentials.user);
  const isThread = has(flags, CLONE_FLAGS.CLONE_THREAD);
  const task = changedTask(like, {
    name: wish.name,
    awaitedBy: has(flags, CLONE_FLAGS.CLONE_VFORK) ? like.name : undefined,
    parent: wish.parent,
    children: setOfNames<TaskName>(),
    startTime: draft.ticks,
    credentials: made.credentials,
    pid,
    leader: isThread ? like.leader : wish.name,
    threads: setOfNames<TaskName>(),
    resources,
    numbers: numbers.value,
    memberships: holdMemberships(draft, memberships),
  });
  draft.put(task);
  if (task.awaitedBy !== undefined) draft.put(changedTask(draft.task(like.name), { waitsFor: task.name }));
  if (isThread) {
    const leader = draft.task(like.leader);
    draft.put(changedTask(leader, { threads: leader.threads.add(task.name) }));
  } else if (wish.parent !== undefined) {
    const parent = draft.task(wish.parent);
    draft.put(changedTask(parent, { children: parent.children.add(task.name) }));
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
  return draft.make(draft.tables, { descriptors, kept });
}
export function copyFs(draft: Draft, fs: FsKey): FsKey {
  return draft.make(draft.fss, draft.fss.get(fs));
}
function copyMemory(draft: Draft, memory: MemoryKey): MemoryKey {
  return draft.make(draft.memories, draft.memories.get(memory));
}

/** Whoever cloned a task with CLONE_VFORK goes on once that one gives up its memory. Source: kernel/fork.c mm_release. */
export function wake(draft: Draft, { name, awaitedBy }: Task): void {
  const waiting = awaitedBy === undefined ? undefined : draft.tasks.get(awaitedBy);
  if (waiting?.waitsFor === name) draft.put(changedTask(waiting, { waitsFor: undefined }));
}
