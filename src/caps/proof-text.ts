import { CAPS_WORDS } from "../messages/caps.ts";
import { MISSING_EVIDENCE } from "../messages/evidence.ts";
import { COLON } from "../messages/errors.ts";
import { PROOF_STEPS, READ_FROM, type StepRule } from "../messages/proof.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import type { Page } from "./page.ts";
import type { Evidence, MissingFact, ProofStep } from "./proof.ts";

/** One step as a sentence. */
export const stepText = <Rule extends StepRule>({ rule, inputs }: ProofStep<Rule>, language: Language): string =>
  PROOF_STEPS[rule][language](inputs);

/** The steps, numbered, each with where it was read. */
export function tellSteps(page: Page, steps: readonly ProofStep[], language: Language): void {
  for (const [nth, one] of steps.entries()) {
    const number = `${nth + 1}. `;
    const hanging = "  ".length + number.length;
    page.say(`${number}${stepText(one, language)}`, { indent: "  ", hanging });
    if (one.evidence.length === 0) continue;
    const list = one.evidence.map((evidence) => evidenceText(evidence, language)).join("; ");
    page.say(READ_FROM[language]({ list }), { indent: " ".repeat(hanging), paint: page.paint.faint });
  }
}

/** `ioctl NS_GET_PARENT (user:[2]): user:[1]`. */
const evidenceText = ({ read, of, says }: Evidence, language: Language): string =>
  `${safeText(read)}${of === undefined ? "" : ` (${safeText(of)})`}${COLON[language]} ${safeText(says)}`;

export function tellMissing(page: Page, missing: readonly MissingFact[], language: Language): void {
  page.heading(CAPS_WORDS.missing[language]);
  for (const { what, of } of missing) page.item(MISSING_EVIDENCE[what][language]({ of }));
}
