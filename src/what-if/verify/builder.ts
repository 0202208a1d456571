import type { Actor } from "../../kernel/actor.ts";
import { must } from "../../kernel/build-world.ts";
import { taskName, type Call, type TaskName, type Value } from "../../kernel/call.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { Outcome } from "../../rules/outcome.ts";

/** Calls that build a copy. What is refused is noted, and the copy goes on without it: whether that matters, the model tells. */
export class Builder {
  readonly actor: Actor;
  readonly notes: string[] = [];
  #walkers = 0;

  constructor(actor: Actor) {
    this.actor = actor;
  }
  get first(): TaskName {
    return this.actor.first;
  }
  /** Throws `BuildRefused`. */
  must(by: TaskName, call: Call): number {
    return must(this.actor, by, call);
  }
  /** Whether it was done. `what`: what the copy lacks where it was not. */
  try(by: TaskName, call: Call, what: string): boolean {
    const outcome: Outcome<Value> = this.actor.call(by, call);
    if (!outcome.ok) this.note(`${what}: ${outcome.errno}`);
    return outcome.ok;
  }
  note(what: string): void {
    this.notes.push(what);
  }
  /** A fresh child of the first task, with a copy of all its descriptors. */
  walker(as: TaskName = taskName(`what-if-walker-${this.#walkers++}`)): TaskName {
    return this.child(this.first, 0, as);
  }
  child(of: TaskName, flags: number, as: TaskName): TaskName {
    this.must(of, { op: "clone", flags, as });
    return as;
  }
  /** The first task's descriptor of a namespace that a process is in. */
  link(of: TaskName, link: ProcLink): number {
    const fd = this.must(of, { op: "open", of, link });
    if (of === this.first) return fd;
    const passed = this.must(of, { op: "send", fd, to: this.first });
    this.must(of, { op: "close", fd });
    return passed;
  }
  end(name: TaskName): void {
    this.actor.call(name, { op: "exit" });
  }
}
