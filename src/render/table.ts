import type { Glyphs } from "./glyphs.ts";
import { rawCell, safeCell } from "../messages/safe-text.ts";
import { columnsOf, cut, padEnd, padStart } from "./width.ts";
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
}

/**
 * The table as text, each line with its end; without rows, nothing, not even a heading.
 * Texts are made safe as util-linux does (`\x0a`). A wide column that may not be cut makes lines longer than `width`.
 * Source: libsmartcols 2.38 (util-linux), by comparison.
 */
export function tableText(table: Table, { headings, width, glyphs }: TableOptions): string {
  const rows = drawn(table, glyphs, (text) => safeCell(text, glyphs.charset));
  if (rows.length === 0) return "";
  const widths = fit(table.columns, columnWidths(table.columns, rows), width);
  let text = headings
    ? layOut(
        titles(table).map((title) => [title]),
        table.columns,
        { widths, nth: 0 },
      )
    : "";
  for (const row of rows) {
    const height = heightOf(row);
    for (let nth = 0; nth < height; nth++) text += layOut(row, table.columns, { widths, nth });
  }
  return text;
}

/** The same for programs: one blank between cells, which have no blanks themselves; an empty cell is an empty word. */
export function rawTableText(table: Table, { headings, glyphs }: Pick<TableOptions, "headings" | "glyphs">): string {
  const rows = drawn(table, glyphs, (text) => text);
  if (rows.length === 0) return "";
  const words = rows.map((cells) => cells.map((lines) => rawCell(lines.join(","))));
  return (headings ? [titles(table), ...words] : words).map((line) => `${line.join(" ")}\n`).join("");
}

const titles = (table: Table): string[] => table.columns.map((column) => column.title);

/** Columns for a tree's lines: without an end, deep nesting would make the text grow with its square. */
const MOST_FOR_LINES = 400;

/** The rows in the order they are printed, each cell as its lines, the tree's lines drawn in. */
function drawn(table: Table, glyphs: Glyphs, safe: (text: string) => string): string[][][] {
  const texts = table.rows.map(({ cells }) =>
    cells.map((cell) => (Array.isArray(cell) ? cell : [cell ?? ""]).map(safe)),
  );
  const { tree } = table;
  if (tree === undefined) return texts;
  return walk(table.rows, glyphs, MOST_FOR_LINES).map(({ row, prefix, below }) => {
    const cells = texts[row] ?? [];
    const height = heightOf(cells);
    return cells.map((lines, column) =>
      column === tree
        ? Array.from({ length: height }, (_, nth) => (nth === 0 ? prefix : below) + (lines[nth] ?? ""))
        : lines,
    );
  });
}

function heightOf(cells: readonly (readonly string[])[]): number {
  let height = 1;
  for (const lines of cells) height = Math.max(height, lines.length);
  return height;
}

function columnWidths(columns: readonly TableColumn[], rows: readonly string[][][]): number[] {
  const widest = columns.map(() => 0);
  for (const row of rows) {
    let nth = 0;
    for (const lines of row) {
      for (const line of lines) widest[nth] = Math.max(widest[nth] ?? 0, columnsOf(line));
      nth++;
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

/** The nth line of a row: the last column is not filled up, unless it stands at the right. */
function layOut(
  row: readonly (readonly string[])[],
  columns: readonly TableColumn[],
  { widths, nth }: { widths: readonly number[]; nth: number },
): string {
  const last = columns.length - 1;
  let laid = "";
  let place = 0;
  for (const { align, cuts } of columns) {
    const width = widths[place] ?? 0;
    const whole = row[place]?.[nth] ?? "";
    const text = cuts ? cut(whole, width, "") : whole;
    if (place > 0) laid += " ";
    if (place < last) laid += align === "right" ? padStart(text, width) : padEnd(text, width);
    else if (text !== "") laid += align === "right" ? padStart(text, width) : text;
    place++;
  }
  return `${laid}\n`;
}
