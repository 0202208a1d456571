import { CLONE_FLAGS } from "../../abi/constants.ts";
import type { Actor } from "../../kernel/actor.ts";
import { namespaceIn, type Call, type TaskName, type Value } from "../../kernel/call.ts";
import type { NsKey } from "../../kernel/model/world.ts";
import type { FileHandle } from "../../rules/file-handle.ts";
import { refused, type Outcome } from "../../rules/outcome.ts";
import type { Answered } from "../carry-out.ts";
import { callThere } from "./called.ts";
import type { Descriptors } from "./descriptors.ts";
import { opens, said, sameErrno, sameHere, sameValue } from "./values.ts";
import { notMade, type Verdict } from "./verdict.ts";

/** A situation on another kernel: who stands for whom, and which descriptors lead to what. */
export interface Standing {
  readonly actor: Actor;
  readonly fds: Descriptors;
  /** The process that has a descriptor of each namespace, to pass it to whoever is taken to have one. */
  readonly warden: TaskName;
  /** What a process is called there. */
  readonly called: (name: TaskName) => TaskName;
  /** Who makes its calls, where that is another one. */
  readonly standsFor?: (name: TaskName) => TaskName;
  /** The warden's descriptor of a namespace. */
  readonly kept: Map<NsKey, number>;
  /** The namespace that a handle of the model names. */
  readonly behind: (handle: FileHandle) => NsKey | undefined;
  readonly keyOf: (name: string) => NsKey | undefined;
  /** On the very machine that was looked at: how a namespace is known there, and numbers are the same. */
  readonly idHere?: (key: NsKey) => string | undefined;
}

/** Makes calls there and compares: errno for errno, what is read, and which descriptors lead to the same namespace as another. */
export class Copy {
  readonly #there: Standing;
  /** Namespaces of the other kernel, by those of the model, as far as both have shown them. */
  readonly #alike = new Map<NsKey, string>();
  /** The process behind a pidfd that a call opened, by "PROCESS FD" of the model. */
  readonly #processes = new Map<string, TaskName>();

  constructor(there: Standing) {
    this.#there = there;
  }

  make(answer: Answered): Verdict {
    const verdict = this.#make(answer);
    if (verdict.is === "same") for (const made of answer.made) this.#keep(made);
    return verdict;
  }

