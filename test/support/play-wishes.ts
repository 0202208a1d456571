import type { Call, TaskName } from "../../src/kernel/call.ts";
import { boot } from "../../src/kernel/model/boot.ts";
import { step } from "../../src/kernel/model/step.ts";
import type { World } from "../../src/kernel/model/world.ts";
import { callOf, type Wish } from "./arbitrary-calls.ts";

/**
 * What the wishes come to, call by call; the first task stays, so that somebody is always there. New tasks are named by
 * numbers that count on from `from`.
 */
export function* play(
  wishes: readonly Wish[],
  { start = boot(), from = 0 }: { start?: World; from?: number } = {},
): Iterable<{ world: World; caller: TaskName; call: Call; after: World }> {
  let world = start;
  for (const [at, wish] of wishes.entries()) {
    const callers = [...world.tasks.values()].filter((task) => makesCalls(world, task.name));
    const caller = callers[wish.by % callers.length];
    const others = [...world.tasks.values()].filter(({ parent }) => parent !== undefined).map(({ name }) => name);
    const other = others[wish.other % others.length];
    if (caller === undefined || other === undefined) continue;
    const call = callOf(wish, { other, at: from + at });
    if (ends(call) && caller.name === world.first) continue;
    const [after] = step(world, caller.name, call);
    yield { world, caller: caller.name, call, after };
    world = after;
  }
}

const ends = ({ op }: Call): boolean => op === "exit" || op === "exit-thread";
export function makesCalls(world: World, name: TaskName): boolean {
  const task = world.tasks.get(name);
  return task?.memberships !== undefined && task.waitsFor === undefined && task.parent !== undefined;
}
