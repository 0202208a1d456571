import { taskName, type TaskName } from "../kernel/call.ts";
import type { NsKey, Task, World } from "../kernel/model/world.ts";
import { Fault, type Word } from "./fault.ts";
import { labelOf } from "./names.ts";
import type { Situation } from "./situation.ts";
import { push } from "../snapshot/push.ts";

/** Processes by what their names end with behind a colon: of all that there ever were, looked through once. */
export class Labels {
  readonly #world: World;
  readonly #started: TaskName[] = [];
  #names: Map<string, TaskName[]> | undefined;

  constructor(world: World) {
    this.#world = world;
  }
  of(label: string): readonly TaskName[] {
    if (this.#names === undefined) {
      this.#names = new Map();
      for (const name of [...this.#world.tasks.keys(), ...this.#started]) this.#add(this.#names, name);
    }
    return this.#names.get(label) ?? [];
  }
  /** One that has started since. */
  add(name: TaskName): void {
    if (this.#names === undefined) this.#started.push(name);
    else this.#add(this.#names, name);
  }
  #add(names: Map<string, TaskName[]>, name: TaskName): void {
    const label = labelOf(name);
    push(names, label, name);
  }
}

/**
 * The process of that name, that has this number in the initial pid namespace, or the only one whose name ends so behind
 * a colon.
 */
export function findProcess(world: World, word: Word, labels: Labels): Task {
  const exact = world.tasks.get(taskName(word.text));
  if (exact !== undefined) return exact;
  const numbered = /^\d{1,9}$/.test(word.text)
    ? processNumbered(world, world.initial.pid, Number(word.text))
    : undefined;
  if (numbered !== undefined) return numbered;
  const alike = labels.of(word.text).flatMap((name) => world.tasks.get(name) ?? []);
  const [only, second] = alike;
  if (only !== undefined && second === undefined) return only;
  const candidates = only === undefined ? [...world.tasks.keys()] : alike.map(({ name }) => name);
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
    return findProcess(world, word, new Labels(world)).name;
  } catch (error) {
    throw error instanceof Fault ? new Fault(error.fault, word, { ...error.more, candidates }) : error;
  }
}

/** A process of a world that somebody saw: `42`, `42@pid:[4026532201]`, `self`; nobody named: who started the viewer. */
export function seenProcess({ world, names }: Situation, text: string | undefined): TaskName {
  if (text === undefined) return world.tasks.get(world.first)?.parent ?? world.first;
  if (text === "self") return world.first;
  const word: Word = { text, from: 0, to: text.length };
  const at = text.indexOf("@");
  const key = at < 0 ? undefined : names.key(text.slice(at + 1));
  const inside = key === undefined ? undefined : processNumbered(world, key, Number(text.slice(0, at)));
  if (inside !== undefined) return inside.name;
  const found = world.tasks.get(taskName(text));
  if (found !== undefined) return found.name;
  throw new Fault("unlike", word, { expected: "process" });
}

/** The process that has a number in a pid namespace. */
export function processNumbered(world: World, pid: NsKey | undefined, number: number): Task | undefined {
  const name = pid === undefined ? undefined : world.namespaces.get(pid)?.pid?.tasks.get(number);
  return name === undefined ? undefined : world.tasks.get(name);
}
