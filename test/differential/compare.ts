import { CONSTANTS } from "../../src/abi/constants.ts";
import { inodeOf } from "../../src/abi/ids.ts";
import { NSFS_IOCTLS, PIDFD_IOCTL_NAMES } from "../../src/abi/ioctls.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import { namespaceIn, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import type { LiveActor } from "../../src/kernel/live/actor.ts";
import type { ModelActor } from "../../src/kernel/model/actor.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { FileHandle } from "../../src/rules/file-handle.ts";
import { hasSince } from "../../src/rules/kernel-changes.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { nameOf } from "./counts.ts";
import type { Bound } from "./draw-people.ts";
import { fileAt, openFileAt } from "./scene.ts";
import { shown } from "./shown.ts";

/** One call, and what each side said. */
export interface Said extends Bound {
  readonly model: Outcome<Value>;
  readonly live: Outcome<Value>;
}

/** What has to be known from before a call to understand its outcome. */
export interface Before {
  readonly world: World;
  /** The number that the machine gives a task in our pid namespace. */
  pidOf(name: TaskName): number;
}

/** What readlink gives of a link that leads nowhere. */
const NO_TEXT = shown({ text: "" });
/** What tells namespaces apart for ever. */
const ID_REQUEST = "NS_GET_ID";

/** Outcomes side by side. Numbers that each kernel gives as it likes are matched when they first appear. */
export class Comparison {
  readonly #model: ModelActor;
  readonly #live: LiveActor;
  /** Without them it is inode numbers that are matched. */
  readonly #hasIds: boolean;
  /** By what they are called: where namespaces have ids, all that tells them apart is one. */
  readonly #numbers = new Map<string, Numbers>();
  readonly #handles = new Map<bigint, { readonly model: FileHandle; readonly live: FileHandle }>();

  constructor(model: ModelActor, live: LiveActor) {
    this.#model = model;
    this.#live = live;
    this.#hasIds = hasSince(model.world.release, NSFS_IOCTLS[ID_REQUEST].since);
  }

