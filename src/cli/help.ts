import { GLOBAL_OPTIONS } from "./global-options.ts";
import type { Command, Example } from "./command.ts";
import type { Option } from "./options.ts";
import { EXIT_MEANINGS } from "./exit-codes.ts";
import { USUAL_COMMAND, VISIBLE_COMMANDS } from "./summaries.ts";
import { wrap } from "./wrap.ts";

/** The help of one command, from its tables, at 80 columns. */
export function helpText({ name, summary, description, operands, tables, options, examples }: Command): string {
  const usage = ["nsatlas", name, "[OPTIONS]", operands.shown].filter((word) => word !== "").join(" ");
  const rows = Object.entries(options).filter(([, option]) => option.hidden !== true);
  const own = rows.filter(([, option]) => !isGlobal(option));
  const shared = rows.filter(([, option]) => isGlobal(option));
  return [
    `Usage: ${usage}`,
    "",
    ...wrap(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...description.flatMap((paragraph) => ["", ...wrap(paragraph)]),
    ...section("Options", own.map(optionEntry)),
    ...section("Options of every command", shared.map(optionEntry)),
    ...tables.flatMap(({ heading, rows: entries }) => section(heading, entries)),
    ...exampleLines(examples),
    "",
  ].join("\n");
}

/** The help of nsatlas itself. */
export function overviewText(): string {
  return [
    "Usage: nsatlas [COMMAND] [OPTIONS] [OPERANDS]",
    "",
    ...wrap(
      "An atlas of Linux namespaces: which there are, who owns whom, what keeps each alive. Without a command: " +
        `${USUAL_COMMAND}.`,
    ),
    ...section("Commands", VISIBLE_COMMANDS),
    ...section("Options of every command", Object.entries(GLOBAL_OPTIONS).map(optionEntry)),
    ...section("A namespace is named by (REF)", REF_FORMS),
    ...section(
      "Exit codes",
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
    ),
    "",
  ].join("\n");
}

/** The same for programs. */
export const overviewJson = (): string =>
  `${JSON.stringify({ commands: VISIBLE_COMMANDS.map(([name, summary]) => ({ name, summary })) }, undefined, 2)}\n`;

/** The forms of a REF, and what each is. */
export const REF_FORMS: readonly Entry[] = [
  ["/proc/42/ns/net", "a file; so does ./FILE and ../FILE"],
  ["net:/run/netns/blue", "a file, refused unless it is of that kind"],
  ["net:[4026531833]", "its inode; net:[0:4/4026531833] gives the device too"],
  ["42/net", "a link of process 42; 42/43/net of its thread 43; self/net"],
  ["net:blue", "a name under /run/netns"],
  ["net:id:4711", "its 64-bit id (Linux 6.18)"],
  ["fd:7", "a descriptor that nsatlas inherited"],
  ["4026531833", "an inode of any kind"],
];

export type Entry = readonly [term: string, text: string];
/** Terms wider than this get a line of their own. */
const WIDEST_TERM = 26;

/** A heading and a table of two columns; nothing where there are no entries. */
function section(heading: string, entries: readonly Entry[]): string[] {
  if (entries.length === 0) return [];
  const fitting = entries.map(([term]) => term.length).filter((length) => length <= WIDEST_TERM);
  const width = Math.max(...fitting, 0);
  const indent = " ".repeat(width + 4);
  const lines = entries.flatMap(([term, text]) =>
    term.length <= WIDEST_TERM
      ? wrap(text, { first: `  ${term.padEnd(width)}  `, indent })
      : [`  ${term}`, ...wrap(text, { first: indent, indent })],
  );
  return ["", `${heading}:`, ...lines];
}

function exampleLines(examples: readonly Example[]): string[] {
  if (examples.length === 0) return [];
  const margins = { first: "      ", indent: "      " };
  const text = ({ shows, exit }: Example): string => (exit === undefined ? shows : `${shows} (exit code ${exit})`);
  return ["", "Examples:", ...examples.flatMap((example) => [`  ${example.line}`, ...wrap(text(example), margins)])];
}

/** `-o, --output LIST`, and what it does. */
export function optionEntry([long, option]: readonly [string, Option]): Entry {
  const letter = option.short === undefined ? "    " : `-${option.short}, `;
  return [
    `${letter}--${long}${valueOf(option)}`,
    option.kind === "many" ? `${option.help}; may be repeated` : option.help,
  ];
}

function valueOf(option: Option): string {
  if (option.kind === "flag") return "";
  return option.kind === "optional" ? `[=${option.takes}]` : ` ${option.takes}`;
}

const GLOBAL_ROWS: ReadonlySet<Option> = new Set<Option>(Object.values(GLOBAL_OPTIONS));
/** A row that a command has instead of a global one is its own. */
export const isGlobal = (option: Option): boolean => GLOBAL_ROWS.has(option);

/** The same for programs. */
export function helpJson({ name, summary, operands, options, examples }: Command): string {
  const rows = Object.entries(options).flatMap(([long, option]) =>
    option.hidden === true
      ? []
      : [
          {
            long,
            short: option.short ?? null,
            takes: option.kind === "flag" ? null : option.takes,
            valueIsOptional: option.kind === "optional",
            repeatable: option.kind === "many",
            help: option.help,
          },
        ],
  );
  return `${JSON.stringify({ name, summary, operands: operands.shown, options: rows, examples }, undefined, 2)}\n`;
}
