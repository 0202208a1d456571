import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import { parseRef } from "../refs/ref.ts";
import type { CommandFailure } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { brief } from "./brief.ts";
import { VISIBLE_COMMANDS } from "./summaries.ts";
import { usageFailure } from "./usage.ts";

/** A word where a command should stand: a misspelt one, or a namespace, which `show` would take. */
export function unknownCommand(word: string, language: Language): CommandFailure {
  const near = nearest(
    word,
    VISIBLE_COMMANDS.map(([name]) => name),
  );
  const meant = near ?? (parseRef(word).ok ? `nsatlas show ${brief(word)}` : undefined);
  const hint =
    meant === undefined
      ? USAGE_HINTS["see-help"][language]({ command: "" })
      : USAGE_HINTS["did-you-mean"][language]({ nearest: meant });
  return usageFailure(USAGE["unknown-command"][language]({ word: brief(word) }), hint);
}
