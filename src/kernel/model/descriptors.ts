import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { mayRead, type ReadTarget } from "../../rules/may-read.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { TaskName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { linkTarget } from "./memberships.ts";
import { viewOf } from "./view.ts";
import type {
  FileKey,
  Memory,
  MemoryKey,
  NsKey,
  FileTarget,
  OpenFile,
  Resources,
  Table,
  Task,
  World,
} from "./world.ts";

const FD_CLOEXEC = 1;

type Worldly = Pick<World, "tasks" | "namespaces" | "release" | "initial"> & {
  readonly memories: { get(key: MemoryKey): Memory | undefined };
};

/**
 * What guards a task's memory. A zombie has none, but stays as guarded as it was at its end, now for the initial user
 * namespace. Source: kernel/ptrace.c task_still_dumpable.
 */
function memoryOf(
  world: Worldly,
  { resources, endedDumpable }: Task,
): Pick<ReadTarget<NsKey>, "dumpable" | "memoryUser"> {
  const memory = resources === undefined ? undefined : world.memories.get(resources.memory);
  if (memory !== undefined) return { dumpable: memory.dumpable, memoryUser: memory.user };
  const dumpable = hasChange(world.release, "zombies-stay-guarded") ? endedDumpable : undefined;
  return { dumpable, memoryUser: world.initial.user };
}

/**
 * The namespace behind /proc/PID/ns/LINK, as far as one task may see it; `proc` is the pid namespace whose /proc it reads.
 * Source: fs/proc/namespaces.c.
 */
export function followLink(
  world: Worldly,
  caller: Task,
  { of, link, proc }: { readonly of: TaskName; readonly link: ProcLink; readonly proc: NsKey },
): Outcome<NsKey> {
  const target = world.tasks.get(of);
  if (target === undefined || numberIn(target, proc) === undefined) return refused("ENOENT", "no-such-process");
  const may = mayRead(viewOf(world), caller.credentials, readTarget(world, caller, target), "fs");
  if (!may.ok) return may;
  const ns = linkTarget(target, link);
  if (ns === undefined) return refused("ENOENT", "process-has-exited");
  return link === "pid_for_children" && isHidden(world, ns) ? refused("ENOENT", "pid-namespace-unborn") : ok(ns);
}

/** Whether pid_for_children does not lead to a namespace yet: it had no first process. Source: kernel/pid_namespace.c. */
export function isHidden(world: Pick<Worldly, "namespaces" | "release">, ns: NsKey): boolean {
  const init = world.namespaces.get(ns)?.pid?.init;
  return (init === "unborn" || init === "stillborn") && !hasChange(world.release, "unborn-pid-namespaces-open");
}

/**
 * A class, since each object literal with getters gets a shape of its own: it lies in the old part of the heap, keeps the
 * whole draft behind its closures until the next full collection, and took a third of a call's time.
 */
class TaskTarget implements ReadTarget<NsKey> {
  readonly credentials: Task["credentials"];
  readonly sameThreadGroup: boolean;
  readonly #world: Worldly;
  readonly #task: Task;

  constructor(world: Worldly, caller: Task, task: Task) {
    this.credentials = task.credentials;
    this.sameThreadGroup = caller.leader === task.leader;
    this.#world = world;
    this.#task = task;
  }
  // Looked at only where they matter.
  get dumpable(): boolean | undefined {
    return memoryOf(this.#world, this.#task).dumpable;
  }
  get memoryUser(): NsKey {
    return memoryOf(this.#world, this.#task).memoryUser;
  }
}

export const readTarget = (world: Worldly, caller: Task, target: Task): ReadTarget<NsKey> =>
  new TaskTarget(world, caller, target);

/** A task's number as a pid namespace sees it; undefined where it has none there. */
export const numberIn = (task: Task, pid: NsKey): number | undefined =>
  task.numbers.find(({ ns }) => ns === pid)?.number;

/** Opens a file at the lowest free descriptor. */
export function install(draft: Draft, caller: Task, target: FileTarget, flags = 0): number {
  const { table } = resourcesOf(caller);
  const { descriptors, kept } = draft.tables.get(table);
  const fd = lowestFree(descriptors);
  const file = draft.openFile({ target, flags, opener: caller.credentials.user });
  draft.tables.set(table, { descriptors: descriptors.set(fd, file), kept });
  return fd;
}

export function close(draft: Draft, caller: Task, fd: number): Outcome<number> {
  const { table } = resourcesOf(caller);
  const { descriptors, kept } = draft.tables.get(table);
  const file = descriptors.get(fd);
  if (file === undefined) return refused("EBADF", "bad-descriptor");
  draft.tables.set(table, { descriptors: descriptors.delete(fd), kept: kept.delete(fd) });
  draft.letGoOfFile(file);
  return ok(0);
}

/** dup(2): another descriptor of the same open file, which outlives execve. */
export function dup(draft: Draft, caller: Task, fd: number): Outcome<number> {
  const { table } = resourcesOf(caller);
  const { descriptors, kept } = draft.tables.get(table);
  const file = descriptors.get(fd);
  if (file === undefined) return refused("EBADF", "bad-descriptor");
  const free = lowestFree(descriptors);
  draft.tables.set(table, { descriptors: descriptors.set(free, draft.files.hold(file)), kept: kept.add(free) });
  return ok(free);
}

/** SCM_RIGHTS: a descriptor of another task for the same open file. */
export function send(draft: Draft, caller: Task, { fd, to }: { fd: number; to: TaskName }): Outcome<number> {
  const file = descriptorAt(draft, caller, fd);
  if (!file.ok) return file;
  return ok(receive(draft, draft.task(to), file.value));
}

/** Another descriptor for an open file, close-on-exec. */
export function receive(draft: Draft, task: Task, file: FileKey): number {
  const { table } = resourcesOf(task);
  const { descriptors, kept } = draft.tables.get(table);
  const free = lowestFree(descriptors);
  draft.tables.set(table, { descriptors: descriptors.set(free, draft.files.hold(file)), kept });
  return free;
}

const lowestFree = (descriptors: Table["descriptors"]): number => descriptors.firstMissing(0);

export function fcntl(draft: Draft, caller: Task, fd: number, command: "F_GETFD" | "F_GETFL"): Outcome<number> {
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return file;
  if (command === "F_GETFL") return ok(file.value.flags);
  return ok(draft.tables.get(resourcesOf(caller).table).kept.has(fd) ? 0 : FD_CLOEXEC);
}

export function fileAt(draft: Draft, caller: Task, fd: number): Outcome<OpenFile> {
  const file = descriptorAt(draft, caller, fd);
  return file.ok ? ok(draft.files.get(file.value)) : file;
}

/** The open file that a descriptor leads to. */
export function descriptorAt(draft: Draft, caller: Task, fd: number): Outcome<FileKey> {
  const file = draft.tables.get(resourcesOf(caller).table).descriptors.get(fd);
  return file === undefined ? refused("EBADF", "bad-descriptor") : ok(file);
}

/** What a task that makes a call has. */
export function resourcesOf({ name, resources }: Task): Resources {
  if (resources === undefined) throw new Error(`${name} has exited`);
  return resources;
}
