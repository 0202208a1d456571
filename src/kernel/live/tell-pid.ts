import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { PidTold } from "../attributes.ts";
import { askHere, askText, type Asking } from "./asking.ts";
import { clone3Wish } from "./actor-clone.ts";
import * as calls from "./holder-calls.ts";
import type { Holder } from "./holders.ts";
import { NO_POWER, type Birthing } from "./visit-series.ts";

/**
 * No first process: a number that is refused where there is none yet, before anything is looked at that could be otherwise. Below
 * the least that pid_max can be, and seldom taken; whoever chooses a number does not move the kernel's own choice on.
 */
const CHOSEN = 300;
/** A number of at most seven digits, read by a child that has given up all. */
const ASKING: Asking<PidTold> = {
  ask(series) {
    series.after(series.call("capset", ...calls.capabilityWords(NO_POWER)));
    const pidMax = askText(series, "/proc/sys/kernel/pid_max", 16);
    return (told) => {
      const text = pidMax(told);
      return text?.ok === true ? ok({ state: "alive", pidMax: text.value.trim() }) : text;
    };
  },
};
const { __WALL: EVERY_CHILD } = CONSTANTS;

/**
 * What a pid namespace is told to be by whoever tries to be born in it, as the next child of a process that has it for its
 * children. In one without a first process nobody is born by this, for that process would be the first and the last.
 * Source: kernel/pid.c alloc_pid, pid_table_root_lookup.
 */
export const PID_TOLD: Birthing<PidTold> = {
  clone: clone3Wish(CLONE_FLAGS.CLONE_VM, { setTid: [CHOSEN] }),
  asking: ASKING,
  unborn(errno) {
    if (errno === "EINVAL") return ok({ state: "unborn" });
    return errno === "ENOMEM" ? ok({ state: "dead" }) : undefined;
  },
  slowly: tellPid,
};

function tellPid(by: calls.Caller): Outcome<PidTold> {
  const chosen = bear(by, [CHOSEN]);
  if (!chosen.ok && chosen.errno === "EINVAL") return ok({ state: "unborn" });
  // Whoever may not choose a number, or finds it taken, has been told that there is a first process, or was.
  const isBorn = !chosen.ok && (chosen.errno === "EPERM" || chosen.errno === "EEXIST");
  const child = isBorn ? bear(by, undefined) : chosen;
  if (!child.ok) return child.errno === "ENOMEM" ? ok({ state: "dead" }) : child;
  const inside = { holders: by.holders, holder: child.value };
  const told = askHere(inside, ASKING);
  inside.holders.exit(inside.holder);
  calls.wait4(by, child.value.pid, EVERY_CHILD);
  return told;
}

function bear(by: calls.Caller, setTid: readonly number[] | undefined): Outcome<Holder> {
  const answer = by.holders.clone(by.holder, clone3Wish(0, setTid === undefined ? {} : { setTid }));
  if (answer.state !== "done") throw new calls.HolderLostError("clone3", by.holder, answer.state);
  return answer.child === undefined ? refused(errnoName(-answer.ret)) : ok(answer.child);
}