  #make({ by: name, call, outcome, on, notOpened, opened }: Answered): Verdict {
    const { actor, called, standsFor = called } = this.#there;
    if (outcome === undefined) return notMade("unknown");
    const by = standsFor(name);
    const lent = on === undefined ? undefined : this.#lend(by, on);
    if (lent === "none") return notMade("descriptor");
    if (lent !== undefined && !lent.ok) return notOpened === undefined ? said(lent) : sameErrno(outcome, lent);
    if (notOpened !== undefined) return { is: "differs", answered: "0" };
    if (call === undefined) return notMade("unknown");
    const made = this.#onThere(name, call, lent?.value);
    if (made === undefined) return notMade("descriptor");
    const there = actor.call(by, callThere(made, called));
    if (lent !== undefined) actor.call(by, { op: "close", fd: lent.value });
    this.#follow(name, call, outcome, there);
    if (!outcome.ok || !there.ok) return sameErrno(outcome, there);
    if (opened?.type === "namespace" && typeof there.value === "number") {
      return this.#sameNamespace(by, opened.namespace, there.value);
    }
    return this.#there.idHere === undefined
      ? sameValue(call, outcome.value, there.value)
      : sameHere(call, outcome.value, there.value);
  }

  /** Keeps what a call made, so that it can be passed on. */
  #keep({ name, of, link }: Answered["made"][number]): void {
    const { actor, warden, called, kept, keyOf } = this.#there;
    const key = keyOf(name);
    const opened = actor.call(warden, { op: "open", of: called(of), link });
    if (key !== undefined && opened.ok && typeof opened.value === "number") kept.set(key, opened.value);
  }

  #lend(by: TaskName, on: NonNullable<Answered["on"]>): Outcome<number> | "none" {
    const { actor, warden, called, kept, keyOf } = this.#there;
    if (on.is === "link") return numberOf(actor.call(by, { op: "open", of: called(on.of), link: on.link }));
    const key = keyOf(on.name);
    const fd = key === undefined ? undefined : kept.get(key);
    return fd === undefined ? "none" : numberOf(actor.call(warden, { op: "send", fd, to: by }));
  }

  /** The call with the descriptors and handles of the other kernel; undefined where one has no counterpart. */
  #onThere(by: TaskName, call: Call, lent: number | undefined): Call | undefined {
    const { fds } = this.#there;
    if (call.op === "open_by_handle_at") return this.#byHandle(by, call);
    if (!("fd" in call)) return call;
    const owner = call.op === "reopen" ? call.of : by;
    const fd = lent ?? fds.of(owner, call.fd);
    // A number that nothing was opened under is as bad there.
    const found = { ...call, fd: fd ?? NOT_OPEN + call.fd };
    if (found.op !== "pidfd_getfd" || fd === undefined) return found;
    const of = this.#processes.get(`${by} ${call.fd}`);
    return of === undefined ? undefined : { ...found, target: fds.of(of, found.target) ?? NOT_OPEN };
  }

  #byHandle(by: TaskName, call: Extract<Call, { op: "open_by_handle_at" }>): Call | undefined {
    const { actor, warden, behind, fds, kept, idHere } = this.#there;
    const mount = typeof call.mount === "number" ? (fds.of(by, call.mount) ?? NOT_OPEN) : call.mount;
    if (idHere !== undefined) return { ...call, mount };
    const key = behind(call.handle);
    const fd = key === undefined ? undefined : kept.get(key);
    if (fd === undefined) return undefined;
    const named = actor.call(warden, { op: "name_to_handle_at", fd });
    if (!named.ok || typeof named.value !== "object" || !("handle" in named.value)) return undefined;
    return { ...call, mount, handle: named.value.handle };
  }

  /** Keeps the books of descriptors as the model has them. */
  #follow(by: TaskName, call: Call, told: Outcome<Value>, there: Outcome<Value>): void {
    const { fds } = this.#there;
    if (!told.ok || !there.ok) return;
    const flags = "flags" in call && typeof call.flags === "number" ? call.flags : 0;
    const ofFiles = (flags & CLONE_FLAGS.CLONE_FILES) !== 0;
    if (call.op === "clone" || call.op === "legacy-clone") fds[ofFiles ? "share" : "copy"](by, call.as);
    // Whoever leaves a shared table takes a copy of it.
    if (call.op === "exec" || (call.op === "unshare" && ofFiles)) fds.copy(by, by);
    if (call.op === "close") fds.forget(by, call.fd);
    if (typeof told.value !== "number" || typeof there.value !== "number") return;
    if (call.op === "send") fds.note(call.to, told.value, there.value);
    else if (opens(call)) fds.note(by, told.value, there.value);
    if (call.op === "pidfd_open" && typeof call.of === "string") this.#processes.set(`${by} ${told.value}`, call.of);
  }

  #sameNamespace(by: TaskName, key: NsKey, fd: number): Verdict {
    const seen = this.#there.actor.call(by, { op: "fstat", fd });
    const id = seen.ok ? namespaceIn(seen.value) : undefined;
    if (id === undefined) return notMade("descriptor");
    const known = this.#alike.get(key) ?? this.#there.idHere?.(key);
    this.#alike.set(key, id);
    return known === undefined || known === id ? { is: "same" } : { is: "differs", answered: id };
  }
}

/** Far above any descriptor that a holder has. */
const NOT_OPEN = 500_000;

const numberOf = (outcome: Outcome<Value>): Outcome<number> =>
  outcome.ok && typeof outcome.value !== "number" ? refused("EBADF") : (outcome as Outcome<number>);
