import { readdirSync, readFileSync } from "node:fs";
import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import { parseStat } from "../../procfs/stat.ts";
import type { TaskName } from "../call.ts";
import { getpid, type Caller } from "./holder-calls.ts";
import type { Holder, Holders } from "./holders.ts";

const { WNOHANG, __WALL: EVERY_CHILD } = CONSTANTS;
/** Of wait4(2): not to wait, and to take a child whatever its exit signal. */
export const WAIT_OPTIONS = WNOHANG | EVERY_CHILD;

/** What the kernel says of a task's end, as far as it concerns who comes next. */
interface Standing {
  readonly state: string;
  readonly ppid: number;
  /** Those of its process that have not ended; a zombie's own counts until it is waited for. */
  readonly threads: number;
}

/** A thread that is not the first has a file here too, though no listing shows it. Undefined: it is gone. */
function standingOf({ tid }: Pick<Holder, "tid">): Standing | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${tid}/stat`, "latin1"));
    return stat.ok ? stat.value : undefined;
  } catch {
    // ENOENT before the file is open, ESRCH after: the task has gone either way.
    return undefined;
  }
}

const hasEnded = (standing: Standing | undefined): boolean =>
  standing === undefined || standing.state === "Z" || standing.state === "X";

/** Waits until a process has ended that is about to, as one of its threads has said: the first thread and all others. */
export function awaitEnd(pid: number, limitMs: number): void {
  for (let left = limitMs; left > 0; left -= PAUSE_MS) {
    const standing = standingOf({ tid: pid });
    if (hasEnded(standing) && (standing?.threads ?? 0) <= 1) return;
    pause();
  }
}

/**
 * Waits while a process that ends is on its way, until it has ended or sleeps: it does where others are to do something first.
 * It sleeps for a moment in other places too, but not for long.
 */
export function awaitRest(pid: number, limitMs: number, hasEnded: () => boolean): void {
  let asleep = 0;
  for (let left = limitMs; left > 0 && asleep < AT_REST_MS && !hasEnded(); left -= PAUSE_MS) {
    pause();
    asleep = isAsleep(pid) ? asleep + PAUSE_MS : 0;
  }
}
const AT_REST_MS = 20;

/** Whether no thread of a process runs, or would if there were a CPU for it. */
function isAsleep(pid: number): boolean {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.every((tid) => ASLEEP.has(standingOf({ tid: Number(tid) })?.state ?? ENDED));
  } catch {
    // It has gone between two looks.
    return true;
  }
}
const ENDED = "X";
const ASLEEP: ReadonlySet<string> = new Set(["S", "Z", ENDED]);

/** A thread group, as far as its end concerns others. */
export interface Process {
  readonly parent: Process | undefined;
  /** Whether anybody was ever made its child: then others may get another parent by its end. */
  hasChildren: boolean;
  /** Whether it ever had a further thread. */
  threaded: boolean;
}
/** That of a new task. */
export function processOf(flags: number, maker: Process): Process {
  if ((flags & CLONE_FLAGS.CLONE_THREAD) !== 0) {
    maker.threaded = true;
    return maker;
  }
  const parent = (flags & CLONE_FLAGS.CLONE_PARENT) !== 0 ? maker.parent : maker;
  if (parent !== undefined) parent.hasChildren = true;
  return { parent, hasChildren: false, threaded: false };
}

/** Tasks that live, and tasks that have ended but are not gone. */
export interface Population<T extends { readonly holder: Holder }> {
  readonly tasks: Map<TaskName, T>;
  readonly zombies: Map<TaskName, T>;
}

/** Whether a task is of the first process of its pid namespace, whose end may have to wait for others. */
export function isFirst(by: Caller): boolean {
  const number = getpid(by);
  return number.ok && number.value === 1;
}

/** The first thread of a task's process, by whose name others wait for it; without one that is known, the task itself. */
export function leaderName<T extends { readonly holder: Holder }>(
  { tasks, zombies = new Map<TaskName, T>() }: Partial<Population<T>> & Pick<Population<T>, "tasks">,
  name: TaskName,
): TaskName {
  const { pid, tid } = (tasks.get(name) ?? zombies.get(name))?.holder ?? {};
  if (pid === tid) return name;
  const first = [...tasks, ...zombies].find(([, { holder }]) => holder.tid === pid);
  return first?.[0] ?? name;
}

/**
 * After an end that concerns others, takes in what followed from it: the first process of a pid namespace takes others
 * along, and zombies may have become the dispatcher's, who reaps them at once, as the first process of a machine does.
 */
export function settleAll<T extends { readonly holder: Holder }>(holders: Holders, population: Population<T>): void {
  const { tasks, zombies } = population;
  for (const [name, task] of tasks) {
    if (!hasEnded(standingOf(task.holder))) continue;
    tasks.delete(name);
    zombies.set(name, task);
    strikeOut(holders, task.holder);
  }
  for (const name of zombies.keys()) settle(holders, population, name);
}

/** The same for one that has ended, and is nobody's parent. */
export function settle<T extends { readonly holder: Holder }>(
  holders: Holders,
  { zombies }: Population<T>,
  name: TaskName,
): void {
  const holder = zombies.get(name)?.holder;
  if (holder === undefined) return;
  if (standingOf(holder)?.ppid === holders.pid) holders.reap(holder.pid);
  if (standingOf(holder) !== undefined) return;
  zombies.delete(name);
  strikeOut(holders, holder);
}

/**
 * After execve by one of several threads the others have ended. Where it was a further one, it goes on under the number
 * and the name of the first.
 */
export function becomeFirst<T extends { readonly holder: Holder }>(
  holders: Holders,
  population: Population<T>,
  name: TaskName,
): void {
  const { tasks, zombies } = population;
  const task = tasks.get(name);
  if (task !== undefined && task.holder.tid !== task.holder.pid) {
    const { pid } = task.holder;
    const [first, before] = [...tasks, ...zombies].find(([, { holder }]) => holder.tid === pid) ?? [];
    if (first === undefined || before === undefined) throw new Error(`nobody was the first thread of ${pid}`);
    strikeOut(holders, before.holder);
    zombies.delete(first);
    tasks.delete(name);
    tasks.set(first, { ...task, holder: holders.asFirst(task.holder) });
  }
  settleAll(holders, population);
}

/** Frees the slot of a holder that ended by itself, or that was long in ending. */
function strikeOut(holders: Holders, holder: Holder): void {
  if (holders.has(holder)) holders.kill(holder);
}

/** Between two looks at what the kernel does by itself. */
const PAUSE_MS = 1;
export const pause = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
};
