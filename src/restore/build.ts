import type { Native } from "../kernel/live/native.ts";
import type { Plan } from "../topology/plan/plan.ts";
import { carryStep } from "./carry-deed.ts";
import { bootId, startOf } from "./identity.ts";
import { intentsOf } from "./intents.ts";
import type { RegistryEntry } from "./registry-entry.ts";
import type { Registry } from "./registry.ts";
import { Site } from "./site.ts";
import { takeAway } from "./undo.ts";

export interface BuildWish {
  readonly name: string;
  readonly plan: Plan;
  readonly registry: Registry;
  /** What is otherwise than in the image, for whoever compares later. */
  readonly otherwise?: Pick<RegistryEntry, "commands" | "pinned" | "externals">;
  /** The holder program, where it is not the one built for this machine. */
  readonly program?: string;
}

/**
 * Carries a plan out on the running kernel. What it made is registered under the name and stays when we end. Throws what went
 * wrong (StepRefused, HolderLostError, Node's errors); then nothing is left of it, nor of the name.
 */
export function build(
  native: Pick<Native, "pipe2">,
  { name, plan, registry, otherwise, program }: BuildWish,
): RegistryEntry {
  const maker = { pid: process.pid, startTime: startOf(process.pid) ?? 0 };
  const begun: RegistryEntry = {
    format: "nsatlas-restore",
    version: 1,
    name,
    state: "making",
    madeAt: new Date().toISOString(),
    bootId: bootId(),
    maker,
    processes: [],
    ...otherwise,
    ...intentsOf(plan.steps),
  };
  registry.begin(begun);
  let entry = begun;
  try {
    using site = new Site(native, plan.first, program);
    for (const step of plan.steps) carryStep(site, step);
    // Until here everybody ends with us; those who are named here may outlast us from now on.
    const processes = site.resting.map(({ label, pid }) => ({ label, pid, startTime: startOf(pid) ?? 0 }));
    entry = { ...entry, state: "releasing", processes };
    registry.write(entry);
    site.letThrough();
    entry = { ...entry, state: "done" };
    registry.write(entry);
  } catch (error) {
    takeAway(native, entry);
    registry.forget(name);
    throw error;
  }
  return entry;
}
