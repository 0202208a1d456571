import { openLiveActor, type LiveActor } from "../kernel/live/actor.ts";
import { HolderProgramError } from "../kernel/live/holder-program.ts";
import { loadNative } from "../kernel/live/load-native.ts";
import { noNativeText } from "../library/no-native-text.ts";
import { DEMO_SENTENCES } from "../messages/demo.ts";
import { VERIFY } from "../messages/verify.ts";
import type { Answered } from "../what-if/carry-out.ts";
import type { Situation } from "../what-if/situation.ts";
import { verify, type Verdict } from "../what-if/verify.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";

/** The same calls on the running kernel. Throws where it has no processes of ours to make them (exit 5). */
export async function verified(
  { language }: Running,
  { drawn }: Situation,
  answers: readonly Answered[],
): Promise<readonly Verdict[]> {
  if (drawn === undefined) return answers.map(() => ({ is: "not-made", why: "not-drawn" }));
  const none = (why: string): CommandFailure =>
    new CommandFailure({ exit: EXIT.unsupported, code: "UNSUPPORTED", reason: VERIFY["no-kernel"][language]({ why }) });
  const loaded = loadNative();
  if ("missing" in loaded) throw none(noNativeText(loaded.missing, language));
  let actor: LiveActor;
  try {
    actor = openLiveActor(loaded.native, { privateMounts: true });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    if (!(error instanceof HolderProgramError) && process.geteuid?.() === 0) throw error;
    throw none(DEMO_SENTENCES["not-started"][language]({ cause }));
  }
  using opened = actor;
  return verify(opened, drawn, answers);
}
