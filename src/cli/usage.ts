import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import type { Fault } from "./getopt.ts";
import { nearest } from "./nearest.ts";
import type { Options } from "./options.ts";

/** The words are off: exit 2, with the nearest word that would have been right, or where to look. */
export const usageFailure = (reason: string, hint: string): CommandFailure =>
  new CommandFailure({ exit: EXIT.usage, code: "USAGE", reason, hint });

/** The first fault the parser found, as a failure. `command` is its name, empty for nsatlas itself. */
export function faultFailure(fault: Fault, command: string, options: Options, language: Language): CommandFailure {
  const seeHelp = USAGE_HINTS["see-help"][language]({ command });
  switch (fault.fault) {
    case "unknown": {
      const name = command === "" ? "nsatlas" : command;
      const near = nearest(fault.option.replace(/^-+/, ""), Object.keys(options));
      const reason = USAGE["unknown-option"][language]({ option: fault.option, command: name });
      // A single letter is near to every other one: no guess.
      const guess = near === undefined || fault.option.length < 3 ? undefined : `--${near}`;
      return usageFailure(
        reason,
        guess === undefined ? seeHelp : USAGE_HINTS["did-you-mean"][language]({ nearest: guess }),
      );
    }
    case "ambiguous":
      return usageFailure(USAGE["ambiguous-option"][language](fault), seeHelp);
    case "needs-value": {
      const row = options[fault.long];
      const takes = row !== undefined && "takes" in row ? row.takes : "";
      return usageFailure(USAGE["option-needs-value"][language]({ option: fault.option, takes }), seeHelp);
    }
    case "takes-no-value":
      return usageFailure(USAGE["option-takes-no-value"][language](fault), seeHelp);
  }
}
