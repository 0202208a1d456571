import type { Actor } from "../../../src/kernel/actor.ts";
import type { Call, TaskName, Value } from "../../../src/kernel/call.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";
import { nameOf } from "../../differential/counts.ts";

/** A call, by the name that it is counted by, and the errno that it came to. */
export const pairOf = (call: string, errno: string): string => `${call} ${errno}`;

/** An actor of which one hears every refusal. */
export class Heard implements Actor {
  readonly #actor: Actor;
  readonly #pairs: Set<string>;

  constructor(actor: Actor, pairs: Set<string>) {
    this.#actor = actor;
    this.#pairs = pairs;
  }
  get kernel(): "live" | "model" {
    return this.#actor.kernel;
  }
  get first(): TaskName {
    return this.#actor.first;
  }
  call(caller: TaskName, call: Call): Outcome<Value> {
    const outcome = this.#actor.call(caller, call);
    if (!outcome.ok) this.#pairs.add(pairOf(nameOf(call), outcome.errno));
    return outcome;
  }
  [Symbol.dispose](): void {
    this.#actor[Symbol.dispose]();
  }
}
