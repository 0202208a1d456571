import { HOSTS } from "../messages/hosts.ts";
import type { Language } from "../messages/sentence.ts";
import type { Snapshot } from "../snapshot/types.ts";
import type { Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { NOT_SEEN, type Failure } from "./failure.ts";
import { PICTURE_FORMS, ROW_FORMS } from "./forms.ts";
import { isFault, type Given, type Parsed } from "./getopt.ts";
import { wantsJson } from "./global-options.ts";
import { HostAnswers } from "./host-answers.ts";
import { failureOf } from "./report.ts";
import { ONE_FILE, type Options } from "./options.ts";
import { fromFile } from "./seen.ts";
import { filesIn, isFolder } from "./snapshot-files.ts";
import { usageFailure } from "./usage.ts";

const isFrom = (one: Parsed["found"][number]): one is Given => !isFault(one) && one.long === "from";

/** The files that `--from` names, each once, those of a folder by name; none unless there are several, or a folder. */
export function filesAsked({ found }: Parsed, language: Language): readonly string[] {
  const named = found.filter(isFrom).map(({ value = "" }) => value);
  if (named.length < 2 && !named.some(isFolder)) return [];
  return [...new Set(named.flatMap((name) => (isFolder(name) ? filesIn(name, language) : [name])))];
}

/** The words with one file in place of all. */
const withFile = ({ found, operands }: Parsed, value: string): Parsed => ({
  found: [...found.filter((one) => !isFrom(one)), { long: "from", written: "--from", value }],
  operands,
});

/** Formats that mean one host: what reads them knows of no other. */
const OF_ONE_HOST: ReadonlySet<string> = new Set(["html", "prometheus", "sarif", ...ROW_FORMS, ...PICTURE_FORMS]);

/** Throws where a format that means one host is wanted of several. */
export function refuseFormatOfOneHost(format: string, language: Language): void {
  if (!OF_ONE_HOST.has(format)) return;
  throw usageFailure(HOSTS["one-host-format"][language]({ format }), HOSTS["one-host-hint"][language]);
}

/** Throws where the answers were to go to one file: each would replace the one before. */
export function refuseOneFile(options: Options, { found }: Parsed, language: Language): void {
  const output = options["output"];
  // Of other commands -o has columns.
  if (output === undefined || !("takes" in output) || output.takes !== ONE_FILE) return;
  const given = found.find((one) => !isFault(one) && one.long === "output");
  if (given === undefined || isFault(given)) return;
  throw usageFailure(HOSTS["one-host-output"][language]({ option: given.written }), HOSTS["one-host-hint"][language]);
}

/**
 * Asks each file, and prints the answers under the names of their hosts (`HostAnswers`). Each is read once. One that cannot be
 * read, or that is no snapshot, is told, and the others are asked all the same; so is one that does not have the namespace
 * that was named, which is a failure only where none has it. The exit code is the highest of all.
 */
export async function overHosts(
  context: Context,
  parsed: Parsed,
  files: readonly string[],
  ask: (parsed: Parsed, context: Context) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { language } = context;
  for (const one of parsed.found) {
    if (!isFault(one) && one.long === "format" && one.value !== undefined) refuseFormatOfOneHost(one.value, language);
  }
  const answers = new HostAnswers(context, wantsJson(parsed));
  let exit: ExitCode = EXIT.done;
  let lacking: Failure | undefined;
  let hasAnswer = false;
  for (const file of files) {
    // What is wrong before the snapshot is asked for is wrong with the words, whatever the file.
    let isAsked = false;
    let snapshot: Snapshot | undefined;
    try {
      const decoded = await fromFile(context, file);
      snapshot = decoded;
      const alreadyRead = (): Snapshot => {
        isAsked = true;
        return decoded;
      };
      const code = await answers.take(file, decoded, (to) => ask(withFile(parsed, file), { ...to, alreadyRead }));
      hasAnswer = true;
      if (code > exit) exit = code;
    } catch (error) {
      const failure = failureOf(error, language);
      if (failure.exit === EXIT.bug || (snapshot !== undefined && !isAsked)) throw error;
      answers.fail(file, failure, snapshot);
      if (failure.code === NOT_SEEN) lacking ??= failure;
      else if (failure.exit > exit) exit = failure.exit;
    }
  }
  answers.end();
  return !hasAnswer && lacking !== undefined && lacking.exit > exit ? lacking.exit : exit;
}
