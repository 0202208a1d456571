import { isKind } from "../abi/namespace-kinds.ts";
import { FILTER_FAULTS, FILTER_WORDS, PATTERN_FAULTS } from "../messages/filter.ts";
import { COLON } from "../messages/errors.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { LIST_COLUMN_NAMES } from "../render/list-columns.ts";
import { FilterError, type FilterFault } from "../render/filter/fault.ts";
import { listFilter, type ListFilter } from "../render/list-filter.ts";
import { brief } from "./brief.ts";
import { nearest } from "./nearest.ts";
import { usageFailure } from "./usage.ts";

/** Reads the value of --filter, or throws with the place of what is wrong (exit 2). */
export const readFilter = (text: string, language: Language): ListFilter =>
  telling(language, () => {
    const filter = listFilter(text);
    return (...row) => telling(language, () => filter(...row));
  });

function telling<T>(language: Language, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw usageFailure(sentenceOf(error.fault, language), hintFor(error.fault, language));
  }
}

function sentenceOf({ fault, at, text, pattern }: FilterFault, language: Language): string {
  const colon = COLON[language];
  const what = FILTER_FAULTS[fault][language]({ text: safeText(brief(text)) });
  const why = pattern === undefined ? "" : `${colon} ${PATTERN_FAULTS[pattern][language]}`;
  return `${FILTER_WORDS.place[language]({ at })}${colon} ${what}${why}`;
}

function hintFor({ fault, text }: FilterFault, language: Language): string {
  const seeHelp = USAGE_HINTS["see-help"][language]({ command: "list" });
  if (fault !== "unknown-column") return seeHelp;
  // A kind is what texts are about most often.
  const near = isKind(text) ? undefined : nearest(text.toUpperCase(), LIST_COLUMN_NAMES);
  if (near !== undefined) return USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  return FILTER_WORDS["quote-texts"][language]({ text: safeText(brief(text)) });
}
