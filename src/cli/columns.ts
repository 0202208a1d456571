import { LIST_COLUMN_NAMES, listColumnNamed, type ListColumnName } from "../render/list-columns.ts";
import { EXPECTED } from "../messages/usage.ts";
import type { Read, Reader } from "./options.ts";
import { notAmong } from "./values.ts";

/** What `-o` takes: columns, to show in place of the usual ones or (`+LIST`) after them. */
export interface ColumnChoice {
  readonly added: boolean;
  readonly columns: readonly ListColumnName[];
}

export const columnList: Reader<ColumnChoice> = Object.assign(readColumns, {
  choices: LIST_COLUMN_NAMES,
  list: true,
} as const);

function readColumns(text: string): Read<ColumnChoice> {
  const added = text.startsWith("+");
  const columns: ListColumnName[] = [];
  for (const word of (added ? text.slice(1) : text).split(",")) {
    const column = listColumnNamed(word);
    if (column === undefined) return notAmong(word.toUpperCase(), LIST_COLUMN_NAMES, EXPECTED.columns);
    columns.push(column);
  }
  return { ok: true, value: { added, columns } };
}
