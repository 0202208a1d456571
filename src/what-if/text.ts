import { ASSUMED, MISSING_EVIDENCE } from "../messages/evidence.ts";
import { ERRNO_TEXTS } from "../messages/errnos.ts";
import { REASONS } from "../messages/reasons.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { WHAT_IF } from "../messages/what-if.ts";
import { palette, type Paint } from "../render/palette.ts";
import { wrap } from "../render/wrap.ts";
import type { Answered } from "./carry-out.ts";
import type { Names } from "./names.ts";
import { verdictText } from "./verdict-text.ts";
import type { Verdict } from "./verify/verdict.ts";
import { changeTexts, valueText } from "./told.ts";

export interface WhatIfTextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly language: Language;
  /** What the running kernel said, call by call, where it was asked. */
  readonly verdicts?: readonly Verdict[] | undefined;
}

const INDENT = "   ";

/** The calls as a page: below each what it gives, why it is refused, and what it changes. */
export function whatIfText(
  answers: readonly Answered[],
  names: Names,
  { width, color, language, verdicts }: WhatIfTextOptions,
): string {
  const paint = palette(color);
  const plain: Paint = (text) => text;
  const put = (text: string, role: Paint = plain): string[] =>
    wrap(safeText(text), { width: width - INDENT.length, indent: "  " }).map((line) => INDENT + role(line));
  const lines = answers.flatMap((answered, index) => {
    const heading = wrap(safeText(`${index + 1}. ${answered.by}: ${answered.text}`), { width, indent: INDENT });
    return [
      ...heading.map(paint.strong),
      ...put(...outcomeOf(answered)),
      ...reasonsOf(answered),
      ...changesOf(answered),
      ...assumedOf(answered),
      ...verdictOf(verdicts?.[index]),
    ];
  });
  return `${lines.join("\n")}\n`;

  function outcomeOf(answered: Answered): [string, Paint] {
    const { outcome, missing, notOpened } = answered;
    if (outcome === undefined) {
      const why = missing === undefined ? "" : MISSING_EVIDENCE[missing.what][language](missing);
      return [WHAT_IF.unknown[language]({ why }), paint.missing];
    }
    if (outcome.ok) {
      return [WHAT_IF.returns[language]({ value: valueText(answered, outcome.value, names, language) }), plain];
    }
    const where = notOpened === undefined ? "" : `: ${WHAT_IF["not-opened"][language]({ link: notOpened })}`;
    return [`${outcome.errno} (${ERRNO_TEXTS[outcome.errno][language]})${where}`, paint.missing];
  }
  function reasonsOf({ outcome }: Answered): string[] {
    if (outcome === undefined || outcome.ok || outcome.reason === undefined) return [];
    return put(REASONS[outcome.reason][language]);
  }
  function verdictOf(verdict: Verdict | undefined): string[] {
    if (verdict === undefined) return [];
    const role = verdict.is === "same" || verdict.is === "told" ? plain : paint.missing;
    return put(verdictText(verdict, language), role);
  }
  function assumedOf({ assumed }: Answered): string[] {
    return assumed.flatMap(({ what, of }) =>
      put(WHAT_IF.provided[language]({ that: ASSUMED[what][language]({ of }) })),
    );
  }
  function changesOf({ changes }: Answered): string[] {
    return changeTexts(changes, names, language).flatMap((text) => put(text));
  }
}
