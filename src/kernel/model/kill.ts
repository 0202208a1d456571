import { mayKill } from "../../rules/may-kill.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import { numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { exit } from "./ends.ts";
import { viewOf } from "./view.ts";
import type { Task } from "./world.ts";

/**
 * kill(2), with SIGKILL or with no signal at all. The first process of a pid namespace never hears of a signal from within,
 * though the call succeeds. Source: kernel/signal.c kill_something_info, sig_task_ignored.
 */
export function kill(
  draft: Draft,
  caller: Task,
  { of, signal }: { of: TaskName; signal: "SIGKILL" | "none" },
): Outcome<number> {
  const task = draft.tasks.get(of);
  if (task === undefined || numberIn(task, caller.pid) === undefined) return refused("ESRCH", "no-such-process");
  const sameThreadGroup = task.leader === caller.leader;
  const may = mayKill(viewOf(draft), caller.credentials, { credentials: task.credentials, sameThreadGroup });
  if (!may.ok) return may;
  const fromWithin = numberIn(draft.task(task.leader), caller.pid) === FIRST_NUMBER;
  if (signal === "SIGKILL" && !fromWithin) exit(draft, of);
  return ok(0);
}

const FIRST_NUMBER = 1;
