import { capBit } from "../../abi/capabilities.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Outcome } from "../../rules/outcome.ts";
import type { Asking } from "./asking.ts";
import { capabilityWords, type CapabilitySets } from "./holder-calls.ts";
import { GIVEN, Series, type Step, type Told } from "./series.ts";

/** What setns(2) wants in the owner of the namespace and in the caller's own user namespace. */
const TO_GO = capBit("CAP_SYS_ADMIN");
export const NO_POWER: CapabilitySets = { effective: 0n, permitted: 0n, inheritable: 0n };
/** Of one that goes from namespace to namespace: while it is in one, and on its way. */
export const AT_REST: CapabilitySets = { ...NO_POWER, permitted: TO_GO };
export const ON_THE_WAY: CapabilitySets = { ...AT_REST, effective: TO_GO };

/** Calls, and what came of them; undefined where they were not enough. */
export interface Visit<T> {
  readonly series: Series;
  read(told: Told): Outcome<T> | undefined;
}

/** Goes to a namespace that is open as the given descriptor, gives up what it went with, or is left with, and asks. */
export function stop<T>(kind: NamespaceKind, asking: Asking<T>, left = AT_REST): Visit<T> {
  const series = new Series();
  series.after(series.call("capset", ...capabilityWords(ON_THE_WAY)));
  series.after(series.call("setns", GIVEN, NAMESPACE_KINDS[kind].flag));
  return asked(series, series.call("capset", ...capabilityWords(left)), asking);
}

/**
 * From a new process's first call on: hides it, joins the user namespace that the file opens, hides it again, for whoever gains
 * capabilities gets the dumpable flag that fs.suid_dumpable says, gives up all of them, and asks.
 */
export function intoUser<T>(file: string, asking: Asking<T>): Visit<T> {
  const series = new Series();
  series.after(series.call("prctl", CONSTANTS.PR_SET_DUMPABLE, 0, 0, 0, 0));
  series.after(series.call("prctl", CONSTANTS.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  const opened = series.call("openat", CONSTANTS.AT_FDCWD, file, CONSTANTS.O_CLOEXEC, 0);
  series.after(series.call("setns", opened, NAMESPACE_KINDS.user.flag));
  series.after(series.call("prctl", CONSTANTS.PR_SET_DUMPABLE, 0, 0, 0, 0));
  series.call("close", opened);
  return asked(series, series.call("capset", ...capabilityWords(NO_POWER)), asking);
}

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
