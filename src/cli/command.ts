import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import type { Context } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";
import { getopt, isFault, type Given, type Parsed } from "./getopt.ts";
import { GLOBAL_OPTIONS, settingsOf, type GlobalOptions, type Settings } from "./global-options.ts";
import { formsOf, single, type Options, type Values } from "./options.ts";
import { readOptions, type Exclusions } from "./read-options.ts";
import { SUMMARIES, type CommandName } from "./summaries.ts";
import { usageFailure } from "./usage.ts";
import { oneOf } from "./values.ts";

/** A line that a reader can type, and what it shows. A test types each of them, top to bottom, in one empty folder. */
export interface Example {
  readonly line: string;
  readonly shows: string;
  /** Where it is not 0. */
  readonly exit?: ExitCode;
}

/** A heading, and rows of a term and what it means. */
export interface HelpTable {
  readonly heading: string;
  readonly rows: readonly (readonly [term: string, text: string])[];
}

/** What stands beside the options. */
export interface OperandRule {
  /** As the usage line has it: "REF", "[INODE]". */
  readonly shown: string;
  readonly least: number;
  readonly most: number;
}

interface Definition<Table extends Options, Format extends string> {
  readonly name: CommandName;
  /** Paragraphs that say more. */
  readonly description?: readonly string[];
  readonly operands?: OperandRule;
  /** The first operand ends the options: the rest are another program's words. */
  readonly stops?: true;
  /** The exit code of whatever fails in the command itself, where it is that of a program that others rely on. */
  readonly failsWith?: ExitCode;
  readonly options: Table;
  readonly exclusive?: Exclusions<Table & GlobalOptions>;
  /** What `--format` takes besides json; the first is the default. Without any it is json. */
  readonly formats: readonly Format[];
  /** Tables for the help besides the options: what columns there are, say. */
  readonly tables?: readonly HelpTable[];
  readonly examples: readonly Example[];
  /** Prints to `out`; gives the exit code, or throws a `CommandFailure` or an error of errors.ts. */
  run(
    running: Running<Format>,
    values: Values<Table>,
    operands: readonly string[],
    /** The options in the order they were given, for those of which the last counts. */
    given: readonly Given[],
  ): ExitCode | Promise<ExitCode>;
}

/** What a running command works with: the context, and what the options of all commands decided. */
export type Running<Format extends string = string> = Context & Settings<Format>;

/** A command, ready to be given words. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly description: readonly string[];
  readonly operands: OperandRule;
  readonly tables: readonly HelpTable[];
  readonly examples: readonly Example[];
  /** Everything it takes; the rows of `GLOBAL_OPTIONS` come first. */
  readonly options: Options;
  readonly failsWith?: ExitCode;
  /** Behind the first operand stand another program's words. */
  readonly stops: boolean;
  parse(words: readonly string[]): Parsed;
  execute(context: Context, parsed: Parsed): Promise<ExitCode>;
}

/** A command is a value: its help, its completion and the types of what `run` gets all come from its table of options. */
export function command<const Table extends Options, const Format extends string>(
  definition: Definition<Table, Format>,
): Command {
  const { name, description = [], operands = { shown: "", least: 0, most: 0 }, tables = [], examples } = definition;
  const formats = [...definition.formats, "json"] as const;
  const shared = { ...GLOBAL_OPTIONS, format: single("FORMAT", oneOf(formats), `one of ${formats.join(", ")}`) };
  const options = { ...shared, ...definition.options };
  const forms = formsOf(options);
  return {
    name,
    summary: SUMMARIES[name],
    description,
    operands,
    tables,
    examples,
    options,
    ...(definition.failsWith !== undefined && { failsWith: definition.failsWith }),
    stops: definition.stops === true,
    parse: (words) => getopt(forms, words, definition.stops === true ? "stop" : "permute"),
    async execute(context, parsed) {
      const { language } = context;
      const grammar = { command: name, exclusive: definition.exclusive ?? [] };
      const values = readOptions<Table>({ ...grammar, options: definition.options, all: options }, parsed, language);
      const sharedValues = readOptions({ command: name, options: shared, all: options }, parsed, language);
      checkOperands(name, operands, parsed.operands, language);
      const settings = settingsOf<Format>(sharedValues, definition.formats[0] ?? "json", context);
      const given = parsed.found.filter((one): one is Given => !isFault(one));
      return definition.run({ ...context, ...settings }, values, parsed.operands, given);
    },
  };
}

function checkOperands(name: string, rule: OperandRule, given: readonly string[], language: Language): void {
  const seeHelp = USAGE_HINTS["see-help"][language]({ command: name });
  const extra = given[rule.most];
  if (extra !== undefined) {
    throw usageFailure(USAGE["extra-operand"][language]({ command: name, operand: extra }), seeHelp);
  }
  if (given.length < rule.least) {
    throw usageFailure(USAGE["missing-operand"][language]({ command: name, operand: rule.shown }), seeHelp);
  }
}
