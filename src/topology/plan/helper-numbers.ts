import type { Label, Reference } from "../reference.ts";
import type { ProcessNode } from "../topology.ts";
import type { Index } from "./index-topology.ts";

/** Numbers for those who help inside captured pid namespaces: the kernel's own choice could be one that somebody shall have. */
export class HelperNumbers {
  readonly #index: Index;
  readonly #taken = new Map<Reference, Set<number>>();
  readonly #next = new Map<Reference, number>();

  constructor(index: Index) {
    this.#index = index;
    for (const process of index.topology.processes) {
      const levels = index.levelsOf(process);
      for (const [level, namespace] of levels.entries()) this.#take(namespace, process.numbers[level]);
      const own = levels.at(-1);
      if (own !== undefined) for (const number of [process.session, process.group]) this.#take(own, number);
    }
  }

  #take(namespace: Reference, number: number | Label | undefined): void {
    const taken = this.#taken.get(namespace) ?? new Set();
    this.#taken.set(namespace, taken);
    if (typeof number === "number") taken.add(number);
  }

  /** As `fork` takes them, for somebody beside `process`; `own`: the number in its own pid namespace, where that is said. */
  beside(process: ProcessNode, own?: number): readonly number[] {
    const levels = this.#index.levelsOf(process);
    const numbers = levels.map((namespace, level) =>
      own !== undefined && level === levels.length - 1 ? own : this.#free(namespace),
    );
    return numbers.toReversed();
  }

  #free(namespace: Reference): number {
    const taken = this.#taken.get(namespace);
    let number = this.#next.get(namespace) ?? FIRST;
    while (taken?.has(number) === true) number++;
    this.#next.set(namespace, number + 1);
    return number;
  }
}

/** 1 is the first process's. */
const FIRST = 2;
