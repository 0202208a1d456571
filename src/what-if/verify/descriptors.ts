import type { TaskName } from "../../kernel/call.ts";

/** Which descriptor of the other kernel stands for one of the model, process by process. */
export class Descriptors {
  readonly #ofTask = new Map<TaskName, Map<number, number>>();

  note(task: TaskName, model: number, there: number): void {
    const known = this.#ofTask.get(task);
    if (known === undefined) this.#ofTask.set(task, new Map([[model, there]]));
    else known.set(model, there);
  }
  of(task: TaskName, model: number): number | undefined {
    return this.#ofTask.get(task)?.get(model);
  }
  forget(task: TaskName, model: number): void {
    this.#ofTask.get(task)?.delete(model);
  }
  /** A child has those of its parent. */
  copy(from: TaskName, to: TaskName): void {
    this.#ofTask.set(to, new Map(this.#ofTask.get(from)));
  }
  /** Both have one table (CLONE_FILES). */
  share(from: TaskName, to: TaskName): void {
    const table = this.#ofTask.get(from) ?? new Map<number, number>();
    this.#ofTask.set(from, table);
    this.#ofTask.set(to, table);
  }
}
