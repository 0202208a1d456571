import type { Command } from "../command.ts";
import type { Option, Options } from "../options.ts";
import { isCommand, USUAL_COMMAND, VISIBLE_COMMANDS, type CommandName } from "../summaries.ts";
import { beginning, NOTHING, type Candidate, type Offer } from "./candidates.ts";
import { valuesOf, type Machine } from "./values-of.ts";

/** What completion asks: the commands' tables, and what there is on the machine. */
export interface Sources {
  readonly load: (name: CommandName) => Promise<Command>;
  readonly machine: Machine;
}

/** What may stand in place of the last of the words, which is empty where a new one begins. `nsatlas` is not among them. */
export async function complete(words: readonly string[], { load, machine }: Sources): Promise<Offer> {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? "";
  const at = before.findIndex((word) => !word.startsWith("-"));
  const name = before[at];
  if (name === undefined) {
    if (!typed.startsWith("-")) return { candidates: beginning(typed, COMMANDS) };
    const usual = await load(USUAL_COMMAND);
    return inCommand(usual, { before, typed }, machine);
  }
  if (!isCommand(name)) return NOTHING;
  return inCommand(await load(name), { before: before.slice(at + 1), typed }, machine);
}

const COMMANDS: readonly Candidate[] = VISIBLE_COMMANDS.map(([word, about]) => ({ word, about }));

interface Place {
  readonly before: readonly string[];
  readonly typed: string;
}

function inCommand(command: Command, { before, typed }: Place, machine: Machine): Offer {
  const { options, operands, stops } = command;
  const given: string[] = [];
  let awaited: Option | undefined;
  let isClosed = false;
  for (const word of before) {
    if (awaited !== undefined) awaited = undefined;
    else if (isClosed || !word.startsWith("-") || word === "-") {
      given.push(word);
      if (stops) isClosed = true;
    } else if (word === "--") isClosed = true;
    else awaited = awaitedBy(word, options);
  }
  if (awaited !== undefined) return valueOffer(awaited, typed, machine);
  // A program's name, and behind it that program's own words.
  if (operands.shown.startsWith("[--]") && (isClosed || !typed.startsWith("-")))
    return { candidates: [], shell: "command" };
  if (!isClosed && typed.startsWith("--") && typed.includes("=")) {
    const end = typed.indexOf("=");
    const [long, value] = [typed.slice(2, end), typed.slice(end + 1)];
    const option = options[long];
    if (option === undefined) return NOTHING;
    const offer = valueOffer(option, value, machine);
    return { ...offer, candidates: offer.candidates.map((one) => ({ ...one, word: `--${long}=${one.word}` })) };
  }
  if (!isClosed && typed.startsWith("-")) return { candidates: beginning(typed, optionWords(options, before)) };
  return valuesOf(operandAt(operands.shown, given.length), { typed, given }, machine);
}

/** The option whose value the next word is. */
function awaitedBy(word: string, options: Options): Option | undefined {
  const option = word.startsWith("--")
    ? options[word.slice(2)]
    : Object.values(options).find(({ short }) => short !== undefined && word.at(-1) === short);
  return option?.kind === "single" || option?.kind === "many" ? option : undefined;
}

function valueOffer(option: Option, typed: string, machine: Machine): Offer {
  if (option.kind === "flag") return NOTHING;
  const { choices, list } = option.read;
  if (choices === undefined) return valuesOf(option.takes, { typed, given: [] }, machine);
  // Of a list with commas the last one is being typed.
  const done = list === true ? typed.slice(0, typed.lastIndexOf(",") + 1) : "";
  const used = new Set(done.split(","));
  const free = choices.filter((word) => !used.has(word)).map((word) => ({ word: `${done}${word}` }));
  return { candidates: beginning(typed, free), ...(list === true && { open: true as const }) };
}

/** Long options; those that may not stand twice and do already are left out. */
function optionWords(options: Options, before: readonly string[]): Candidate[] {
  const there = new Set(before.map((word) => word.replace(/=.*$/, "")));
  return Object.entries(options).flatMap(([long, { kind, help, hidden }]) => {
    const word = `--${long}`;
    return hidden === true || (kind !== "many" && there.has(word)) ? [] : [{ word, about: help }];
  });
}

/** What the operand at a place is called: `REF [p|u]` has REF and p|u; the last stands for all behind it where it goes on (…). */
function operandAt(shown: string, place: number): string {
  const names = shown.split(" ").map((name) => name.replaceAll(/[[\]…]/g, ""));
  return names[place] ?? (shown.endsWith("…") || shown.endsWith("…]") ? (names.at(-1) ?? "") : "");
}
