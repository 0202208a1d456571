import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { WHAT_IF_EXPECTED, WHAT_IF_FAULTS, WHAT_IF_HINTS } from "../messages/what-if.ts";
import { safeText } from "../messages/safe-text.ts";
import { columnsOf } from "../render/width.ts";
import type { Fault } from "../what-if/fault.ts";
import { brief } from "./brief.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { nearest } from "./nearest.ts";

/** The line and the column marked, where they fit on a screen. */
const WIDEST = 76;

/** A word of the calls is off: exit 2, with its place and the nearest word that would have been right. */
export function whatIfFailure({ fault, word, more }: Fault, source: string, language: Language): CommandFailure {
  const { expected = "call", form, candidates = [] } = more;
  const said = { word: brief(word.text), expected: WHAT_IF_EXPECTED[expected][language] };
  const near = nearest(word.text, candidates);
  const written = form === undefined ? undefined : WHAT_IF_HINTS.form[language]({ form });
  const hint =
    near === undefined
      ? (written ?? USAGE_HINTS["see-help"][language]({ command: "what-if" }))
      : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  const reason = WHAT_IF_FAULTS[fault][language](said);
  return new CommandFailure({ exit: EXIT.usage, code: "USAGE", reason, hint, details: marked(source, word) });
}

function marked(source: string, { from, to }: { readonly from: number; readonly to: number }): readonly string[] {
  const line = safeText(source);
  if (columnsOf(line) > WIDEST || from === to) return [];
  const before = columnsOf(safeText(source.slice(0, from)));
  const under = Math.max(1, columnsOf(safeText(source.slice(from, to))));
  return [line, " ".repeat(before) + "^".repeat(under)];
}
