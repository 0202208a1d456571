import { safeText } from "../messages/safe-text.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { Glyphs } from "./glyphs.ts";
import { tableText, type Cell, type TableColumn } from "./table.ts";

/** Rows of one form, for spreadsheets and programs: what each form below is made of. */
export interface Records {
  readonly columns: readonly RecordColumn[];
  readonly rows: readonly (readonly Cell[])[];
}
export interface RecordColumn {
  readonly name: string;
  readonly json: "number" | "string";
}

const joined = (cell: Cell): string => (typeof cell === "string" ? cell : (cell ?? []).join("\n"));

/**
 * A heading and a line a row, as RFC 4180 has it, ended by \n. A cell of several lines stays one cell, in quotes. What could act
 * on a terminal is written as elsewhere in tables for people (`safeText`), a backslash that would read as that twice.
 */
export function toCsv({ columns, rows }: Records): string {
  const line = (cells: readonly Cell[]): string => `${cells.map((cell) => quoted(safeLines(cell))).join(",")}\n`;
  return [columns.map(({ name }) => name), ...rows].map(line).join("");
}
const safeLines = (cell: Cell = []): string =>
  [cell]
    .flat()
    .map((line) => safeText(line))
    .join("\n");
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A JSON object a line; a cell without a value is null. */
export const toNdjson = ({ columns, rows }: Records): string =>
  rows.map((row) => `${objectText(columns, row)}\n`).join("");

function objectText(columns: readonly RecordColumn[], row: readonly Cell[]): string {
  const fields = columns.map(({ name, json }, nth) => `${toJson(name.toLowerCase())}:${valueText(row[nth], json)}`);
  return `{${fields.join(",")}}`;
}

function valueText(cell: Cell, json: RecordColumn["json"]): string {
  if (cell === undefined) return "null";
  return json === "number" ? joined(cell) : toJson(joined(cell));
}

/** A table for people. */
export function toTable({ columns, rows }: Records, layout: { width: number | undefined; glyphs: Glyphs }): string {
  const last = columns.length - 1;
  const titled = columns.map(({ name, json }, nth): TableColumn => ({
    title: name,
    widthHint: 0,
    align: json === "number" ? "right" : "left",
    cuts: nth === last,
  }));
  return tableText(
    { columns: titled, rows: rows.map((cells) => ({ cells })), tree: undefined },
    { headings: true, mark: layout.glyphs.cut, ...layout },
  );
}
