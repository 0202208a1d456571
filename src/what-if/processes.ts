import { taskName, type TaskName } from "../kernel/call.ts";
import type { Task, World } from "../kernel/model/world.ts";
import { Fault, type Word } from "./fault.ts";
import { labelOf } from "./names.ts";
import type { Situation } from "./situation.ts";

/** The process of that name, or the only one whose name ends so behind a colon. */
export function findProcess(world: World, word: Word): Task {
  const exact = world.tasks.get(taskName(word.text));
  if (exact !== undefined) return exact;
  const tasks = [...world.tasks.values()];
  const alike = tasks.filter(({ name }) => labelOf(name) === word.text);
  const [only, second] = alike;
  if (only !== undefined && second === undefined) return only;
  const candidates = (only === undefined ? tasks : alike).map(({ name }) => name);
  throw new Fault("unlike", word, { expected: "process", candidates });
}

/**
 * The process that looks, or makes the calls: by its name, or by that of the namespace it sits in (`net:init`: the first
 * one). Throws a `Fault` for an unknown name, and for one whose process has ended.
 */
export function processNamed({ world, keepers }: Situation, text: string): TaskName {
  const isAlive = (name: TaskName): boolean => world.tasks.get(name)?.memberships !== undefined;
  const keeper = keepers.get(text);
  if (keeper !== undefined && isAlive(keeper)) return keeper;
  const word: Word = { text, from: 0, to: text.length };
  const candidates = [...keepers].filter(([, name]) => isAlive(name)).map(([name]) => name);
  if (keeper !== undefined) throw new Fault("ended", word, { candidates });
  try {
    return findProcess(world, word).name;
  } catch (error) {
    throw error instanceof Fault ? new Fault(error.fault, word, { ...error.more, candidates }) : error;
  }
}
