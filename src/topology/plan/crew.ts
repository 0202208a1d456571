import { taskName, type TaskName } from "../../kernel/call.ts";
import { isAmbient, isBoundary, type Label, type Reference } from "../reference.ts";
import type { Topology } from "../topology.ts";
import { AMBIENT_PID, AMBIENT_USER, Index } from "./index-topology.ts";
import type { Commands, Restorer } from "./restorer.ts";
import type { Deed, Step } from "./step.ts";

/** The first of all, who stays in the restorer's own namespaces: everybody else is forked by it or by somebody it forked. */
export const RESTORER: TaskName = taskName("restorer");

/** Who helps to restore, where each of them stands, and what they have done so far. */
export class Crew {
  readonly index: Index;
  readonly restorer: Restorer;
  readonly commands: Commands;
  readonly steps: Step[] = [];
  readonly kept = new Set<Reference>();
  readonly #midwives = new Map<Reference, TaskName>();
  /** The pid namespace for its children, where it is not its own. */
  readonly #hops = new Map<TaskName, Reference>();
  #helpers = 0;
  /** Of helpers inside a captured pid namespace the number there. */
  readonly #numbered = new Map<TaskName, number>();

  constructor(topology: Topology, restorer: Restorer, commands: Commands) {
    this.index = new Index(topology);
    this.restorer = restorer;
    this.commands = commands;
  }

  does(by: TaskName, deed: Deed, element?: Label): void {
    this.steps.push({ ...deed, by, ...(element !== undefined && { for: element }) });
    if (deed.do === "keep" || deed.do === "keep-unborn" || deed.do === "open") this.kept.add(deed.as);
  }

  /** Somebody who is there for a while; `what` says what for. `numbers`: those that it shall have, innermost first. */
  helper(
    by: TaskName,
    what: string,
    element?: Label,
    { sibling = false, numbers = [] }: { readonly sibling?: boolean; readonly numbers?: readonly number[] } = {},
  ): TaskName {
    const as = taskName(`${what}-${++this.#helpers}`);
    const [own] = numbers;
    if (own !== undefined) this.#numbered.set(as, own);
    this.does(by, { do: "fork", as, ...(numbers.length > 0 && { numbers }), ...(sibling && { sibling }) }, element);
    return as;
  }
  /** `parent`: in the same pid namespace as a helper that has numbers. */
  leaves(helper: TaskName, parent: TaskName, element?: Label): void {
    this.does(helper, { do: "exit" }, element);
    const number = this.#numbered.get(helper);
    this.does(parent, { do: "wait", child: helper, ...(number !== undefined && { number }) }, element);
  }

  joins(by: TaskName, user: Reference, element?: Label): void {
    if (!isBoundary(user)) this.does(by, { do: "setns", kind: "user", namespace: user }, element);
  }

  /** The user namespace from which all is done that concerns what a user namespace owns: the restorer's own, where it may. */
  baseOf(user: Reference): Reference {
    return this.restorer.privileged ? AMBIENT_USER : this.index.topmost(user);
  }

  /** Whose child is born into a pid namespace: somebody in the restorer's own pid namespace, with power over what a base owns. */
  midwife(base: Reference): TaskName {
    const there = this.#midwives.get(base);
    if (there !== undefined) return there;
    const as = this.helper(RESTORER, "midwife");
    this.joins(as, base);
    this.#midwives.set(base, as);
    return as;
  }

  /** Has a process's next children born in a pid namespace; `own`: the one that it is in itself. */
  hop(by: TaskName, to: Reference, own: Reference, element?: Label): void {
    if ((this.#hops.get(by) ?? own) === to) return;
    if (isBoundary(to) && !this.kept.has(to)) this.does(RESTORER, { do: "keep", link: "pid", as: to });
    this.does(by, { do: "setns", kind: "pid", namespace: to }, element);
    this.#hops.set(by, to);
  }

  /** Somebody whose children are born in a pid namespace, and who has power over it. */
  midwifeIn(pid: Reference): TaskName {
    if (isAmbient(pid)) return RESTORER;
    const by = this.midwife(this.baseOf(this.outermostOwner(pid)));
    this.hop(by, pid, AMBIENT_PID, pid);
    return by;
  }

  /** The owner of the outermost captured pid namespace at or above one. */
  outermostOwner(pid: Reference): Reference {
    let owner: Reference = AMBIENT_USER;
    for (let node = this.index.pid(pid); node !== undefined; node = this.index.pid(node.parent)) owner = node.owner;
    return owner;
  }
}
