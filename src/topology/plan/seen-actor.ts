import type { Actor } from "../../kernel/actor.ts";
import type { Call, TaskName, Value } from "../../kernel/call.ts";
import { step } from "../../kernel/model/step.ts";
import type { World } from "../../kernel/model/world.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { checkSight, insideOf } from "../../what-if/seen/check.ts";
import type { Situation } from "../../what-if/situation.ts";

/** Tasks that make calls in a world that somebody saw. EvidenceMissing: what was not seen decides the call. */
export class SeenActor implements Actor {
  readonly kernel = "model";
  readonly first: TaskName;
  #situation: Situation;

  /** `caller`: the process that does what the first task does. */
  constructor(situation: Situation, caller: TaskName) {
    this.#situation = situation;
    this.first = caller;
  }

  get #world(): World {
    return this.#situation.world;
  }

  call(caller: TaskName, call: Call): Outcome<Value> {
    const { evidence } = this.#situation;
    const task = this.#world.tasks.get(caller);
    if (evidence !== undefined && task !== undefined) {
      evidence.begin(insideOf(this.#world, task, evidence));
      checkSight({ ...this.#situation, evidence }, caller, call);
    }
    const [world, outcome] = step(this.#world, caller, call);
    this.#situation = { ...this.#situation, world };
    return outcome;
  }

  /** Nothing outside memory to end. */
  [Symbol.dispose](): void {}
}
