import type { Found } from "./found.ts";

const [START, END] = ["<!-- sources -->", "<!-- end sources -->"];
const HOLDER = "held by";
const TYPE = "kind";
const NAMES = "`nsatlas why` names the holder";
const RELEASE = "what it says would let it go";

/** As Markdown: a row for each kind of holder. */
export function tableOf(found: readonly Found[]): string {
  const programs = Object.keys(found[0]?.lists ?? {});
  const title = (program: string): string => `listed by ${program}`;
  const head = [HOLDER, TYPE, ...programs.map(title), NAMES, RELEASE];
  const rows = found.map(({ title, type, lists, names, release }) => [
    title,
    type,
    ...programs.map((program) => lists[program] ?? ""),
    names,
    release.join("; "),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The page, with this text between its marks. */
export function pageWith(page: string, text: string): string {
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no place for it: ${START} … ${END}`);
  return `${page.slice(0, from + START.length)}\n\n${text}\n\n${page.slice(to)}`;
}

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

const linesIn = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("|"));

export const columnsIn = (text: string): readonly string[] => cellsOf(linesIn(text)[0] ?? "");

/** By the first cell of each row, and the title of each column. */
export function rowsIn(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const columns = columnsIn(text);
  const rows = linesIn(text).slice(2).map(cellsOf);
  return new Map(rows.map((cells) => [cells[0] ?? "", new Map(columns.map((title, at) => [title, cells[at] ?? ""]))]));
}
