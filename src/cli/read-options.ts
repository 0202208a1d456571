import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import { isFault, type Given, type Parsed } from "./getopt.ts";
import type { Options, Reader, Values } from "./options.ts";
import { faultFailure, usageFailure } from "./usage.ts";
import { push } from "../snapshot/push.ts";

/** Pairs of options that may not stand together. */
export type Exclusions<Table extends Options> = readonly (readonly [keyof Table & string, keyof Table & string])[];

interface Grammar<Table extends Options> {
  /** The command's name, for messages. */
  readonly command: string;
  /** The rows to read. */
  readonly options: Table;
  /** Every row that the words were parsed by, for the nearest to an unknown one. */
  readonly all: Options;
  readonly exclusive?: readonly (readonly [string, string])[];
}

/**
 * The typed values of what the parser found. Throws a usage failure for its first fault, an option of one value given
 * twice (unless the last counts), a value that its reader refuses, and two options that exclude each other.
 */
export function readOptions<Table extends Options>(
  { command, options, all, exclusive = [] }: Grammar<Table>,
  parsed: Parsed,
  language: Language,
): Values<Table> {
  const seeHelp = USAGE_HINTS["see-help"][language]({ command });
  const given = new Map<string, Given[]>();
  for (const one of parsed.found) {
    if (isFault(one)) throw faultFailure(one, command, all, language);
    push(given, one.long, one);
  }
  for (const [one, other] of exclusive) {
    const [first, second] = [given.get(one)?.[0], given.get(other)?.[0]];
    if (first === undefined || second === undefined) continue;
    throw usageFailure(USAGE["options-exclude"][language]({ one: first.written, other: second.written }), seeHelp);
  }
  // The table's own types say what each entry is: `Values` is computed from the rows that are read here.
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, valueOf(option, given.get(name) ?? [])]),
  ) as Values<Table>;

  function valueOf(option: Options[string], uses: readonly Given[]): unknown {
    if (option.kind === "many") return uses.map((use) => read(option.read, use));
    const [first, second] = option.lastCounts === true ? uses.slice(-1) : uses;
    if (option.kind === "flag") return first !== undefined;
    if (first === undefined) return undefined;
    if (second !== undefined) {
      const shown = first.value === undefined ? first.written : `${first.written} ${first.value}`;
      throw usageFailure(USAGE["option-repeated"][language]({ option: second.written, first: shown }), seeHelp);
    }
    return option.kind === "optional" && first.value === undefined ? option.bare : read(option.read, first);
  }

  function read(reader: Reader<unknown>, { written, value = "" }: Given): unknown {
    const answer = reader(value);
    if (answer.ok) return answer.value;
    const reason = USAGE["bad-value"][language]({ option: written, value, expected: answer.expected[language] });
    throw usageFailure(reason, answer.hint?.[language] ?? seeHelp);
  }
}
