import { readFileSync } from "node:fs";
import type { ErrnoName } from "../../abi/errnos.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Whose } from "../attributes.ts";
import type { NsFile } from "../observer.ts";
import { askHere, type Asking } from "./asking.ts";
import * as calls from "./holder-calls.ts";
import { HolderProgramError } from "./holder-program.ts";
import { openHolders, type Holder, type Holders } from "./holders.ts";
import type { Native } from "./native.ts";
import { openEach, openHere } from "./open-in-holder.ts";
import { outcomeOf } from "./outcome-of.ts";
import type { SeriesWish, Told } from "./series.ts";
import {
  AT_REST,
  type Birthing,
  HELPED,
  here,
  intoUser,
  NO_POWER,
  ON_THE_WAY,
  onward,
  stay,
  stop,
  type Visit,
  WHO_HAS_ENDED,
} from "./visit-series.ts";

/** A call that takes longer is given up with the process that made it. */
const LIMIT_MS = 2000;
/** So many namespaces one process has open at once: their paths and calls fit in one request. */
const MOST_STOPS = 128;

/** What became of one that gave no answer. */
const LOST = { died: "ESRCH", timedOut: "ETIMEDOUT" } as const;

/** By the owner it may be possible; what could not be opened says why when it is opened again. */
const ELSEWISE: ReadonlySet<ErrnoName> = new Set(["EPERM", "EBADF"]);

/** Where a visitor is to go, and what it takes along. */
export interface Destination {
  readonly to: Whose;
  readonly kind: NamespaceKind;
  /** Namespaces that it has open there. */
  readonly carrying?: readonly NsFile[];
}

/**
 * Processes of ours that go into other namespaces. Before it goes, each becomes one that nobody may look into (not dumpable)
 * and that can gain nothing (no_new_privs); while it is in, it has no capability that counts (effective). One that goes on to
 * others keeps what it takes to go there, CAP_SYS_ADMIN, among those that it may take up again; any other gives up all. It ends
 * when it is told, after the time limit of a call, or with nsatlas itself, however that ends: the holder program's guard sees to it.
 */
export class Visitors implements Disposable {
  readonly #holders: Holders;

  /** HolderProgramError: there is no such program for this machine, or it does not start. */
  constructor(native: Native) {
    this.#holders = openHolders(native, { limitMs: LIMIT_MS, oneCpu: true });
  }

  [Symbol.dispose](): void {
    this.#holders[Symbol.dispose]();
  }

  /**
   * Has each of these namespaces of one kind asked something. One process goes to as many as it may; where it may not, and to
   * user namespaces, which nobody leaves again, each goes by itself.
   */
  visitEach<T>(kind: NamespaceKind, tos: readonly Whose[], asking: (nth: number) => Asking<T>): readonly Outcome<T>[] {
    const found = kind === "user" ? this.#users(tos, asking) : this.#tour({ kind, tos }, asking);
    return tos.map((to, nth) => found.get(nth) ?? this.visit({ to, kind }, (by) => askHere(by, asking(nth))));
  }

