import { safeText } from "../../messages/safe-text.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { brief } from "../brief.ts";
import { command, type Command } from "../command.ts";
import type { Offer } from "../completion/candidates.ts";
import { SCRIPTS, SHELLS, type Shell } from "../completion/scripts.ts";
import { EXIT } from "../exit-codes.ts";
import { nearest } from "../nearest.ts";
import { flag } from "../options.ts";
import type { CommandName } from "../summaries.ts";
import { usageFailure } from "../usage.ts";

const isShell = (word: string): word is Shell => Object.hasOwn(SCRIPTS, word);

/** The command `completion`; `load` gives it the others. */
export const completionOf = (load: (name: CommandName) => Promise<Command>): Command =>
  command({
    name: "completion",
    operands: { shown: "SHELL", least: 1, most: Infinity },
    stops: true,
    description: [
      "Prints a script for the shell, bash, zsh or fish, to be sourced. It offers commands, options, their values, and what " +
        "there is on this machine: processes, names under /run/netns, namespaces by inode.",
    ],
    options: { words: flag("for the scripts: print what may stand in place of the last operand") },
    formats: ["text"],
    examples: [
      { line: "nsatlas completion bash", shows: "what a line source <(nsatlas completion bash) of your bashrc reads" },
      { line: "nsatlas completion fish", shows: "for fish, whose configuration pipes it into source" },
    ],
    async run({ out, language, procRoot }, { words }, operands) {
      if (words) {
        const [{ complete }, { thisMachine }] = await Promise.all([
          import("../completion/complete.ts"),
          import("../completion/this-machine.ts"),
        ]);
        out.write(offerText(await complete(operands, { load, machine: thisMachine(procRoot) })));
        return EXIT.done;
      }
      const [shell = "", extra] = operands;
      if (extra !== undefined) {
        const reason = USAGE["extra-operand"][language]({ command: "completion", operand: extra });
        throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "completion" }));
      }
      if (!isShell(shell)) {
        const near = nearest(shell, SHELLS);
        const reason = USAGE["unknown-name"][language]({ what: "shell", word: brief(shell) });
        throw usageFailure(
          reason,
          near === undefined
            ? USAGE_HINTS["one-of"][language]({ names: SHELLS })
            : USAGE_HINTS["did-you-mean"][language]({ nearest: near }),
        );
      }
      out.write(SCRIPTS[shell]);
      return EXIT.done;
    },
  });

/** As the scripts read it: what else the shell is to offer, then a candidate a line. */
const offerText = ({ candidates, shell, open }: Offer): string =>
  [
    shell ?? (open === true ? "open" : "words"),
    ...candidates.map(({ word, about }) => `${word}\t${about === undefined ? "" : safeText(about)}`),
    "",
  ].join("\n");
