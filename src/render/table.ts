import type { Glyphs } from "./glyphs.ts";
import { rawCell, safeCell } from "../messages/safe-text.ts";
import { columnsOf, cut } from "./width.ts";
import { walk } from "./walk.ts";

/** A column of a table, laid out as libsmartcols does. */
export interface TableColumn {
  readonly title: string;
  /** As wide as this once its cells are at least as wide as its title; 0: as wide as needed. */
  readonly widthHint: number;
  readonly align: "left" | "right";
  /** Cut to make the table fit the terminal, down to its title's width. */
  readonly cuts: boolean;
}

/** A list is a cell of several lines. */
export type Cell = string | readonly string[] | undefined;
export interface TableRow {
  readonly cells: readonly Cell[];
  /** The row it hangs from in the tree, by its place in the list of rows; an earlier one. */
  readonly parent?: number | undefined;
}
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** The column that carries the tree's lines; rows then come in the tree's order. */
  readonly tree: number | undefined;
}
export interface TableOptions {
  readonly headings: boolean;
  /** The terminal's columns; undefined: no limit, nothing is cut. */
  readonly width: number | undefined;
  readonly glyphs: Glyphs;
  /** What ends a cell that was cut; absent: nothing, as in lsns. */
  readonly mark?: string;
}

/**
 * The table as text, each line with its end; without rows, nothing, not even a heading.
 * Texts are made safe as util-linux does (`\x0a`). A wide column that may not be cut makes lines longer than `width`.
 * Source: libsmartcols 2.38 (util-linux), by comparison.
 */
export function tableText(table: Table, { headings, width, glyphs, mark = "" }: TableOptions): string {
  const rows = drawn(table, glyphs, (text) => safeCell(text, glyphs.charset));
  if (rows.length === 0) return "";
  const taken = rows.map((cells) => cells.map(widthOf));
  const widths = fit(table.columns, columnWidths(table.columns, taken), width);
  let text = headings ? layOut(titles(table), table.columns, { widths, nth: 0, mark }) : "";
  for (let row = 0; row < rows.length; row++) {
    const cells = rows[row] ?? [];
    const height = heightOf(cells);
    if (height === 1) text += layOut(cells, table.columns, { widths, nth: 0, mark, taken: taken[row] });
    else for (let nth = 0; nth < height; nth++) text += layOut(cells, table.columns, { widths, nth, mark });
  }
  return text;
}

/** The same for programs: one blank between cells, which have no blanks themselves; an empty cell is an empty word. */
export function rawTableText(table: Table, { headings, glyphs }: Pick<TableOptions, "headings" | "glyphs">): string {
  const rows = drawn(table, glyphs, (text) => text);
  if (rows.length === 0) return "";
  const words = rows.map((cells) => cells.map((cell) => rawCell(typeof cell === "string" ? cell : cell.join(","))));
  return (headings ? [titles(table), ...words] : words).map((line) => `${line.join(" ")}\n`).join("");
}

const titles = (table: Table): string[] => table.columns.map((column) => column.title);

/** Columns for a tree's lines: without an end, deep nesting would make the text grow with its square. */
const MOST_FOR_LINES = 400;

/** A cell that is safe: most are one line. */
type Drawn = string | readonly string[];

/** The rows in the order they are printed, the tree's lines drawn in. */
function drawn(table: Table, glyphs: Glyphs, safe: (text: string) => string): Drawn[][] {
  const safely = (cell: Cell): Drawn =>
    typeof cell === "string" ? safe(cell) : cell === undefined ? "" : cell.map((line) => safe(line));
  const rows = table.rows.map(({ cells }) => cells.map(safely));
  const { tree } = table;
  if (tree === undefined) return rows;
  return walk(table.rows, glyphs, MOST_FOR_LINES).map(({ row, prefix, below }) => {
    const cells = rows[row] ?? [];
    const cell = cells[tree] ?? "";
    const height = heightOf(cells);
    cells[tree] =
      height === 1 && typeof cell === "string"
        ? prefix + cell
        : Array.from({ length: height }, (_, nth) => (nth === 0 ? prefix : below) + lineOf(cell, nth));
    return cells;
  });
}

const lineOf = (cell: Drawn | undefined, nth: number): string =>
  typeof cell !== "string" ? (cell?.[nth] ?? "") : nth === 0 ? cell : "";

function heightOf(cells: readonly Drawn[]): number {
  let height = 1;
  for (const cell of cells) if (typeof cell !== "string" && cell.length > height) height = cell.length;
  return height;
}

function widthOf(cell: Drawn): number {
  if (typeof cell === "string") return columnsOf(cell);
  return cell.reduce((widest, line) => Math.max(widest, columnsOf(line)), 0);
}

/** `taken`: what each cell takes. */
function columnWidths(columns: readonly TableColumn[], taken: readonly (readonly number[])[]): number[] {
  const widest = columns.map(() => 0);
  for (const row of taken) {
    for (let nth = 0; nth < row.length; nth++) {
      const width = row[nth] ?? 0;
      if (width > (widest[nth] ?? 0)) widest[nth] = width;
    }
  }
  return columns.map(({ title, widthHint }, nth) => {
    const [least, most] = [columnsOf(title), widest[nth] ?? 0];
    if (most < least) return least;
    return least < widthHint ? Math.max(most, widthHint) : most;
  });
}

/** Takes one column after another from those that may be cut, in turn, until the table fits or none can give more. */
function fit(columns: readonly TableColumn[], natural: readonly number[], limit: number | undefined): number[] {
  const widths = [...natural];
  let excess = limit === undefined ? 0 : widths.reduce((sum, width) => sum + width, columns.length - 1) - limit;
  for (let gave = true; excess > 0 && gave;) {
    gave = false;
    for (const [nth, column] of columns.entries()) {
      const width = widths[nth] ?? 0;
      if (excess <= 0 || !column.cuts || width <= columnsOf(column.title)) continue;
      widths[nth] = width - 1;
      excess -= 1;
      gave = true;
    }
  }
  return widths;
}

interface Laying {
  readonly widths: readonly number[];
  /** Which line of cells that have several. */
  readonly nth: number;
  readonly mark: string;
  /** What each cell takes, where it is one line. */
  readonly taken?: readonly number[] | undefined;
}

/** The nth line of a row: the last column is not filled up, unless it stands at the right. */
function layOut(row: readonly Drawn[], columns: readonly TableColumn[], { widths, nth, mark, taken }: Laying): string {
  const last = columns.length - 1;
  let laid = "";
  for (let place = 0; place <= last; place++) {
    const { align = "left", cuts = false } = columns[place] ?? {};
    const width = widths[place] ?? 0;
    const whole = lineOf(row[place], nth);
    const used = taken?.[place] ?? columnsOf(whole);
    const isCut = cuts && used > width;
    const text = isCut ? cut(whole, width, mark) : whole;
    const blanks = width - (isCut ? columnsOf(text) : used);
    if (place > 0) laid += " ";
    if (align === "right" && blanks > 0 && (place < last || text !== "")) laid += " ".repeat(blanks);
    laid += text;
    if (align !== "right" && blanks > 0 && place < last) laid += " ".repeat(blanks);
  }
  return `${laid}\n`;
}