  /** What the one process was told that goes from one to the next; nothing of those to which another has to go. */
  #tour<T>(
    { kind, tos }: { readonly kind: NamespaceKind; readonly tos: readonly Whose[] },
    asking: (nth: number) => Asking<T>,
  ): Map<number, Outcome<T>> {
    const found = new Map<number, Outcome<T>>();
    const stopFor = madeOnce((asking: Asking<T>) => stop(kind, asking));
    for (let next = 0; next < tos.length;) {
      const from = next;
      const went = this.withHolder((by) => {
        const ways = openEach(by, { kind, tos: tos.slice(from, from + MOST_STOPS) });
        const ready = calls.capset(by, AT_REST);
        if (!ready.ok) return ready;
        const visits = ways.map((given, nth) => ({ ...stopFor(asking(from + nth)), given }));
        next += this.#take(by, visits, (nth, answer) => found.set(from + nth, answer));
        this.end(by.holder);
        return ok(undefined);
      });
      // An ordinary user, who has nothing to go there with.
      if (!went.ok) break;
    }
    return found;
  }

  /** Likewise, of what only children are born into; with what it takes to choose their number. */
  visitBorn<T>(kind: NamespaceKind, tos: readonly Whose[], birthing: Birthing<T>): readonly Outcome<T>[] {
    const before = onward(kind);
    const asking = here(birthing.asking);
    const found = this.#bear({ kind, tos, before }, { ...birthing, visit: () => asking });
    return tos.map((to, nth) => found.get(nth) ?? this.visit({ to, kind }, birthing.slowly));
  }

  /** Each by a process for itself. */
  #users<T>(tos: readonly Whose[], asking: (nth: number) => Asking<T>): Map<number, Outcome<T>> {
    if (!mayJoinUser()) return new Map<number, Outcome<T>>();
    const visitFor = madeOnce((asking: Asking<T>) => intoUser(asking));
    const visit = (nth: number): Visit<T> => visitFor(asking(nth));
    const found = this.#bear({ kind: "user", tos, before: stay() }, { clone: HELPED, visit, unborn: () => undefined });
    // Nobody can enter the one that he is in.
    for (const [nth, to] of tos.entries()) if (to === "own") found.delete(nth);
    return found;
  }

  /** What children of one process were told, which has all of the namespaces open, or goes to each; a child gives up all that it has. */
  #bear<T>(
    {
      kind,
      tos,
      before,
    }: { readonly kind: NamespaceKind; readonly tos: readonly Whose[]; readonly before: Visit<undefined> },
    { clone, visit, unborn }: Pick<Birthing<T>, "clone" | "unborn"> & { readonly visit: (nth: number) => Visit<T> },
  ): Map<number, Outcome<T>> {
    const found = new Map<number, Outcome<T>>();
    for (const [from, some] of inStops(tos)) {
      this.withHolder((by) => {
        const ways = openEach(by, { kind, tos: some });
        // An ordinary user has nothing to give up.
        calls.capset(by, ON_THE_WAY);
        const wishes = ways.map((given, nth) => {
          const asking = visit(from + nth);
          return { before: { ...before, given }, clone, asking: { ...asking, given } };
        });
        const { births } = this.#holders.bearEach(by.holder, wishes);
        for (const [nth, { before: told, child }] of births.entries()) {
          if (before.read(told)?.ok !== true) continue;
          const answer = child.ok ? answerOf(visit(from + nth), child.value) : unborn(child.errno);
          if (answer !== undefined) found.set(from + nth, answer);
        }
        if (this.#holders.has(by.holder)) calls.wait4(by, -1, WHO_HAS_ENDED);
        this.end(by.holder);
        return ok(undefined);
      });
    }
    return found;
  }

  /** How many visits were made; those that came to nothing, or to something that another may do better, are not told. */
  #take<T>(
    by: calls.Caller,
    visits: readonly (Visit<T> & SeriesWish)[],
    tell: (nth: number, answer: Outcome<T>) => void,
  ): number {
    const { told, lost } = this.#holders.series(by.holder, visits);
    for (const [nth, answers] of told.entries()) {
      const visit = visits[nth];
      const answer = visit && answerOf(visit, answers);
      if (answer !== undefined) tell(nth, answer);
    }
    if (lost === undefined) return told.length;
    tell(told.length, refused(LOST[lost]));
    return told.length + 1;
  }

  /** Has a process enter, ask something (it is given what it carries) and end. */
  visit<T>(where: Destination, ask: (by: calls.Caller, carried: readonly Outcome<number>[]) => Outcome<T>): Outcome<T> {
    return this.withHolder((by) => {
      const carried = (where.carrying ?? []).map((file) => openHere(by, file));
      const entered = this.enterBare(by, where);
      const answer = entered.ok ? ask(by, carried) : entered;
      if (answer.ok) this.end(by.holder);
      return answer;
    });
  }

  /** The same by way of the owner alone, with the capabilities that are to be had there. */
  byOwner<T>(where: Destination, ask: (by: calls.Caller) => Outcome<T>): Outcome<T> {
    return this.withHolder((by) => {
      const entered = this.#enterByOwner(by, where);
      const hidden = entered.ok ? calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, 0) : entered;
      const answer = hidden.ok ? ask(by) : hidden;
      if (answer.ok) this.end(by.holder);
      return answer;
    });
  }

  /** A process for the purpose; it has ended where nothing came of it. */
  withHolder<T>(use: (by: calls.Caller) => Outcome<T>): Outcome<T> {
    const holder = this.#start();
    if (!holder.ok) return holder;
    const by = { holders: this.#holders, holder: holder.value };
    try {
      const hidden = calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, 0);
      const bound = hidden.ok ? calls.prctl(by, CONSTANTS.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : hidden;
      const used = bound.ok ? use(by) : bound;
      if (!used.ok) this.end(holder.value);
      return used;
    } catch (error) {
      if (!(error instanceof calls.HolderLostError)) throw error;
      this.end(holder.value);
      return refused(LOST[error.how]);
    }
  }

  /**
   * Enters, and has no capability from then on. Where that is not allowed, by way of the user namespace that owns the other:
   * whoever made that, or is root in one above it, has all capabilities in there, and none outside.
   */
  enterBare(by: calls.Caller, where: Destination): Outcome<number> {
    const direct = where.to === "own" ? ok(0) : this.enter(by, where);
    const isShut = !direct.ok && direct.errno === "EPERM";
    const byOwner = isShut ? this.#enterByOwner(by, where) : direct;
    // The first refusal says more than that of the owner, which may be one that we are in already.
    const entered = byOwner.ok ? byOwner : direct;
    // Whoever gains capabilities by entering a user namespace gets the dumpable flag that fs.suid_dumpable says.
    const hidden = entered.ok ? calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, 0) : entered;
    return hidden.ok ? calls.capset(by, NO_POWER) : hidden;
  }

  enter(by: calls.Caller, { to, kind }: Destination): Outcome<number> {
    if (to === "own") return ok(0);
    if (kind === "user" && !mayJoinUser()) return refused("EPERM");
    const opened = openHere(by, to);
    if (!opened.ok) return opened;
    const entered = calls.setns(by, opened.value, NAMESPACE_KINDS[kind].flag);
    const closed = calls.close(by, opened.value);
    return entered.ok ? closed : entered;
  }

  #enterByOwner(by: calls.Caller, { to, kind }: Destination): Outcome<number> {
    if (to === "own" || kind === "user" || !mayJoinUser()) return refused("EPERM");
    const opened = to.openOwner();
    if (!opened.ok) return opened;
    using owner = opened.value;
    // Both before it goes: from another user namespace it may not look into us any more.
    const [way, end] = [openHere(by, owner), openHere(by, to)];
    if (!way.ok || !end.ok) return way.ok ? end : way;
    const joined = calls.setns(by, way.value, NAMESPACE_KINDS.user.flag);
    return joined.ok ? calls.setns(by, end.value, NAMESPACE_KINDS[kind].flag) : joined;
  }

  end(holder: Holder): void {
    if (this.#holders.has(holder)) this.#holders.kill(holder, { limitMs: LIMIT_MS });
    this.#holders.reap(holder.pid);
  }

  #start(): Outcome<Holder> {
    try {
      return ok(this.#holders.start());
    } catch (error) {
      if (error instanceof HolderProgramError || error instanceof RangeError) return refused("EAGAIN");
      throw error;
    }
  }
}

