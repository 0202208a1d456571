import { getopt, isFault, type Given } from "./getopt.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { formsOf } from "./options.ts";

/** The command that a command line calls, as the user wrote it, and the words for it. */
export interface Choice {
  readonly name: string;
  readonly words: readonly string[];
}

const FORMS = formsOf(GLOBAL_OPTIONS);

/**
 * The first operand names the command; options of all commands may stand before it. Without an operand, or with other
 * options in front, the usual command gets the words: `nsatlas --depth 2` draws a tree.
 */
export function chooseCommand(words: readonly string[], usual: string): Choice {
  const { found, operands } = getopt(FORMS, words, "stop");
  const before = found.filter((one): one is Given => !isFault(one));
  if (before.length < found.length) return { name: usual, words };
  const [name, ...rest] = operands;
  if (name !== undefined) return { name, words: [...before.map(rewritten), ...rest] };
  if (before.some(({ long }) => long === "help")) {
    return { name: "help", words: before.filter(({ long }) => long !== "help").map(rewritten) };
  }
  return { name: before.some(({ long }) => long === "version") ? "version" : usual, words };
}

/** An option in full, so that it means the same in the command's own table. */
const rewritten = ({ long, value }: Given): string => (value === undefined ? `--${long}` : `--${long}=${value}`);