  /** What differs, in words; undefined: nothing. */
  differs(said: Said, before: Before): string | undefined {
    const { model, live } = said;
    if (!model.ok || !live.ok) {
      const [ours, theirs] = [model, live].map((outcome) => (outcome.ok ? "success" : outcome.errno));
      return ours === theirs ? undefined : differ(theirs, ours);
    }
    const [ours, theirs] = [model.value, live.value];
    if (typeof ours === "bigint" && typeof theirs === "bigint") return this.#idsDiffer(ours, theirs, nameOf(said.call));
    if (typeof ours === "object" && typeof theirs === "object" && "handle" in ours && "handle" in theirs) {
      return this.#handlesDiffer(ours.handle, theirs.handle);
    }
    // Inode numbers each kernel gives as it likes, and of a file that is no namespace the model shows none.
    if (said.call.op === "fstat") {
      const { caller, call } = said;
      return this.#isNamespace(caller, call.fd) ? this.#behindDiffers(caller, call.fd) : undefined;
    }
    if (said.call.op === "stat" || said.call.op === "readlink") {
      // Where it leads to a folder, as the model has it.
      if (ours === 0) return undefined;
      if (shown(ours) !== NO_TEXT) return this.#linkDiffers(said.caller, said.call);
    }
    // Whoever sees the link itself sees nothing in it.
    if (said.call.op === "lstat") return undefined;
    const place = whereNumbered(said, before);
    if (place !== undefined && typeof ours === "number" && typeof theirs === "number") {
      return numbersDiffer(ours, theirs, { place, before, now: this.#model.world, live: this.#live });
    }
    const [shownOurs, shownTheirs] = [shown(ours), shown(theirs)];
    if (shownOurs !== shownTheirs) return differ(shownTheirs, shownOurs);
    const opener = said.call.op === "send" ? said.call.to : said.caller;
    return givesDescriptor(said.call) && typeof ours === "number" && this.#isNamespace(opener, ours)
      ? this.#behindDiffers(opener, ours)
      : undefined;
  }

  /** Of one opened with O_PATH nothing can be asked. */
  #isNamespace(name: TaskName, fd: number): boolean {
    const { world } = this.#model;
    const task = world.tasks.get(name);
    const file = task === undefined ? undefined : openFileAt(world, task, fd);
    return file?.target.type === "namespace" && (file.flags & CONSTANTS.O_PATH) === 0;
  }

  /** Whether a descriptor leads to the same namespace on both sides. */
  #behindDiffers(caller: TaskName, fd: number): string | undefined {
    if (!this.#hasIds) return this.#inodesDiffer(caller, fd);
    const { model, live } = this.#both(caller, { op: "ioctl", fd, request: ID_REQUEST });
    if (!model.ok || !live.ok) return "descriptors that lead to no namespace on one side";
    if (typeof model.value !== "bigint" || typeof live.value !== "bigint") return "a namespace without an id";
    return this.#idsDiffer(model.value, live.value);
  }

  /** The same where namespaces have no ids: the running kernel's inode number stands for the model's own. */
  #inodesDiffer(caller: TaskName, fd: number): string | undefined {
    const { world } = this.#model;
    const task = world.tasks.get(caller);
    const target = task === undefined ? undefined : fileAt(world, task, fd);
    const ours = target?.type === "namespace" ? world.namespaces.get(target.namespace) : undefined;
    const place = this.#live.call(caller, { op: "fstat", fd });
    const theirs = place.ok ? namespaceIn(place.value) : undefined;
    if (ours === undefined || theirs === undefined) return "descriptors that lead to no namespace on one side";
    const isGone = (id: bigint): boolean => ![...world.namespaces.values()].some(({ uniqueId }) => uniqueId === id);
    return this.#numbersOf("inode").differ(ours.uniqueId, BigInt(inodeOf(theirs)), isGone);
  }

  /** Whether a link leads to the same namespace on both sides. */
  #linkDiffers(caller: TaskName, { of, link }: { of: TaskName; link: ProcLink }): string | undefined {
    const opened = this.#both(caller, { op: "open", of, link });
    if (!opened.model.ok || !opened.live.ok) return "a link that opens on one side only";
    const fd = Number(opened.model.value);
    const difference = this.#behindDiffers(caller, fd);
    this.#both(caller, { op: "close", fd });
    return difference;
  }

  #both(caller: TaskName, call: Call): { model: Outcome<Value>; live: Outcome<Value> } {
    return { model: this.#model.call(caller, call), live: this.#live.call(caller, call) };
  }

  #handlesDiffer(ours: FileHandle, theirs: FileHandle): string | undefined {
    this.#handles.set(ours.id, { model: ours, live: theirs });
    const rest = (handle: FileHandle): string => shown({ ...handle, id: 0n, inode: 0 });
    return rest(ours) === rest(theirs) ? this.#idsDiffer(ours.id, theirs.id) : differ(rest(theirs), rest(ours));
  }

  /** Handles of namespaces that were given so far, as the model gave them. */
  get handles(): readonly FileHandle[] {
    return [...this.#handles.values()].map(({ model }) => model);
  }
  /** Whether the running kernel gave a handle, too, that stands for this one. */
  knows(handle: FileHandle): boolean {
    return [...this.#handles.values()].some(({ model }) => model.id === handle.id || handle.id === 0n);
  }
  /** The same handle on the running kernel, or one that is wrong in the same place. */
  liveHandle(handle: FileHandle): FileHandle {
    const known = [...this.#handles.values()].find(({ model }) => model.id === handle.id || handle.id === 0n);
    if (known === undefined) return handle;
    const { id, inode } = handle;
    return {
      ...handle,
      id: id === known.model.id ? known.live.id : id,
      inode: inode === known.model.inode ? known.live.inode : inode,
    };
  }

  #idsDiffer(model: bigint, live: bigint, name: string = ID_REQUEST): string | undefined {
    return this.#numbersOf(this.#hasIds ? ID_REQUEST : name).differ(model, live);
  }
  #numbersOf(name: string): Numbers {
    const numbers = this.#numbers.get(name) ?? new Numbers();
    this.#numbers.set(name, numbers);
    return numbers;
  }
}

