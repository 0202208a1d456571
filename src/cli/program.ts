import { chooseCommand } from "./choose-command.ts";
import { loadCommand } from "./commands.ts";
import { OutputClosed, type Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { isFault } from "./getopt.ts";
import { wantsJson } from "./global-options.ts";
import { MANY_FILES } from "./options.ts";
import { isCommand, USUAL_COMMAND } from "./summaries.ts";

/** Runs a command line: prints what there is to print, and gives the exit code. It never throws. */
export async function program(words: readonly string[], context: Context): Promise<ExitCode> {
  const { out, language } = context;
  // Until the words are understood, one that says --json is taken at its word.
  let asJson = words.includes("--json");
  let failsWith: ExitCode | undefined;
  let besideFrom: readonly string[] | undefined;
  try {
    const choice = chooseCommand(words, USUAL_COMMAND);
    if (!isCommand(choice.name)) {
      throw (await import("./unknown-command.ts")).unknownCommand(choice.name, language);
    }
    const command = await loadCommand(choice.name);
    ({ failsWith } = command);
    const parsed = command.parse(choice.words);
    asJson = wantsJson(parsed);
    const asks = (long: string): boolean => parsed.found.some((one) => !isFault(one) && one.long === long);
    // Whoever asks for help or the version gets it, whatever else is wrong with the words.
    if (asks("help")) {
      out.write((await import("./help.ts")).helpText(command));
      return EXIT.done;
    }
    if (asks("version")) {
      const version = await loadCommand("version");
      return await version.execute(context, version.parse(asJson ? ["--json"] : []));
    }
    if (asks("from")) besideFrom = parsed.operands;
    const from = command.options["from"];
    if (from !== undefined && "takes" in from && from.takes === MANY_FILES && asks("from")) {
      const { filesAsked, overHosts, refuseOneFile } = await import("./hosts.ts");
      const files = filesAsked(parsed, language);
      if (files.length > 0) {
        refuseOneFile(command.options, parsed, language);
        return await overHosts(context, parsed, files, (one, to) => command.execute(to, one));
      }
    }
    return await command.execute(context, parsed);
  } catch (error) {
    // The reader of our output has all it wanted (`| head`).
    if (error instanceof OutputClosed) return EXIT.done;
    // What only failures need is loaded only then.
    const { tellFailure } = await import("./report.ts");
    const told =
      besideFrom === undefined ? error : (await import("./files-beside.ts")).besideFrom(error, besideFrom, language);
    const exit = tellFailure(told, { ...context, asJson });
    return failsWith ?? exit;
  }
}
