import { changed } from "../../rules/reserved.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { maySetOffsets, parseOffsets, type Offset } from "../../rules/timens-offsets.ts";
import type { TaskName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { mayActAsOwner } from "./proc-owner.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task, TimeState } from "./world.ts";

/** The machine has been up for a day. */
const UPTIME_S = 86_400;

/** open, write and close of /proc/PID/timens_offsets: of the time namespace for that process's children. */
export function writeOffsets(
  draft: Draft,
  caller: Task,
  { of, text }: { of: TaskName; text: string },
): Outcome<number> {
  const process = draft.tasks.get(of);
  if (process === undefined) return refused("ENOENT", "no-such-process");
  const opened = mayActAsOwner(draft, caller, process, ["CAP_DAC_OVERRIDE"]);
  if (!opened.ok) return opened;
  const parsed = parseOffsets(text);
  if (!parsed.ok) return parsed;
  if (process.memberships === undefined) return refused("ESRCH", "process-has-exited");
  const key = process.memberships.time_for_children;
  const { owner } = draft.namespace(key);
  if (owner === undefined) throw new Error("a time namespace has an owner");
  const state = timeState(draft, key);
  const target = { owner, frozen: state.frozen, now: UPTIME_S };
  const may = maySetOffsets<NsKey>(viewOf(draft), caller.credentials, target, parsed.value.lines);
  if (!may.ok) return may;
  const offsets = Object.fromEntries(
    parsed.value.lines.map(({ clock, seconds, nanoseconds }) => [clock, { seconds, nanoseconds }]),
  );
  draft.changeNamespace(key, { time: changed(state, offsets) });
  return ok(parsed.value.taken);
}

/** The whole text; nothing of a process that has ended. Source: kernel/time/namespace.c proc_timens_show_offsets. */
export function readOffsets(draft: Draft, of: TaskName): Outcome<{ readonly text: string }> {
  const process = draft.tasks.get(of);
  if (process === undefined) return refused("ENOENT", "no-such-process");
  if (process.memberships === undefined) return ok({ text: "" });
  const { monotonic, boottime } = timeState(draft, process.memberships.time_for_children);
  return ok({ text: `${line("monotonic", monotonic)}${line("boottime", boottime)}` });
}

const line = (clock: string, { seconds, nanoseconds }: Offset): string =>
  `${clock.padEnd(10)} ${String(seconds).padStart(10)} ${String(nanoseconds).padStart(9)}\n`;

/** Whoever enters a time namespace fixes its offsets. Source: kernel/time/namespace.c timens_set_vvar_page. */
export function freeze(draft: Draft, time: NsKey): void {
  const state = timeState(draft, time);
  if (state.frozen) return;
  draft.changeNamespace(time, { time: changed(state, { frozen: true }) });
  draft.lasting.noteFrozen(time);
}

function timeState(draft: Draft, key: NsKey): TimeState {
  const { time } = draft.namespace(key);
  if (time === undefined) throw new Error(`namespace ${key} is no time namespace`);
  return time;
}