/** What tells namespaces apart on the running kernel, and what does in the model. */
class Numbers {
  readonly #live = new Map<bigint, bigint>();
  readonly #model = new Map<bigint, bigint>();

  /** `isGone`: whether the running kernel may by now have given to another what stood for a namespace of the model. */
  differ(model: bigint, live: bigint, isGone: (model: bigint) => boolean = () => false): string | undefined {
    const expected = this.#live.get(model) ?? live;
    const before = this.#model.get(live);
    const known = before === undefined || isGone(before) ? model : before;
    this.#live.set(model, expected);
    this.#model.set(live, known);
    if (expected === live && known === model) return undefined;
    return `another namespace: ${live}, which is the model's ${known}, not ${model}, which is ${expected}`;
  }
}

export const differ = (live: unknown, model: unknown): string =>
  `${String(live)} on the running kernel, ${String(model)} in the model`;

/** Calls whose descriptor may lead to a namespace. */
const OPENING: ReadonlySet<Call["op"]> = new Set([
  "open",
  "reopen",
  "open-path",
  "open_by_handle_at",
  "send",
  "dup",
  "pidfd_getfd",
]);
const OPENING_REQUESTS: ReadonlySet<string | number> = new Set([
  "NS_GET_USERNS",
  "NS_GET_PARENT",
  "SIOCGSKNS",
  ...PIDFD_IOCTL_NAMES.filter((name) => name !== "PIDFD_GET_INFO"),
]);

/** Whether its number is a descriptor that may lead to a namespace. */
export const givesDescriptor = (call: Call): boolean =>
  OPENING.has(call.op) || ((call.op === "ioctl" || call.op === "pidfd-ioctl") && OPENING_REQUESTS.has(call.request));

/** Calls that give a number in the caller's own pid namespace. */
const GIVE_OWN_NUMBERS: ReadonlySet<Call["op"]> = new Set(["clone", "legacy-clone", "wait", "getpid", "getppid"]);

/** The pid namespace whose number a call gives, where it gives one. */
function whereNumbered({ caller, call }: Bound, { world }: Before) {
  const task = world.tasks.get(caller);
  if (task === undefined) return undefined;
  if (GIVE_OWN_NUMBERS.has(call.op)) return task.pid;
  if (call.op === "pidfd-ioctl" && call.request === "PIDFD_GET_INFO") return task.pid;
  if (call.op !== "ioctl" || typeof call.request === "number" || !call.request.endsWith("_PIDNS")) return undefined;
  if (call.request.includes("_FROM_")) return task.pid;
  const target = fileAt(world, task, call.fd);
  return target?.type === "namespace" ? target.namespace : undefined;
}

/** In the first pid namespace numbers are the machine's: there it has to be the same task's. */
function numbersDiffer(
  ours: number,
  theirs: number,
  { place, before, now, live }: { place: number; before: Before; now: World; live: Pick<LiveActor, "pidOf"> },
): string | undefined {
  if (place !== now.initial.pid) return ours === theirs ? undefined : differ(theirs, ours);
  const nameIn = (world: World): TaskName | undefined => world.namespaces.get(world.initial.pid)?.pid?.tasks.get(ours);
  const name = nameIn(before.world) ?? nameIn(now);
  // What is above all tasks is the machine's.
  if (name === "init") return undefined;
  if (ours === 0 || name === undefined) return ours === theirs ? undefined : differ(theirs, ours);
  const number = before.world.tasks.has(name) ? before.pidOf(name) : live.pidOf(name);
  return number === theirs ? undefined : differ(theirs, `${name}, which is ${number},`);
}
