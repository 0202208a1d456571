import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { Actor } from "../kernel/actor.ts";
import { namespaceIn, taskName, type Call, type TaskName } from "../kernel/call.ts";
import type { Relation } from "../messages/ns-show.ts";
import { RELATION_CALLS } from "../render/relation-line.ts";
import { ok, type Outcome, type Refused } from "../rules/outcome.ts";
import type { Command, Role, Transcript } from "./transcripts.ts";

/** What a kernel said to one command. */
export type Answer =
  | { readonly is: "process"; readonly pid: number }
  | { readonly is: "relation"; readonly relation: Relation; readonly outcome: Outcome<NamespaceId> }
  | { readonly is: "link"; readonly kind: NamespaceKind; readonly id: NamespaceId };

/** A call that a session cannot do without was refused. */
export interface Prevented {
  readonly call: string;
  readonly refusal: Refused;
}
/** A session as one kernel played it: an answer to each command, or what prevented it. */
export type Played = { readonly answers: readonly Answer[] } | { readonly prevented: Prevented };

/** Plays sessions one after the other; their processes live until the actor is disposed of. */
export function carryOut(actor: Actor, transcripts: readonly Transcript[]): readonly Played[] {
  const stage = new Stage(actor);
  return transcripts.map(({ lines }) => {
    const answers: Answer[] = [];
    for (const { command } of lines) {
      const answer = stage.play(command);
      if ("prevented" in answer) return answer;
      answers.push(answer);
    }
    return { answers };
  });
}

/** Who has been started so far, and by which refusal someone was not. */
class Stage {
  readonly #actor: Actor;
  readonly #cast = new Map<Role, TaskName | Prevented>();

  constructor(actor: Actor) {
    this.#actor = actor;
    this.#cast.set("you", actor.first);
  }

  play(command: Command): Answer | { readonly prevented: Prevented } {
    const by = this.#member(command.by);
    if (typeof by !== "string") return { prevented: by };
    if (command.does === "start") return this.#start(by, command.as, command.kinds);
    const of = this.#member(command.of);
    if (typeof of !== "string") return { prevented: of };
    const { link } = command;
    const file = this.#descriptor(by, { op: "open", of, link });
    if (!file.ok) return { prevented: { call: `open /proc/PID/ns/${link}`, refusal: file } };
    const fd = file.value;
    try {
      if (command.does === "ns_show") {
        return { is: "relation", relation: command.relation, outcome: this.#related(by, fd, command.relation) };
      }
      const id = this.#identity(by, fd);
      return id.ok ? { is: "link", kind: link, id: id.value } : { prevented: { call: "fstat", refusal: id } };
    } finally {
      this.#actor.call(by, { op: "close", fd });
    }
  }

  #member(role: Role): TaskName | Prevented {
    const member = this.#cast.get(role);
    if (member === undefined) throw new Error(`no session starts ${role}`);
    return member;
  }

  #start(by: TaskName, role: Role, kinds: readonly NamespaceKind[]): ReturnType<Stage["play"]> {
    const as = taskName(role);
    const flags = kinds.reduce((all, kind) => all | NAMESPACE_KINDS[kind].flag, 0);
    const started = this.#actor.call(by, { op: "clone", flags, as });
    if (started.ok) {
      this.#cast.set(role, as);
      return { is: "process", pid: Number(started.value) };
    }
    const names = kinds.map((kind) => NAMESPACE_KINDS[kind].flagName).join("|");
    const prevented = { call: `clone3 ${names}`, refusal: started };
    this.#cast.set(role, prevented);
    return { prevented };
  }

  #related(by: TaskName, fd: number, relation: Relation): Outcome<NamespaceId> {
    const related = this.#descriptor(by, { op: "ioctl", fd, request: RELATION_CALLS[relation] });
    if (!related.ok) return related;
    try {
      return this.#identity(by, related.value);
    } finally {
      this.#actor.call(by, { op: "close", fd: related.value });
    }
  }
  #identity(by: TaskName, fd: number): Outcome<NamespaceId> {
    const seen = this.#actor.call(by, { op: "fstat", fd });
    if (!seen.ok) return seen;
    const id = namespaceIn(seen.value);
    if (id === undefined) throw new Error("fstat gives a namespace");
    return ok(id);
  }
  #descriptor(by: TaskName, call: Call): Outcome<number> {
    const opened = this.#actor.call(by, call);
    return opened.ok ? ok(Number(opened.value)) : opened;
  }
}
