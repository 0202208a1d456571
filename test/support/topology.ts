import { discover, type DiscoverWish } from "../../src/discover/discover.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { checkpoint } from "../../src/topology/checkpoint/checkpoint.ts";
import type { Root } from "../../src/topology/checkpoint/roots.ts";
import type { Topology } from "../../src/topology/topology.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { drawnMachine, type DrawnMachine } from "./drawn-machine.ts";

const STAMP = { producer: { name: "test", version: "0.1.0" }, takenAt: new Date(0) };
const EVERYTHING: DiscoverWish = { status: true, attributes: true, cgroups: true };

/** All that the first process of a machine in memory can see, as a checkpoint asks for it. */
export async function lookOf({ actor }: Pick<DrawnMachine, "actor">): Promise<Snapshot> {
  const observer = new ModelObserver(() => actor.world, actor.first);
  const snapshot = await discover(observer, EVERYTHING, STAMP);
  if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
  return snapshot.value;
}

/** The namespaces of a drawing as roots, by the drawing's names. */
export const rootsOf = ({ nameOf }: DrawnMachine, snapshot: Snapshot, ...names: readonly string[]): readonly Root[] =>
  names.map((name) => {
    const found = snapshot.namespaces.find(({ id }) => nameOf(id) === name);
    if (found === undefined) throw new Error(`${name} was not seen`);
    return { of: "namespace", id: found.id };
  });

/** What a checkpoint of some of its namespaces gives of a drawn world. */
export async function drawnTopology(drawing: string, ...names: readonly string[]): Promise<Topology> {
  const machine = drawnMachine(drawing);
  const snapshot = await lookOf(machine);
  return checked(snapshot, rootsOf(machine, snapshot, ...names));
}

/** A checkpoint whose roots are there. */
export function checked(snapshot: Snapshot, roots: readonly Root[]): Topology {
  const taken = checkpoint(snapshot, roots);
  if (!taken.ok) throw new Error(`${JSON.stringify(taken.fault.root)}: ${taken.fault.why}`);
  return taken.topology;
}
