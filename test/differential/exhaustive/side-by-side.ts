import type { Actor } from "../../../src/kernel/actor.ts";
import { callText, type Call, type TaskName, type Value } from "../../../src/kernel/call.ts";
import type { Task } from "../../../src/kernel/model/world.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";
import type { Said } from "../compare.ts";
import type { Foreseen, Pair } from "../pair.ts";

/** The model and the running kernel do not agree. */
export class Difference extends Error {
  override readonly name = "Difference";
}

/** Both kernels as one: each call is made on both sides and compared, and the model's outcome is the answer. */
export class SideBySide implements Actor {
  readonly kernel = "live";
  readonly #pair: Pair;
  readonly #told: (said: Said) => void;

  /** `told`: hears of every call that is asked, not of those that only set the scene. */
  constructor(pair: Pair, told: (said: Said) => void) {
    this.#pair = pair;
    this.#told = told;
  }

  get first(): TaskName {
    return this.#pair.world.first;
  }

  call(caller: TaskName, call: Call): Outcome<Value> {
    return this.#play(caller, call).model;
  }

  /** A call that is what it is all about. */
  ask(caller: TaskName, call: Call): Outcome<Value> {
    const said = this.#play(caller, call);
    this.#told(said);
    return said.model;
  }

  /** What the model says of a call that changes nothing; undefined: it would change something, or is not plain. */
  foresee(caller: TaskName, call: Call): Foreseen | undefined {
    if (call.op !== "setns" && call.op !== "ioctl") return undefined;
    const model = this.#pair.foresee(caller, call);
    return model === undefined ? undefined : { call, model };
  }

  /** The same as `ask` for each of them, much quicker. */
  askTogether(caller: TaskName, foreseen: readonly Foreseen[]): void {
    if (foreseen.length === 0) return;
    const difference = this.#pair.playTogether(caller, foreseen);
    for (const said of this.#pair.history.splice(0)) this.#told(said);
    if (difference !== undefined) throw new Difference(difference);
  }

  #play(caller: TaskName, call: Call): Said {
    const difference = this.#pair.playBound({ caller, call });
    const said = this.#pair.history.pop();
    if (difference !== undefined) throw new Difference(`${caller}: ${callText(call)}: ${difference}`);
    if (said === undefined) throw new Error(`${caller}: ${callText(call)} cannot be played`);
    return said;
  }

  /** A task as the model has it. */
  task(name: TaskName): Task {
    const task = this.#pair.world.tasks.get(name);
    if (task === undefined) throw new Error(`there is no task ${name}`);
    return task;
  }

  /** Throws a Difference unless all tasks stand alike on both sides. */
  compareState(): void {
    const difference = this.#pair.compareState();
    if (difference !== undefined) throw new Difference(difference);
  }

  /** The pair belongs to its ground. */
  [Symbol.dispose](): void {}
}
