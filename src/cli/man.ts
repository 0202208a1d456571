import { VERSION } from "../version.ts";
import type { Command } from "./command.ts";
import { EXIT_MEANINGS } from "./exit-codes.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { isGlobal, optionEntry, REF_FORMS, type Entry } from "./help.ts";
import { USUAL_COMMAND, VISIBLE_COMMANDS } from "./summaries.ts";

/** The manual page of one command, nsatlas-list(1) and its like, from the tables that its help comes from: man(7). */
export function manPage({ name, summary, description, operands, tables, options, examples }: Command): string {
  const rows = Object.entries(options).filter(([, option]) => option.hidden !== true);
  const own = rows.filter(([, option]) => !isGlobal(option));
  const shared = rows.filter(([, option]) => isGlobal(option));
  return page(`nsatlas-${name}`, [
    ...section("NAME", [`nsatlas${HYPHEN}${name} ${HYPHEN} ${escaped(summary)}`]),
    ...section("SYNOPSIS", [`.B nsatlas ${name}`, `[OPTIONS] ${escaped(operands.shown)}`.trimEnd()]),
    ...section("DESCRIPTION", [
      `${capital(escaped(summary))}.`,
      ...description.flatMap((text) => [".PP", escaped(text)]),
    ]),
    ...terms("OPTIONS", own.map(optionEntry)),
    ...terms("OPTIONS OF EVERY COMMAND", shared.map(optionEntry)),
    ...tables.flatMap(({ heading, rows: entries }) => terms(heading.toUpperCase(), entries)),
    ...terms(
      "EXAMPLES",
      examples.map(({ line, shows }): Entry => [line, shows]),
    ),
    ...section("SEE ALSO", [".BR nsatlas (1),", ".BR namespaces (7)"]),
  ]);
}

/** nsatlas(1). */
export function overviewPage(): string {
  return page("nsatlas", [
    ...section("NAME", [`nsatlas ${HYPHEN} an atlas of Linux namespaces`]),
    ...section("SYNOPSIS", [".B nsatlas", "[COMMAND] [OPTIONS] [OPERANDS]"]),
    ...section("DESCRIPTION", [
      "Which namespaces there are, who owns whom, what keeps each alive, and who may do what.",
      `Without a command: ${USUAL_COMMAND}.`,
    ]),
    ...terms(
      "COMMANDS",
      VISIBLE_COMMANDS.map(([name, about]): Entry => [`nsatlas-${name}(1)`, about]),
    ),
    ...terms("OPTIONS OF EVERY COMMAND", Object.entries(GLOBAL_OPTIONS).map(optionEntry)),
    ...terms("NAMES OF NAMESPACES", REF_FORMS),
    ...terms(
      "EXIT STATUS",
      EXIT_MEANINGS.map(([code, meaning]): Entry => [String(code), meaning]),
    ),
    ...section("SEE ALSO", [
      ".BR lsns (8),",
      ".BR nsenter (1),",
      ".BR unshare (1),",
      ".BR namespaces (7),",
      ".BR ioctl_ns (2)",
    ]),
  ]);
}

/** The names of all pages, without their section. */
export const MAN_PAGES: readonly string[] = ["nsatlas", ...VISIBLE_COMMANDS.map(([name]) => `nsatlas-${name}`)];

const HYPHEN = String.raw`\-`;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": String.raw`\e`,
  "-": HYPHEN,
  '"': String.raw`\(dq`,
  "'": String.raw`\(aq`,
  "^": String.raw`\(ha`,
  "~": String.raw`\(ti`,
  "`": String.raw`\(ga`,
  "…": "...",
};

/** A text of one line: what means something to troff stands as an escape, a leading dot or quote is none of its requests. */
function escaped(text: string): string {
  const safe = text.replaceAll(/[\\"'^~`…-]/g, (one) => ESCAPES[one] ?? one);
  return safe.startsWith(".") ? String.raw`\&` + safe : safe;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const page = (name: string, lines: readonly string[]): string =>
  [`.TH ${name.toUpperCase().replaceAll("-", HYPHEN)} 1 "" "nsatlas ${VERSION}" "User Commands"`, ...lines, ""].join(
    "\n",
  );

const section = (heading: string, lines: readonly string[]): string[] => [`.SH ${heading}`, ...lines];

const terms = (heading: string, entries: readonly Entry[]): string[] =>
  entries.length === 0
    ? []
    : section(
        heading,
        entries.flatMap(([term, text]) => [".TP", `.B ${escaped(term.trim())}`, escaped(text)]),
      );
