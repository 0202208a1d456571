import { toJson } from "../snapshot/json-text.ts";
import { groupBy } from "./group.ts";
import { listColumn, type ListColumnName, type ListSource } from "./list-columns.ts";
import type { ListRow } from "./list-rows.ts";
import type { Cell } from "./table.ts";

const STEP = "   ";
/** Levels that are indented further: without an end, deep nesting would make the text grow with its square. */
const MOST_STEPS = 64;
const indentOf = (depth: number): string => STEP.repeat(Math.min(depth, MOST_STEPS));

/** A row to open, or the end of one that has children. */
type Work = { readonly row: number; readonly depth: number; readonly first: boolean } | { readonly close: string };

/**
 * Rows as lsns writes them: `{"namespaces": [{"ns": …}]}`, three blanks a level. Written by hand and without recursion,
 * since processes nest deeper than JSON.stringify can follow.
 */
export function jsonRows(rows: readonly ListRow[], columns: readonly ListColumnName[], source: ListSource): string {
  const children = groupBy(rows.keys(), (row) => rows[row]?.parent);
  const text: string[] = [`{\n${STEP}"namespaces": [\n`];
  const waiting: Work[] = [];
  const put = (siblings: readonly number[], depth: number): void => {
    for (let nth = siblings.length - 1; nth >= 0; nth -= 1)
      waiting.push({ row: siblings[nth] ?? 0, depth, first: nth === 0 });
  };

  put(children.get(undefined) ?? [], 2);
  for (let work = waiting.pop(); work !== undefined; work = waiting.pop()) {
    if ("close" in work) {
      text.push(work.close);
      continue;
    }
    const row = rows[work.row];
    if (row === undefined) continue;
    const indent = indentOf(work.depth);
    const its = children.get(work.row) ?? [];
    const fields = columns.map((name) => `\n${indent}${STEP}"${name.toLowerCase()}": ${jsonCell(name, row, source)}`);
    text.push(work.first ? `${indent}{` : ",{", fields.join(","));
    if (its.length === 0) {
      text.push(`\n${indent}}`);
      continue;
    }
    text.push(`,\n${indent}${STEP}"children": [\n`);
    waiting.push({ close: `\n${indent}${STEP}]\n${indent}}` });
    put(its, work.depth + 2);
  }
  text.push(`\n${STEP}]\n}\n`);
  return text.join("");
}

function jsonCell(name: ListColumnName, row: ListRow, source: ListSource): string {
  const column = listColumn(name);
  const cell: Cell = column.value(row, source);
  if (cell === undefined) return "null";
  if (column.json === "number") return String(cell);
  return toJson(Array.isArray(cell) ? cell.join("\n") : String(cell));
}
