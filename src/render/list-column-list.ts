import { LIST_COLUMN_HELP } from "../messages/list.ts";
import type { Language } from "../messages/sentence.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { Glyphs } from "./glyphs.ts";
import { LIST_COLUMN_NAMES, listColumn, type ListColumnName } from "./list-columns.ts";
import { rawTableText, tableText } from "./table.ts";

const COLUMN = { widthHint: 0, cuts: false } as const;
const COLUMNS = [
  { ...COLUMN, title: "HOLDER", align: "right" },
  { ...COLUMN, title: "TYPE", align: "left" },
  { ...COLUMN, title: "DESCRIPTION", align: "left" },
] as const;

/** As lsns calls the type that a column has in JSON. */
const typeOf = (name: ListColumnName): string => (listColumn(name).json === "number" ? "<integer>" : "<string>");

/** Every column with its type and what it holds, as `lsns -H` lists them. */
export function columnListText({
  raw,
  glyphs,
  language,
}: {
  raw: boolean;
  glyphs: Glyphs;
  language: Language;
}): string {
  const rows = LIST_COLUMN_NAMES.map((name) => ({ cells: [name, typeOf(name), LIST_COLUMN_HELP[name][language]] }));
  const table = { columns: COLUMNS, rows, tree: undefined };
  const layout = { headings: false, width: undefined, glyphs };
  return raw ? rawTableText(table, layout) : tableText(table, layout);
}

/** The same as `lsns -H -J` prints it. */
export function columnListJson(language: Language): string {
  const field = (name: string, value: string): string => `         "${name}": ${toJson(value)}`;
  const rows = LIST_COLUMN_NAMES.map((name) => {
    const fields = [
      field("holder", name),
      field("type", typeOf(name)),
      field("description", LIST_COLUMN_HELP[name][language]),
    ];
    return `{\n${fields.join(",\n")}\n      }`;
  });
  return `{\n   "lsns-columns": [\n      ${rows.join(",")}\n   ]\n}\n`;
}
