import type { Actor } from "../kernel/actor.ts";
import { BuildRefused, buildWorld, must } from "../kernel/build-world.ts";
import { namespaceIn, taskName, type Call, type TaskName, type Value } from "../kernel/call.ts";
import type { DrawnNamespace } from "../kernel/drawing.ts";
import type { NsKey } from "../kernel/model/world.ts";
import type { NotMade } from "../messages/verify.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Answered } from "./carry-out.ts";
import { Descriptors } from "./verify-descriptors.ts";
import { whyNotHere } from "./verify-harm.ts";

/** What the running kernel said to a call, beside what the model says. */
export type Verdict =
  | { readonly is: "same" }
  | { readonly is: "differs"; readonly answered: string }
  | { readonly is: "not-made"; readonly why: NotMade; readonly detail?: string };

/** The process that keeps a descriptor of each namespace, to pass it to whoever is taken to have one. */
const WARDEN = taskName("what-if-warden");

/**
 * Makes the same calls on another kernel, by throw-away processes in a copy of the drawn world, and compares: errno for
 * errno, and what is read; which descriptors lead to the same namespace as another. Numbers that each kernel hands out as it
 * likes are not compared. A call that could reach beyond the copy is not made.
 */
export function verify(actor: Actor, drawn: readonly DrawnNamespace[], answers: readonly Answered[]): Verdict[] {
  let copy: Copy;
  try {
    copy = new Copy(actor, drawn);
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    return answers.map(() => ({ is: "not-made", why: "not-built", detail: error.message }));
  }
  let isLost = false;
  return answers.map((answer): Verdict => {
    if (isLost) return { is: "not-made", why: "before" };
    const verdict = copy.make(answer);
    isLost = verdict.is !== "same";
    return verdict;
  });
}

/** A drawn world on the other kernel. */
class Copy {
  readonly #actor: Actor;
  readonly #fds = new Descriptors();
  /** The warden's descriptors, by the names of the drawing and of what was made since. */
  readonly #kept = new Map<string, number>();
  /** Namespaces of the other kernel, by those of the model, as far as both have shown them. */
  readonly #alike = new Map<NsKey, string>();

  constructor(actor: Actor, drawn: readonly DrawnNamespace[]) {
    this.#actor = actor;
    const { first } = actor;
    for (let fd = 0; fd <= 2; fd++) this.#fds.note(first, fd, must(actor, first, { op: "open-other", what: "null" }));
    const { fds, keepers } = buildWorld(actor, drawn, 0);
    for (const keeper of new Set(keepers.values())) if (keeper !== first) this.#fds.copy(first, keeper);
    must(actor, first, { op: "clone", flags: 0, as: WARDEN });
    const empty = new Set(drawn.filter((one) => one.empty).map(({ name }) => name));
    let next = 3;
    for (const [name, fd] of fds) {
      this.#kept.set(name, fd);
      if (empty.has(name)) this.#fds.note(first, next++, fd);
      else must(actor, first, { op: "close", fd });
    }
  }

  make(answer: Answered): Verdict {
    const verdict = this.#make(answer);
    if (verdict.is === "same") for (const made of answer.made) this.#keep(made);
    return verdict;
  }