/** Undefined: nothing, or what another may do better. */
function answerOf<T>(visit: Visit<T>, told: Told | "died" | "timedOut"): Outcome<T> | undefined {
  if (typeof told === "string") return refused(LOST[told]);
  const answer = visit.read(told);
  return answer !== undefined && (answer.ok || !ELSEWISE.has(answer.errno)) ? answer : undefined;
}

/** A series is laid out once, however often it is made. */
function madeOnce<T>(make: (asking: Asking<T>) => Visit<T>): (asking: Asking<T>) => Visit<T> {
  const all = new Map<Asking<T>, Visit<T>>();
  return (asking) => {
    const made = all.get(asking) ?? make(asking);
    all.set(asking, made);
    return made;
  };
}

/** As many at once as one process has open, each with the place of its first. */
function* inStops<T>(all: readonly T[]): Generator<readonly [number, readonly T[]]> {
  for (let from = 0; from < all.length; from += MOST_STOPS) yield [from, all.slice(from, from + MOST_STOPS)];
}

/**
 * With fs.suid_dumpable at 1 a process can be looked into for a moment after it has entered a user namespace: by whoever is
 * root there, and it shares memory with the others. Then none enters. Source: kernel/cred.c commit_creds, proc_sys_fs(5).
 */
function mayJoinUser(): boolean {
  const text = outcomeOf(() => readFileSync("/proc/sys/fs/suid_dumpable", "latin1"));
  return !text.ok || text.value.trim() !== "1";
}
