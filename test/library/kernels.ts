import { isKind, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld, type BuiltWorld } from "../../src/kernel/build-world.ts";
import type { TaskName } from "../../src/kernel/call.ts";
import { openLiveActor } from "../../src/kernel/live/actor.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import type { Machine } from "../../src/kernel/model/boot.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import type { Observer } from "../../src/kernel/observer.ts";
import { drawn } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

/** A drawn world on one of the kernels, and an observer in its initial namespaces. */
export interface Kernel extends Disposable {
  readonly actor: Actor;
  readonly world: BuiltWorld;
  readonly observer: Observer;
  /** The pid of a task, as the observer sees it. */
  pidOf(task: TaskName): number;
  /** The file of a drawn namespace, through the process that sits in it: "user:one". */
  fileOf(name: string): string;
  /** A REF of the same, which says the kind: `42/user`. */
  refOf<K extends NamespaceKind>(name: `${K}:${string}`): `${number}/${K}`;
}

/** Both kernels, for `describe.each`: how to draw on each, and what that needs. */
export const KERNELS = [
  { kernel: "the model", needs: {}, draw: (drawing: string) => drawOnModel(drawing) },
  { kernel: "the running kernel", needs: needs("native", "root", "user-namespaces"), draw: drawLive },
] as const;

/** And a model on which inode numbers alone do not tell namespaces apart. */
export const KERNELS_AND_DEVICES = [
  ...KERNELS,
  {
    kernel: "a model with two nsfs devices",
    needs: {},
    draw: (drawing: string) => drawOnModel(drawing, { devices: "two" }),
  },
] as const;

function drawOnModel(drawing: string, machine: Machine = {}): Kernel {
  const actor = new ModelActor(machine);
  const observer = new ModelObserver(() => actor.world, actor.first);
  // The last number of a task is the one in the initial pid namespace, the observer's.
  return kernel({ actor, observer, drawing }, (task) => actor.world.tasks.get(task)?.numbers.at(-1)?.number ?? 0);
}

function drawLive(drawing: string): Kernel {
  const native = theAddon();
  const actor = openLiveActor(native);
  return kernel({ actor, observer: new LiveObserver(native), drawing }, (task) => actor.pidOf(task));
}

function kernel(
  { actor, observer, drawing }: { actor: Actor; observer: Observer; drawing: string },
  pidOf: (task: TaskName) => number,
): Kernel {
  const world = buildWorld(actor, drawn(drawing), 0);
  const keeperOf = (name: string): TaskName => {
    const keeper = world.keepers.get(name);
    if (keeper === undefined) throw new Error(`${name} is drawn nowhere`);
    return keeper;
  };
  return {
    actor,
    world,
    observer,
    pidOf,
    fileOf: (name) => `/proc/${pidOf(keeperOf(name))}/ns/${kindOf(name)}`,
    refOf: <K extends NamespaceKind>(name: `${K}:${string}`) =>
      `${pidOf(keeperOf(name))}/${kindOf(name)}` as `${number}/${K}`,
    [Symbol.dispose]: () => actor[Symbol.dispose](),
  };
}

/** "user" of "user:one". */
function kindOf(name: string): NamespaceKind {
  const kind = name.slice(0, name.indexOf(":"));
  if (!isKind(kind)) throw new Error(`${name} has no kind`);
  return kind;
}
