import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import type { Glyphs } from "./glyphs.ts";
import { listColumn, type ListColumnName, type ListSource } from "./list-columns.ts";
import { type ListRow, type ListSelection, type ListTree, namespaceRows, processRows } from "./list-rows.ts";
import { jsonRows } from "./list-json.ts";
import type { Records } from "./records.ts";
import { rawTableText, type Table, tableText } from "./table.ts";

export interface ListRequest extends ListSelection {
  readonly columns: readonly ListColumnName[];
  /** Instead of namespaces: the processes in this one. */
  readonly of?: NamespaceRecord;
}
export interface ListLayout {
  readonly headings: boolean;
  /** For programs: one blank between cells, blanks inside escaped. */
  readonly raw: boolean;
  /** Several paths of a cell on one line, with commas. */
  readonly oneLine: boolean;
  /** The terminal's columns; undefined: nothing is cut. */
  readonly width: number | undefined;
  readonly glyphs: Glyphs;
}

/** The columns that lsns shows when none are named. */
export function defaultListColumns(wish: {
  kinds?: ReadonlySet<NamespaceKind>;
  processes: boolean;
}): readonly ListColumnName[] {
  if (wish.processes) return ["PID", "PPID", "USER", "COMMAND"];
  const forNet = wish.kinds?.has("net") === true ? (["NETNSID", "NSFS"] as const) : [];
  return ["NS", "TYPE", "NPROCS", "PID", "USER", ...forNet, "COMMAND"];
}

/** The list as a table, laid out as lsns does. */
export function listText(source: ListSource, request: ListRequest, layout: ListLayout): string {
  const { columns, tree } = request;
  const table: Table = {
    columns: columns.map((title) => {
      const column = listColumn(title);
      // In trees by owner and parent the inode stands at the left, behind the tree's lines.
      return { ...column, title, align: title === "NS" && treeColumn(tree) === "NS" ? "left" : column.align };
    }),
    rows: rowsOf(source, request).map((row) => ({
      parent: row.parent,
      cells: columns.map((name) => {
        const cell = listColumn(name).value(row, source);
        return Array.isArray(cell) && layout.oneLine ? cell.join(",") : cell;
      }),
    })),
    tree: treePlace(columns, tree),
  };
  return layout.raw ? rawTableText(table, layout) : tableText(table, layout);
}

/** The list in lsns's JSON, laid out as lsns does; rows of a tree are nested in `children`. */
export function listJson(source: ListSource, request: ListRequest): string {
  return jsonRows(rowsOf(source, request), request.columns, source);
}

/** The rows for spreadsheets and programs. */
export const listRecords = (source: ListSource, request: ListRequest): Records => ({
  columns: request.columns.map((name) => ({ name, json: listColumn(name).json })),
  rows: rowsOf(source, request).map((row) => request.columns.map((name) => listColumn(name).value(row, source))),
});

function rowsOf({ index }: ListSource, request: ListRequest): ListRow[] {
  return request.of === undefined ? namespaceRows(index, request) : processRows(index, request.of, request);
}

const treeColumn = (tree: ListTree): ListColumnName | undefined =>
  tree === "none" ? undefined : tree === "process" ? "COMMAND" : "NS";

function treePlace(columns: readonly ListColumnName[], tree: ListTree): number | undefined {
  const column = treeColumn(tree);
  const place = column === undefined ? -1 : columns.indexOf(column);
  return place === -1 ? undefined : place;
}
