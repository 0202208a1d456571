import type { Charset } from "../messages/safe-text.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import {
  ELEMENT_WORDS,
  isTopologyFact,
  MAP_COLUMNS,
  TOPOLOGY_DIFFERENCES,
  TOPOLOGY_FACTS,
} from "../messages/topology-differences.ts";
import type { Glyphs } from "../render/glyphs.ts";
import type { ReportedDifference } from "../topology/compare/report.ts";
import { wrap } from "./wrap.ts";

interface Layout {
  readonly glyphs: Glyphs;
  readonly language: Language;
  /** How many are shown; the rest is counted. */
  readonly most: number;
}

/** The differences, a numbered paragraph each, and then the few elements that they are about, as a tree. */
export function differencesText(
  differences: readonly ReportedDifference[],
  { glyphs, language, most }: Layout,
): string {
  const { charset } = glyphs;
  const isCertain = differences.some(({ what }) => what !== "unread");
  const count = differences.length;
  const shown = differences.slice(0, most);
  const digits = String(shown.length).length;
  const lines = wrap(TOPOLOGY_DIFFERENCES[isCertain ? "count" : "unknown"][language]({ count }));
  for (const [nth, difference] of shown.entries()) {
    const first = `${String(nth + 1).padStart(digits)}. `;
    const indent = " ".repeat(first.length);
    lines.push(...wrap(differenceLine(difference, { charset, language }), { first, indent }));
  }
  if (count > shown.length) lines.push(TOPOLOGY_DIFFERENCES.more[language]({ count: count - shown.length }));
  lines.push("", TOPOLOGY_DIFFERENCES.about[language], ...treeLines(shown, glyphs, language));
  return `${lines.join("\n")}\n`;
}

interface Words {
  readonly charset: Charset;
  readonly language: Language;
}

/** "user-1 > pid-2 > process-3 (7): uid map line 2, first id outside: 1000 instead of 2000 (here: 4711 sleep)". */
export function differenceLine(difference: ReportedDifference, { charset, language }: Words): string {
  const { what, path, here, fact, line, column } = difference;
  const safe = (text: string): string => safeText(text, charset);
  const own = elementWord(difference, language);
  const place = [...path.slice(0, -1).map(safe), `${own}${safe(path.at(-1) ?? "")}`].join(" > ");
  const name =
    here === undefined || here === path.at(-1) ? "" : ` (${TOPOLOGY_DIFFERENCES.here[language]({ name: safe(here) })})`;
  if (what === "missing" || what === "extra") return `${place} ${TOPOLOGY_DIFFERENCES[what][language]}${name}`;
  const about = [factWords(fact ?? "", language)];
  if (line !== undefined) about[0] = TOPOLOGY_DIFFERENCES.line[language]({ what: about[0] ?? "", line });
  if (column !== undefined) about.push(MAP_COLUMNS[column][language]);
  const colon = language === "fr" ? " : " : ": ";
  return `${place}${colon}${valueWords(difference, about.join(", "), { charset, language })}${name}`;
}

function valueWords(
  { what, expected, found }: ReportedDifference,
  about: string,
  { charset, language }: Words,
): string {
  const [wanted, has] = [expected, found].map((text) => text && safeText(text, charset));
  if (what === "unread") return TOPOLOGY_DIFFERENCES.unread[language]({ what: about });
  if (wanted === undefined) return TOPOLOGY_DIFFERENCES["not-in-image"][language]({ what: about, found: quoted(has) });
  if (has === undefined) return TOPOLOGY_DIFFERENCES["not-here"][language]({ what: about, expected: quoted(wanted) });
  return TOPOLOGY_DIFFERENCES.instead[language]({ what: about, expected: quoted(wanted), found: quoted(has) });
}
/** An empty text would not be seen. */
const quoted = (text = ""): string => (text === "" ? '""' : text);

/** What the fact is called; one that has no row keeps its name. */
function factWords(fact: string, language: Language): string {
  const dot = fact.indexOf(".");
  const [family, key] = dot < 0 ? [fact, ""] : [fact.slice(0, dot), fact.slice(dot + 1)];
  return isTopologyFact(family) ? TOPOLOGY_FACTS[family][language]({ key }) : fact;
}

const elementWord = ({ sort }: ReportedDifference, language: Language): string =>
  sort === "pin" || sort === "device" || sort === "route" ? `${ELEMENT_WORDS[sort][language]} ` : "";

interface Branch {
  readonly numbers: number[];
  readonly below: Map<string, Branch>;
}

/** The paths as one tree; behind each element the numbers of the differences that it has. */
function treeLines(differences: readonly ReportedDifference[], glyphs: Glyphs, language: Language): readonly string[] {
  const root: Branch = { numbers: [], below: new Map() };
  for (const [nth, difference] of differences.entries()) {
    const names = [
      ...difference.path.slice(0, -1),
      `${elementWord(difference, language)}${difference.path.at(-1) ?? ""}`,
    ];
    let at = root;
    for (const name of names) {
      const next = at.below.get(name) ?? { numbers: [], below: new Map() };
      at.below.set(name, next);
      at = next;
    }
    at.numbers.push(nth + 1);
  }
  return [...root.below].flatMap(([name, branch]) => [rowOf(name, branch, glyphs), ...linesBelow(branch, "", glyphs)]);
}

function linesBelow({ below }: Branch, indent: string, glyphs: Glyphs): readonly string[] {
  const rows = [...below];
  return rows.flatMap(([name, branch], nth) => {
    const isLast = nth === rows.length - 1;
    const next = `${indent}${isLast ? glyphs.gap : glyphs.line} `;
    return [
      `${indent}${isLast ? glyphs.last : glyphs.branch} ${rowOf(name, branch, glyphs)}`,
      ...linesBelow(branch, next, glyphs),
    ];
  });
}

const rowOf = (name: string, { numbers }: Branch, { charset }: Glyphs): string =>
  `${safeText(name, charset)}${numbers.length === 0 ? "" : ` [${numbers.join(", ")}]`}`;
