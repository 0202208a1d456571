import type { TaskName } from "../kernel/call.ts";
import type { Language } from "../messages/sentence.ts";
import { SEEN_WORLD } from "../messages/what-if.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { Fault } from "../what-if/fault.ts";
import { seenProcess } from "../what-if/processes.ts";
import { situationSeen } from "../what-if/seen/world.ts";
import type { Situation } from "../what-if/situation.ts";
import { brief } from "./brief.ts";
import type { Running } from "./command.ts";
import { fromFile, look } from "./seen.ts";
import { usageFailure } from "./usage.ts";

/** The word for this machine where a snapshot's file may stand. */
const LIVE = "live";

/** The world that a snapshot shows, or this machine as it is now. */
export async function seenSituation(
  running: Running,
  { from = LIVE, kernel }: { readonly from: string | undefined; readonly kernel: string | undefined },
): Promise<Situation> {
  const snapshot =
    from === LIVE
      ? await look(running, await running.openObserver(running.procRoot), { status: true, traces: false })
      : await fromFile(running, from);
  return situationSeen(snapshot, kernel);
}

/** The process that `--as` names there. Throws for any other word (exit 2). */
export function seenCaller(situation: Situation, who: string | undefined, language: Language): TaskName {
  try {
    return seenProcess(situation, who);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const reason = SEEN_WORLD["no-such-process"][language]({ name: brief(who ?? "") });
    throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "what-if" }));
  }
}
