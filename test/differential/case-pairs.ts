import { release } from "node:os";
import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import type { Machine } from "../../src/kernel/model/boot.ts";
import { SCRIPTS } from "../kernel-cases/scripts.ts";
import { drawn } from "../support/drawn-machine.ts";
import { FACT_CASES } from "../kernel-cases/facts/all.ts";
import { casesByWorld, outcomeOf } from "../support/play-fact.ts";
import { Counts } from "./counts.ts";

/** Which outcomes of each call the cases of test/kernel-cases have, by the model of a kernel: else of the running one. */
export function pairsOfCases(kernel: string = release()): Counts {
  const counts = new Counts();
  for (const { uid, lines } of SCRIPTS) {
    const actor = counting(counts, { release: kernel, uid });
    for (const [caller, call] of lines) actor.call(taskName(caller), call);
  }
  for (const [world, cases] of casesByWorld(FACT_CASES)) {
    const actor = counting(counts, { release: kernel, uid: 0 });
    const built = buildWorld(actor, drawn(world), 0);
    for (const one of cases) outcomeOf(actor, built, one);
  }
  return counts;
}

/** A model that notes what each call gave. */
function counting(counts: Counts, machine: Machine): Actor {
  const model = new ModelActor(machine);
  return {
    kernel: model.kernel,
    first: model.first,
    call: (caller, call) => {
      const outcome = model.call(caller, call);
      counts.add({ call, model: outcome });
      return outcome;
    },
    [Symbol.dispose]: () => {},
  };
}
