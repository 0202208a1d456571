import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import type { Fault } from "./getopt.ts";
import { nearest } from "./nearest.ts";
import type { Options } from "./options.ts";
import { brief } from "./brief.ts";

/** The words are off: exit 2, with the nearest word that would have been right, or where to look. */
export const usageFailure = (reason: string, hint: string): CommandFailure =>
  new CommandFailure({ exit: EXIT.usage, code: "USAGE", reason, hint });

/** A fault that the parser found. */
export function faultFailure(fault: Fault, command: string, options: Options, language: Language): CommandFailure {
  const seeHelp = USAGE_HINTS["see-help"][language]({ command });
  const option = brief(fault.option);
  switch (fault.fault) {
    case "unknown": {
      // A single letter is near to every other one: no guess.
      const near = option.startsWith("--") ? nearest(option.slice(2), Object.keys(options)) : undefined;
      const hint = near === undefined ? seeHelp : USAGE_HINTS["did-you-mean"][language]({ nearest: `--${near}` });
      return usageFailure(USAGE["unknown-option"][language]({ option, command }), hint);
    }
    case "ambiguous":
      return usageFailure(USAGE["ambiguous-option"][language]({ option, candidates: fault.candidates }), seeHelp);
    case "needs-value": {
      const row = options[fault.long];
      const takes = row !== undefined && "takes" in row ? row.takes : "";
      return usageFailure(USAGE["option-needs-value"][language]({ option, takes }), seeHelp);
    }
    default:
      return usageFailure(USAGE["option-takes-no-value"][language]({ option }), seeHelp);
  }
}
