import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Whose } from "../attributes.ts";
import type { NsFile } from "../observer.ts";
import * as calls from "./holder-calls.ts";
import { HolderProgramError } from "./holder-program.ts";
import { openHolders, type Holder, type Holders } from "./holders.ts";
import type { Native } from "./native.ts";
import { LiveNsFile } from "./ns-file.ts";
import { outcomeOf } from "./outcome-of.ts";

/** A call that takes longer is given up with the process that made it. */
const LIMIT_MS = 2000;
const NO_POWER = { effective: 0n, permitted: 0n, inheritable: 0n };

/** Where a visitor is to go, and what it takes along. */
export interface Destination {
  readonly to: Whose;
  readonly kind: NamespaceKind;
  /** Namespaces that it has open there. */
  readonly carrying?: readonly NsFile[];
}

/**
 * Processes of ours that go into other namespaces. Before it goes, each becomes one that nobody may look into (not dumpable)
 * and that can gain nothing (no_new_privs); once it is in, it gives up all capabilities. It ends when it is told, after
 * the time limit of a call, or with nsatlas itself, however that ends: the holder program's guard sees to it.
 */
export class Visitors implements Disposable {
  readonly #holders: Holders;

  /** HolderProgramError: there is no such program for this machine, or it does not start. */
  constructor(native: Native) {
    this.#holders = openHolders(native, { limitMs: LIMIT_MS });
  }

  [Symbol.dispose](): void {
    this.#holders[Symbol.dispose]();
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
      return refused(error.how === "timedOut" ? "ETIMEDOUT" : "ESRCH");
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

/** The same file for the holder. While it has our credentials: later it may not look into us any more. */
export function openHere(by: calls.Caller, file: NsFile): Outcome<number> {
  if (!(file instanceof LiveNsFile)) return refused("ENOTTY", "not-a-namespace-file");
  return calls.open(by, `/proc/${process.pid}/fd/${file.fd}`, CONSTANTS.O_CLOEXEC);
}

/**
 * With fs.suid_dumpable at 1 a process can be looked into for a moment after it has entered a user namespace: by whoever is
 * root there, and it shares memory with the others. Then none enters. Source: kernel/cred.c commit_creds, proc_sys_fs(5).
 */
function mayJoinUser(): boolean {
  const text = outcomeOf(() => readFileSync("/proc/sys/fs/suid_dumpable", "latin1"));
  return !text.ok || text.value.trim() !== "1";
}
