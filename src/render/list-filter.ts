import { listColumn, listColumnNamed, type ListSource, type ListSubject } from "./list-columns.ts";
import { FilterError } from "./filter/fault.ts";
import { parseFilter } from "./filter/parse.ts";
import { columnsIn, passes } from "./filter/passes.ts";

/** Which rows to keep. Throws `FilterError` where a row's text is compared with a number and is none. */
export type ListFilter = (subject: ListSubject, source: ListSource, pathsBetween: string) => boolean;

/** Reads a filter over the columns of the list, shown or not, by their names in any case. Throws `FilterError`. */
export function listFilter(text: string): ListFilter {
  const filter = parseFilter(text);
  if (filter === undefined) return () => true;
  for (const [name, at] of columnsIn(filter)) {
    if (listColumnNamed(name) === undefined) throw new FilterError({ fault: "unknown-column", at, text: name });
  }
  return (subject, source, pathsBetween) =>
    passes(filter, (name) => {
      const column = listColumn(listColumnNamed(name) ?? "NS");
      const cell = column.value(subject, source);
      const type = column.json === "number" ? "whole" : "text";
      return { type, text: typeof cell === "string" || cell === undefined ? cell : cell.join(pathsBetween) };
    });
}