  #make({ by, call, outcome, on, notOpened, opened }: Answered): Verdict {
    if (outcome === undefined) return { is: "not-made", why: "unknown" };
    const harm = call === undefined ? undefined : whyNotHere(call);
    if (harm !== undefined) return { is: "not-made", why: harm };
    const lent = on === undefined ? undefined : this.#lend(by, on);
    if (lent !== undefined && !lent.ok) {
      return notOpened === undefined ? said(lent) : sameErrno(outcome, lent);
    }
    if (notOpened !== undefined) return { is: "differs", answered: "0" };
    if (call === undefined) return { is: "not-made", why: "unknown" };
    const made = this.#onThere(by, call, lent?.value);
    if (made === undefined) return { is: "not-made", why: "descriptor" };
    const there = this.#actor.call(by, made);
    if (lent !== undefined) this.#actor.call(by, { op: "close", fd: lent.value });
    this.#follow(by, call, outcome, there);
    if (!outcome.ok || !there.ok) return sameErrno(outcome, there);
    if (opened?.type === "namespace" && typeof there.value === "number") {
      return this.#sameNamespace(by, opened.namespace, there.value);
    }
    return sameValue(call, outcome.value, there.value);
  }

  /** Keeps what a call made, so that it can be passed on. */
  #keep({ name, of, link }: Answered["made"][number]): void {
    const opened = this.#actor.call(WARDEN, { op: "open", of, link });
    if (opened.ok && typeof opened.value === "number") this.#kept.set(name, opened.value);
  }

  #lend(by: TaskName, on: NonNullable<Answered["on"]>): Outcome<number> {
    if (on.is === "link") return numberOf(this.#actor.call(by, { op: "open", of: on.of, link: on.link }));
    const fd = this.#kept.get(on.name);
    if (fd === undefined) return { ok: false, errno: "EBADF" };
    return numberOf(this.#actor.call(WARDEN, { op: "send", fd, to: by }));
  }

  /** The call with the descriptors and handles of the other kernel; undefined where one has no counterpart. */
  #onThere(by: TaskName, call: Call, lent: number | undefined): Call | undefined {
    if (call.op === "open_by_handle_at") return undefined;
    if (!("fd" in call)) return call;
    const fd = lent ?? this.#fds.of(call.op === "reopen" ? call.of : by, call.fd);
    // A number that nothing was opened under is as bad there.
    return fd === undefined ? { ...call, fd: NOT_OPEN + call.fd } : { ...call, fd };
  }

  /** Keeps the books of descriptors as the model has them. */
  #follow(by: TaskName, call: Call, outcome: Outcome<Value>, there: Outcome<Value>): void {
    if (!outcome.ok || !there.ok) return;
    if (call.op === "clone" || call.op === "legacy-clone") this.#fds.copy(by, call.as);
    if (call.op === "close") this.#fds.forget(by, call.fd);
    if (typeof outcome.value !== "number" || typeof there.value !== "number") return;
    if (call.op === "send") this.#fds.note(call.to, outcome.value, there.value);
    else if (OPENING.has(call.op) || isOpening(call)) this.#fds.note(by, outcome.value, there.value);
  }

  #sameNamespace(by: TaskName, key: NsKey, fd: number): Verdict {
    const seen = this.#actor.call(by, { op: "fstat", fd });
    const id = seen.ok ? namespaceIn(seen.value) : undefined;
    if (id === undefined) return { is: "not-made", why: "descriptor" };
    const known = this.#alike.get(key);
    this.#alike.set(key, id);
    return known === undefined || known === id ? { is: "same" } : { is: "differs", answered: id };
  }
}

/** Far above any descriptor that a holder has. */
const NOT_OPEN = 500_000;
const OPENING: ReadonlySet<Call["op"]> = new Set<Call["op"]>([
  "open",
  "reopen",
  "open-folder",
  "open-path",
  "open-other",
  "open-map",
  "pidfd_open",
  "dup",
  "open_by_handle_at",
]);
const isOpening = (call: Call): boolean =>
  "request" in call && /^(NS_GET_(USERNS|PARENT)|SIOCGSKNS|PIDFD_GET_.*_NAMESPACE)$/.test(String(call.request));

const numberOf = (outcome: Outcome<Value>): Outcome<number> =>
  outcome.ok ? { ok: true, value: typeof outcome.value === "number" ? outcome.value : -1 } : outcome;
const said = (outcome: Outcome<Value>): Verdict => ({
  is: "differs",
  answered: outcome.ok ? "0" : outcome.errno,
});
const sameErrno = (model: Outcome<Value>, there: Outcome<Value>): Verdict =>
  !model.ok && !there.ok && model.errno === there.errno ? { is: "same" } : said(there);

/** What is read has to be the same, but for numbers that each kernel hands out as it likes. */
function sameValue(call: Call, model: Value, there: Value): Verdict {
  const isOwn = OWN_NUMBERS.has(call.op) || OPENING.has(call.op) || ("request" in call && !COMPARED.has(call.request));
  if (isOwn || text(model) === text(there)) return { is: "same" };
  return { is: "differs", answered: text(there) };
}
const text = (value: Value): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
/** Calls whose numbers, inodes and ids differ from kernel to kernel; what they lead to is compared by `fstat`. */
const OWN_NUMBERS: ReadonlySet<Call["op"]> = new Set<Call["op"]>([
  "clone",
  "legacy-clone",
  "wait",
  "getpid",
  "getppid",
  "fstat",
  "stat",
  "readlink",
  "send",
  "status",
  "read-sysctl",
  "name_to_handle_at",
  "link_to_handle_at",
  "listns",
  "getsockopt",
]);
const COMPARED: ReadonlySet<unknown> = new Set(["NS_GET_NSTYPE", "NS_GET_OWNER_UID"]);
