import type { Outcome } from "../../rules/outcome.ts";
import type { Actor } from "../actor.ts";
import type { Call, TaskName, Value } from "../call.ts";
import { boot, type Machine } from "./boot.ts";
import { step } from "./step.ts";
import type { World } from "./world.ts";

/** A machine in memory whose tasks make calls; `world` is how it stands now. */
export class ModelActor implements Actor {
  readonly kernel = "model";
  world: World;

  constructor(machine: Machine | World = {}) {
    this.world = "tasks" in machine ? machine : boot(machine);
  }
  get first(): TaskName {
    return this.world.first;
  }
  call(caller: TaskName, call: Call): Outcome<Value> {
    const [world, outcome] = step(this.world, caller, call);
    this.world = world;
    return outcome;
  }
  /** Nothing outside memory to end. */
  [Symbol.dispose](): void {}
}
