import { buildWorld, must, processIn, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { namespaceIn, taskName, type TaskName } from "../../src/kernel/call.ts";
import { parseDrawing, type DrawnNamespace } from "../../src/kernel/drawing.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import type { Machine } from "../../src/kernel/model/boot.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { discover, type DiscoverWish } from "../../src/discover/discover.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";

export function drawn(world: string): readonly DrawnNamespace[] {
  const drawing = parseDrawing(world);
  if (!drawing.ok) throw new Error(`line ${drawing.line}: ${drawing.message}`);
  return drawing.namespaces;
}

/** A machine in memory with a drawn world on it. */
export interface DrawnMachine {
  readonly actor: ModelActor;
  readonly built: BuiltWorld;
  /** What a fresh process in one of the drawn namespaces discovers. */
  seenFrom(name: string): Promise<Snapshot>;
  /** The name that the drawing has for a namespace of a snapshot. */
  nameOf(id: string): string;
}

export function drawnMachine(world: string, machine: Machine = {}): DrawnMachine {
  const actor = new ModelActor(machine);
  const built = buildWorld(actor, drawn(world), machine.uid ?? 0);
  const names = new Map<string, string>();
  for (const [name, fd] of built.fds) {
    const seen = actor.call(actor.first, { op: "fstat", fd });
    const id = seen.ok ? namespaceIn(seen.value) : undefined;
    if (id !== undefined) names.set(id, name);
  }
  return {
    actor,
    built,
    nameOf: (id) => names.get(id) ?? `not drawn: ${id}`,
    seenFrom: (name) => {
      const viewer = processIn(actor, built, name, taskName(`viewer in ${name}`));
      closeAll(actor, built, viewer);
      return seenBy(actor, viewer);
    },
  };
}

/** What one task of a machine discovers. */
export async function seenBy(actor: ModelActor, viewer: TaskName, wish: DiscoverWish = {}): Promise<Snapshot> {
  const observer = new ModelObserver(() => actor.world, viewer);
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const snapshot = await discover(observer, { commandLines: true, cgroups: true, ...wish }, stamp);
  if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
  return snapshot.value;
}

/** Lets go of the descriptors that building left in a task, and in the first one. */
export function closeAll(actor: ModelActor, built: BuiltWorld, ...tasks: readonly TaskName[]): void {
  for (const task of tasks) for (const fd of built.fds.values()) must(actor, task, { op: "close", fd });
}
