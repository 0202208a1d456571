import { command, type Command } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { helpJson, helpText, overviewJson, overviewText } from "../help.ts";
import { isCommand, type CommandName } from "../summaries.ts";
import { unknownCommand } from "../unknown-command.ts";

/** The command `help`; `load` gives it the others. */
export const helpOf = (load: (name: CommandName) => Promise<Command>): Command =>
  command({
    name: "help",
    operands: { shown: "[COMMAND]", least: 0, most: 1 },
    options: {},
    description: ["With --format man it prints the manual page: nsatlas help list --format man | man -l -."],
    formats: ["text", "man"],
    examples: [
      { line: "nsatlas help", shows: "all commands" },
      { line: "nsatlas help list", shows: "what list takes" },
      { line: "nsatlas help list --format man", shows: "its manual page, for man -l -" },
    ],
    async run({ out, format, language }, _, [name]) {
      if (name === undefined) {
        if (format === "man") out.write((await import("../man.ts")).overviewPage());
        else out.write(format === "json" ? overviewJson() : overviewText());
        return EXIT.done;
      }
      if (!isCommand(name)) throw unknownCommand(name, language);
      const described = await load(name);
      if (format === "man") out.write((await import("../man.ts")).manPage(described));
      else out.write(format === "json" ? helpJson(described) : helpText(described));
      return EXIT.done;
    },
  });
