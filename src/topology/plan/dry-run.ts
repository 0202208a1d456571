import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import type { Actor } from "../../kernel/actor.ts";
import type { Call, TaskName, Value } from "../../kernel/call.ts";
import { ok, type Outcome, type Refused } from "../../rules/outcome.ts";
import { EvidenceMissing, type Missing } from "../../what-if/seen/evidence.ts";
import type { Reference } from "../reference.ts";
import { flagsOf, forkFlags, isModelled } from "./calls-of.ts";
import type { MapProgram } from "./map-programs.ts";
import type { Plan } from "./plan.ts";
import type { ModelledDeed, Step } from "./step.ts";
import { tryMapProgram } from "./try-map-program.ts";

/** A step that a kernel refuses. */
export interface RefusedStep {
  readonly step: Step;
  readonly refused: Refused;
  readonly lacks?: Lack;
}
/** What somebody would have to see to first. */
export type Lack =
  | { readonly what: "program"; readonly program: MapProgram }
  /** Lines of subuid(5) or subgid(5). */
  | { readonly what: "grant"; readonly file: string; readonly lines: readonly string[] };
/** A step of which nobody can tell, for want of a fact that was not seen. */
export interface OpenStep {
  readonly step: Step;
  readonly missing: Missing;
}
/** What a plan comes to; where both are empty, to the end. */
export interface Trial {
  readonly refusals: readonly RefusedStep[];
  readonly open: readonly OpenStep[];
}

/**
 * Carries a plan out and goes on behind a refusal, but for what needs the one that was not born or the namespace that was not
 * made; whoever is lost from sight does nothing more.
 */
export function dryRun(plan: Plan, actor: Actor): Trial {
  const run = new Run(actor);
  const refusals: RefusedStep[] = [];
  const open: OpenStep[] = [];
  const present = new Set<TaskName>([plan.first]);
  for (const step of plan.steps) {
    if (!isModelled(step) || !present.has(step.by) || !run.has(step, present)) continue;
    try {
      const outcome = run.make(step.by, step);
      if (!outcome.ok) refusals.push({ step, refused: outcome });
      else if (step.do === "fork") present.add(step.as);
    } catch (error) {
      if (!(error instanceof EvidenceMissing)) throw error;
      open.push({ step, missing: error.missing });
      present.delete(step.by);
    }
  }
  return { refusals, open };
}

class Run {
  readonly #actor: Actor;
  readonly #kept = new Map<Reference, number>();

  constructor(actor: Actor) {
    this.#actor = actor;
  }

  /** Whether all is there that a deed speaks of. */
  has(deed: ModelledDeed, present: ReadonlySet<TaskName>): boolean {
    if (deed.do === "setns") return this.#kept.has(deed.namespace);
    if (deed.do === "wait") return present.has(deed.child);
    return deed.do !== "map" || present.has(deed.of);
  }

  make(by: TaskName, deed: ModelledDeed): Outcome<Value> {
    const call = (one: Call): Outcome<Value> => this.#actor.call(by, one);
    switch (deed.do) {
      case "fork":
        return call({
          op: "clone",
          flags: forkFlags(deed),
          as: deed.as,
          ...(deed.numbers !== undefined && { args: { setTid: deed.numbers } }),
        });
      case "unshare":
        return call({ op: "unshare", flags: flagsOf(deed.kinds) });
      case "keep":
        return this.#keep(deed.as, call({ op: "open", of: by, link: deed.link }));
      case "keep-unborn":
        return this.#keepUnborn(by, deed.as);
      case "setns": {
        const { flag } = NAMESPACE_KINDS[deed.kind];
        return call({ op: "setns", fd: this.#kept.get(deed.namespace) ?? -1, nstype: flag });
      }
      case "map":
        return deed.through === undefined
          ? call({ op: "write", of: deed.of, file: deed.file, text: deed.text })
          : tryMapProgram(this.#actor, by, { ...deed, through: deed.through });
      case "offsets":
        return call({ op: "write-timens-offsets", of: by, text: deed.text });
      case "limit":
        return call({ op: "write-sysctl", name: deed.name, text: deed.text });
      case "credentials":
        return call(deed.call);
      case "exit":
        return call({ op: "exit" });
      case "wait":
        return call({ op: "wait", child: deed.child });
    }
  }

  #keep(as: Reference, opened: Outcome<Value>): Outcome<Value> {
    if (opened.ok && typeof opened.value === "number") this.#kept.set(as, opened.value);
    return opened;
  }

  #keepUnborn(by: TaskName, as: Reference): Outcome<Value> {
    const pidfd = this.#actor.call(by, { op: "pidfd_open", of: by, flags: 0 });
    if (!pidfd.ok || typeof pidfd.value !== "number") return pidfd;
    const request = "PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE";
    const kept = this.#keep(as, this.#actor.call(by, { op: "pidfd-ioctl", fd: pidfd.value, request }));
    const closed = this.#actor.call(by, { op: "close", fd: pidfd.value });
    return kept.ok && !closed.ok ? closed : kept.ok ? ok(kept.value) : kept;
  }
}
