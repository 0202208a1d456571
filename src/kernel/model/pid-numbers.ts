import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { mayListNumbers, mayTakeNumber } from "../../rules/set-tid.ts";
import type { Credentials } from "../../rules/view.ts";
import type { TaskName } from "../call.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import type { Draft } from "./draft.ts";
import { viewOf } from "./view.ts";
import type { NsKey, PidState, Task } from "./world.ts";

/** After the first round, numbers below this stay free for what the machine itself started. include/linux/pid.h. */
const RESERVED_PIDS = 300;

/** A new task's wish for its numbers. */
export interface NumberWish {
  readonly name: TaskName;
  /** Whoever clones, as it was before: it is judged where numbers are wished for. */
  readonly who: Credentials<NsKey>;
  /** The numbers it is to have, innermost first; where there is none, the next free one. */
  readonly setTid: readonly number[];
}

/**
 * A number in each pid namespace from the innermost up. EAGAIN: one of them is full; ENOMEM, checked last: the first
 * process of the innermost one has ended. Source: kernel/pid.c alloc_pid.
 */
export function takeNumbers(draft: Draft, innermost: NsKey, wish: NumberWish): Outcome<Task["numbers"]> {
  const { name, who, setTid } = wish;
  const fits = mayListNumbers(setTid.length, draft.namespace(innermost).level + 1);
  if (!fits.ok) return fits;
  const numbers: { ns: NsKey; number: number }[] = [];
  for (let ns: NsKey | undefined = innermost; ns !== undefined; ns = draft.namespace(ns).parent) {
    const state = pidState(draft, ns);
    const max = pidMax(draft, ns);
    const wanted = setTid[numbers.length];
    if (wanted !== undefined) {
      const place = {
        ns,
        max,
        born: state.init !== "unborn" && state.init !== "stillborn",
        taken: (number: number) => state.tasks.has(number),
      };
      const may = mayTakeNumber(viewOf(draft), who, place, wanted);
      if (!may.ok) return may;
    }
    const number = wanted ?? nextNumber(state, max);
    if (number === undefined) return refused("EAGAIN", "no-free-number");
    draft.allocate();
    numbers.push({ ns, number });
    // A number that was asked for does not move the place where the next search begins.
    const lastPid = wanted === undefined ? number : state.lastPid;
    // The next search begins after it even if the call is refused later; a first search that fails is forgotten.
    draft.lasting.note(ns, { lastPid: state.init === "unborn" ? -1 : lastPid });
    draft.changePid(ns, { lastPid, tasks: state.tasks.set(number, name) });
  }
  const { init } = pidState(draft, innermost);
  if (init === "dead" || init === "stillborn") return refused("ENOMEM", "pid-namespace-dead");
  // Before Linux 7.1 a refusal from here on leaves the namespace without a first process for good.
  const mayTryAgain = hasChange(draft.release, "first-process-may-fail");
  if (init === "unborn" && !mayTryAgain) draft.lasting.note(innermost, { init: "stillborn" });
  if (init !== "alive") draft.changePid(innermost, { init: "alive" });
  return ok(numbers);
}

/** Upwards from the last one given, then once more from the beginning. Source: lib/idr.c idr_alloc_cyclic. */
function nextNumber({ lastPid, tasks }: PidState, max: number): number | undefined {
  const least = lastPid + 1 > RESERVED_PIDS ? RESERVED_PIDS : 1;
  const from = Math.max(lastPid + 1, least);
  return firstFree(tasks, { from, to: max }) ?? firstFree(tasks, { from: least, to: Math.min(from, max) });
}

function firstFree(tasks: PidState["tasks"], { from, to }: { from: number; to: number }): number | undefined {
  const number = tasks.firstMissing(from);
  return number < to ? number : undefined;
}

/** The bound of a pid namespace's numbers: its own since Linux 6.14, before that the initial one's. */
export function pidMax(draft: Draft, ns: NsKey): number {
  return pidState(draft, ruledBy(draft, ns)).max;
}

/** The pid namespace whose pid_max counts for another. */
export function ruledBy(draft: Draft, ns: NsKey): NsKey {
  if (hasChange(draft.release, "pid-max-by-namespace")) return ns;
  let top = ns;
  for (let up = draft.namespace(top).parent; up !== undefined; up = draft.namespace(top).parent) top = up;
  return top;
}

export function pidState(draft: Draft, ns: NsKey): PidState {
  const { pid } = draft.namespace(ns);
  if (pid === undefined) throw new Error(`namespace ${ns} is no pid namespace`);
  return pid;
}
