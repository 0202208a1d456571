import type { ErrnoName } from "../abi/errnos.ts";
import { DEMO, DEMO_SENTENCES, NO_NEW_NAMESPACES, TRANSCRIPT_LESSONS, TRANSCRIPT_TITLES } from "../messages/demo.ts";
import { ERRNO_TEXTS } from "../messages/errnos.ts";
import { REASONS, type Reason } from "../messages/reasons.ts";
import type { Language, Text } from "../messages/sentence.ts";
import type { Prevented } from "./carry-out.ts";
import { answersOf, type Demo, type Scene } from "./demo.ts";

/** Why a session came out as it did: the reason of each refusal, by its errno, and what is to be learnt. */
export function lessonsOf({ ownIsInitial }: Demo, scene: Scene, language: Language): readonly string[] {
  const { lesson, elsewhere = lesson } = TRANSCRIPT_LESSONS[scene.transcript.name];
  const reasons = [...reasonsIn(scene)].map(([reason, errno]) =>
    DEMO_SENTENCES.reason[language]({ errno, reason: REASONS[reason][language] }),
  );
  // On the model the viewer is always in the initial one.
  const inInitial = ownIsInitial || answersOf(scene.kernel).length === 0;
  return [...reasons, (inInitial ? lesson : elsewhere)[language]];
}

/** The reasons of a session's refusals in the order of its commands, which the model alone knows; each with its errno. */
export function reasonsIn({ model }: Scene): ReadonlyMap<Reason, ErrnoName> {
  const reasons = new Map<Reason, ErrnoName>();
  for (const answer of answersOf(model)) {
    if (answer.is !== "relation" || answer.outcome.ok || answer.outcome.reason === undefined) continue;
    reasons.set(answer.outcome.reason, answer.outcome.errno);
  }
  return reasons;
}

/** Why the running kernel did not play a session; in short where it is as in the one before. */
export function preventedText({ call, refusal }: Prevented, before: Prevented | undefined, language: Language): string {
  const { errno } = refusal;
  const alone = (why: string): string => DEMO_SENTENCES["model-alone"][language]({ why });
  if (before?.refusal.errno === errno) return alone(DEMO["same-reason"][language]);
  const refused = DEMO_SENTENCES["call-refused"][language]({ call, errno, meaning: ERRNO_TEXTS[errno][language] });
  const causes: Partial<Record<ErrnoName, Text>> = NO_NEW_NAMESPACES;
  const cause = call.startsWith("clone") ? causes[errno]?.[language] : undefined;
  return alone(cause === undefined ? refused : `${refused} ${cause}`);
}

/** The last line: whether both sides agree. */
export function closingText({ scenes, releases: { kernel, model } }: Demo, language: Language): string {
  const total = scenes.length;
  if (kernel === undefined) return DEMO_SENTENCES["all-on-model"][language]({ model, total });
  const differing = scenes.filter(({ verdict }) => verdict === false);
  const agreeing = scenes.filter(({ verdict }) => verdict === true);
  if (differing.length > 0) {
    const titles = differing.map(({ transcript }) => TRANSCRIPT_TITLES[transcript.name][language]);
    return DEMO_SENTENCES.differ[language]({ kernel, titles });
  }
  const count = agreeing.length;
  const sentence = count === total ? "agree" : "agree-in-part";
  return DEMO_SENTENCES[sentence][language]({ kernel, count, total });
}
