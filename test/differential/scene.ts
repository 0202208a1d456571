import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import type { TaskName } from "../../src/kernel/call.ts";
import { fromKernelGid, fromKernelUid, toKernelUid } from "../../src/kernel/model/ids.ts";
import type { FileTarget, OpenFile, Task, World } from "../../src/kernel/model/world.ts";
import type { FileHandle } from "../../src/rules/file-handle.ts";
import type { Digits } from "./digits.ts";

/** More would make a sequence slow and say nothing new. */
const MOST_TASKS = 12;
/** Nobody has as many open. */
const NOT_OPEN = 77;

type FileType = FileTarget["type"];

/** What a sequence has come by so far that the model's world does not have. */
export interface Found {
  newName(): TaskName;
  /** Handles of namespaces, as the model gave them. */
  readonly handles: readonly FileHandle[];
}

/** What a drafted call can choose from when its turn comes, as the model has it. */
export class Scene {
  readonly world: World;
  readonly handles: readonly FileHandle[];
  /** All of ours, the first ones first; those that have ended, too, until somebody waits for them. */
  readonly tasks: readonly Task[];
  /** Tasks that can make calls. */
  readonly callers: readonly Task[];
  readonly #found: Found;

  constructor(world: World, found: Found) {
    this.world = world;
    this.handles = found.handles;
    this.#found = found;
    this.tasks = [...world.tasks.values()]
      .filter(({ parent }) => parent !== undefined)
      .toSorted((a, b) => a.startTime - b.startTime);
    this.callers = this.tasks.filter(
      ({ memberships, waitsFor }) => memberships !== undefined && waitsFor === undefined,
    );
  }

  /** A name for a new task; undefined: there are enough. */
  newName(): TaskName | undefined {
    return this.tasks.length >= MOST_TASKS ? undefined : this.#found.newName();
  }

  /** A task to make a call: mostly one with a descriptor of one of these types. */
  caller(digits: Digits, types: readonly FileType[]): Task {
    const fitting = digits.once(16)
      ? []
      : this.callers.filter((task) => this.#open(task).some(([, { type }]) => types.includes(type)));
    return digits.pick(fitting.length === 0 ? this.callers : fitting);
  }

  /** Whether anybody who can make calls has a descriptor of one of these types. */
  haveAny(types: readonly FileType[]): boolean {
    return this.callers.some((task) => this.#open(task).some(([, { type }]) => types.includes(type)));
  }

  /** Any task, more often one that lives. */
  task(digits: Digits): TaskName {
    return digits.pick(digits.once(4) ? this.tasks : this.callers).name;
  }

  /** A descriptor of a task: mostly of one of these types where there is one, now and then one that is not open. */
  descriptor(of: Task, digits: Digits, ...types: readonly FileType[]): number {
    if (digits.once(24)) return NOT_OPEN;
    const open = this.#open(of);
    const fitting = open.filter(([, target]) => types.includes(target.type));
    const from = fitting.length > 0 && !digits.once(12) ? fitting : open;
    return from.length === 0 ? NOT_OPEN : digits.pick(from)[0];
  }

  /** The descriptor that the next one opened will be. */
  nextDescriptor(of: Task): number {
    const open = new Set(this.#open(of).map(([fd]) => fd));
    let fd = 0;
    while (open.has(fd)) fd++;
    return fd;
  }

  fileAt(of: Task, fd: number): FileTarget | undefined {
    return fileAt(this.world, of, fd);
  }

  /** The flag of the kind behind a descriptor, 0 where it leads to no namespace. */
  flagBehind(of: Task, fd: number): number {
    const target = this.fileAt(of, fd);
    const kind = target?.type === "namespace" ? this.world.namespaces.get(target.namespace)?.kind : undefined;
    return kind === undefined ? 0 : NAMESPACE_KINDS[kind].flag;
  }

  /** The caller's effective ids as its own user namespace numbers them; 0 where it does not. */
  ownIds({ credentials: { user, euid, egid } }: Task): { readonly uid: number; readonly gid: number } {
    return { uid: fromKernelUid(this.world, user, euid) ?? 0, gid: fromKernelGid(this.world, user, egid) ?? 0 };
  }

  /** Those of some ids that the caller's user namespace has a mapping for; all where it has none. */
  mapped({ credentials: { user } }: Task, ids: readonly number[]): readonly number[] {
    const mapped = ids.filter((id) => id === -1 || toKernelUid(this.world, user, id) !== undefined);
    return mapped.length > 1 ? mapped : ids;
  }

  #open({ resources }: Task): readonly (readonly [number, FileTarget])[] {
    const descriptors = resources === undefined ? undefined : this.world.tables.get(resources.table)?.descriptors;
    return [...(descriptors ?? [])]
      .flatMap(([fd, file]) => {
        const target = this.world.files.get(file)?.target;
        return target === undefined ? [] : [[fd, target] as const];
      })
      .toSorted(([a], [b]) => a - b);
  }
}

/** What a task's descriptor leads to. */
export const fileAt = (world: World, of: Task, fd: number): FileTarget | undefined => openFileAt(world, of, fd)?.target;

export function openFileAt(world: World, { resources }: Task, fd: number): OpenFile | undefined {
  const file = resources === undefined ? undefined : world.tables.get(resources.table)?.descriptors.get(fd);
  return file === undefined ? undefined : world.files.get(file);
}
