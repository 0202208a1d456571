import { taskName } from "../../kernel/call.ts";
import type { Plan } from "../../topology/plan/plan.ts";
import { dryRun, type Trial } from "../../topology/plan/dry-run.ts";
import { SeenActor } from "../../topology/plan/seen-actor.ts";
import type { Running } from "../command.ts";
import { seenSituation } from "../seen-world.ts";

/** Carries a plan out on the model of this machine, by a copy of ourselves. Nothing happens. */
export async function foresee(running: Running, plan: Plan): Promise<Trial> {
  const situation = await seenSituation(running, { from: undefined, kernel: undefined });
  const actor = new SeenActor(situation, situation.world.first);
  actor.call(actor.first, { op: "clone", flags: 0, as: taskName(plan.first) });
  return dryRun(plan, actor);
}
