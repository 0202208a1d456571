import { nativeHalf, unsupportedCall } from "../../library/native-half.ts";
import { CHECKPOINT } from "../../messages/topology-text.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import type { Snapshot } from "../../snapshot/types.ts";
import { capture } from "../../topology/checkpoint/capture.ts";
import { rootSet } from "../../topology/checkpoint/roots.ts";
import type { Looking, RootsIn } from "../../topology/checkpoint/take.ts";
import type { Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { untilSignal } from "../enter/until-signal.ts";
import { Freezer, Unstoppable } from "./freezer.ts";
import { never } from "./whom.ts";

/** Each look may find children of those that were running in the one before; who is stopped has no more. */
const MOST_LOOKS = 50;

/**
 * Does the work while what hangs from the roots stands still, and has all of it go on whatever becomes of the work: at its end,
 * where it fails, where a signal ends us, and where we are killed. Gives what the work gave, and how many were stopped.
 */
export async function standingStill<T>(
  running: Running,
  { look, roots }: { readonly look: Looking["look"]; readonly roots: RootsIn },
  work: () => Promise<T>,
): Promise<{ readonly given: T; readonly stopped: number }> {
  const half = nativeHalf();
  if (!("native" in half)) throw unsupportedCall("pidfd_send_signal", running.language);
  const { native } = half;
  let done: { readonly given: T; readonly stopped: number } | undefined;
  await untilSignal([], async (stop) => {
    using freezer = new Freezer(native);
    try {
      for (let looks = 0; looks < MOST_LOOKS && !stop.aborted; looks++)
        if (!(await freezer.still(stoppableIn(await look(), roots)))) break;
    } catch (error) {
      throw error instanceof Unstoppable ? failure(error, running) : error;
    }
    if (!stop.aborted) done = { given: await work(), stopped: freezer.count };
  });
  // A signal has ended us before.
  if (done === undefined) throw new Error("no work was done");
  return done;
}

function stoppableIn(snapshot: Snapshot, roots: RootsIn) {
  const index = indexSnapshot(snapshot);
  const set = rootSet(index, roots(index));
  if ("why" in set) return [];
  const not = never(index, process.pid);
  return [...capture(index, set).processes.values()].filter(({ pid }) => !not.has(pid));
}

const failure = ({ pid, errno }: Unstoppable, { language }: Running): CommandFailure =>
  new CommandFailure({
    exit: EXIT.refused,
    code: errno,
    syscall: "pidfd_send_signal",
    subject: String(pid),
    reason: CHECKPOINT.unstoppable[language]({ pid }),
  });
