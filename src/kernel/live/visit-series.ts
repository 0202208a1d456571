import { capBit } from "../../abi/capabilities.ts";
import type { ErrnoName } from "../../abi/errnos.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { cloneWish } from "./actor-clone.ts";
import type { Asking } from "./asking.ts";
import type { CloneCall } from "./holder-answer.ts";
import { capabilityWords, type Caller, type CapabilitySets } from "./holder-calls.ts";
import { GIVEN, Series, type Step, type Told } from "./series.ts";

/** What setns(2) wants in the owner of the namespace and in the caller's own user namespace. */
const TO_GO = capBit("CAP_SYS_ADMIN");
export const NO_POWER: CapabilitySets = { effective: 0n, permitted: 0n, inheritable: 0n };
/** Of one that goes from namespace to namespace: while it is in one, and on its way. */
export const AT_REST: CapabilitySets = { ...NO_POWER, permitted: TO_GO };
export const ON_THE_WAY: CapabilitySets = { ...AT_REST, effective: TO_GO };

const { WNOHANG, __WALL: EVERY_CHILD } = CONSTANTS;
/** A wait that does not wait. */
export const WHO_HAS_ENDED = WNOHANG | EVERY_CHILD;

/** Calls, and what came of them; undefined where they were not enough. */
export interface Visit<T> {
  readonly series: Series;
  read(told: Told): Outcome<T> | undefined;
}

/**
 * Of a child that makes calls for its parent: it shares the memory, which is not looked into either, and is made and ended in half
 * the time.
 */
export const HELPED: CloneCall = cloneWish(CLONE_FLAGS.CLONE_VM | CONSTANTS.SIGCHLD);

/** What is asked of a namespace by whoever is born in it. */
export interface Birthing<T> {
  readonly clone: CloneCall;
  readonly asking: Asking<T>;
  /** What it says that nobody was born; undefined: no more than that this is not the way. */
  unborn(errno: ErrnoName): Outcome<T> | undefined;
  /** Call by call, by a process that has the namespace for its children. */
  readonly slowly: (by: Caller) => Outcome<T>;
}

/** Asks whoever is there already. */
export function here<T>(asking: Asking<T>): Visit<T> {
  const series = new Series();
  return { series, read: asking.ask(series) };
}

/** Goes to a namespace that is open as the given descriptor, gives up what it went with, and asks. */
export function stop<T>(kind: NamespaceKind, asking: Asking<T>): Visit<T> {
  const series = new Series();
  series.after(series.call("capset", ...capabilityWords(ON_THE_WAY)));
  series.after(series.call("setns", GIVEN, NAMESPACE_KINDS[kind].flag));
  return asked(series, series.call("capset", ...capabilityWords(AT_REST)), asking);
}

/**
 * Goes to a namespace that is for children only, with what it takes to choose their numbers. It waits for the child before, which
 * has ended.
 */
export function onward(kind: NamespaceKind): Visit<undefined> {
  const series = new Series();
  series.call("wait4", -1, 0, WHO_HAS_ENDED, 0);
  const went = series.call("setns", GIVEN, NAMESPACE_KINDS[kind].flag);
  return {
    series,
    read: (told) => {
      const answer = told.of(went);
      return answer.ok ? ok(undefined) : answer;
    },
  };
}

/** Stays where it is; for the children that have ended, likewise. */
export function stay(): Visit<undefined> {
  const series = new Series();
  series.call("wait4", -1, 0, WHO_HAS_ENDED, 0);
  return { series, read: () => ok(undefined) };
}

/**
 * From a child's first call on: joins the user namespace that is open as the given descriptor, hides itself again, for whoever gains
 * capabilities gets the dumpable flag that fs.suid_dumpable says, gives up all of them, and all that is open, and asks.
 */
export function intoUser<T>(asking: Asking<T>): Visit<T> {
  const series = new Series();
  series.after(series.call("setns", GIVEN, NAMESPACE_KINDS.user.flag));
  series.after(series.call("prctl", CONSTANTS.PR_SET_DUMPABLE, 0, 0, 0, 0));
  const ready = series.call("capset", ...capabilityWords(NO_POWER));
  series.after(ready);
  // Before Linux 5.9 it has the other namespaces open, for as long as it takes.
  series.call("close_range", 0, EVERY_DESCRIPTOR, 0);
  return asked(series, ready, asking);
}
const EVERY_DESCRIPTOR = 0xffff_ffff;

function asked<T>(series: Series, ready: Step, asking: Asking<T>): Visit<T> {
  series.after(ready);
  const read = asking.ask(series);
  return {
    series,
    read(told) {
      const entered = told.of(ready);
      return entered.ok ? read(told) : entered;
    },
  };
}
