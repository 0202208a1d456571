import { MORE_THERE } from "../../messages/commands.ts";
import { LIST_COLUMN_HELP } from "../../messages/list.ts";
import type { Language } from "../../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { columnListJson, columnListText } from "../../render/list-column-list.ts";
import {
  ATTRIBUTE_COLUMNS,
  LIST_COLUMN_NAMES,
  TRACE_COLUMNS,
  type ListColumnName,
  type ListSubject,
} from "../../render/list-columns.ts";
import type { ListTree } from "../../render/list-rows.ts";
import { hasGaps, tooCostly } from "../../render/not-seen.ts";
import { defaultListColumns, listJson, listRecords, listText } from "../../render/list.ts";
import { brief } from "../brief.ts";
import { columnList, type ColumnChoice } from "../columns.ts";
import { command, type Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure, NOT_SEEN } from "../failure.ts";
import { readFilter } from "../filter.ts";
import { isPictureForm, isRowForm, PICTURE_FORMS, pictureOf, ROW_FORMS, rowsText } from "../forms.ts";
import { note } from "../note.ts";
import { flag, many, optional, single } from "../options.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS } from "../place.ts";
import { readRef } from "../resolve.ts";
import { SOURCE_OPTIONS, sourceWish } from "../source-options.ts";
import { seen, seenWith, type Wanted } from "../target.ts";
import { usageFailure } from "../usage.ts";
import { userNames } from "../user-names.ts";
import { anyText, kinds, oneOf, pidNumber } from "../values.ts";
import { whyEmpty } from "../why-empty.ts";

/** The language of libsmartcols. */
const FILTER_GRAMMAR = [
  [
    "A == B",
    "also != < <= > >=, or eq ne lt le gt ge; names of columns, texts in quotes, numbers (4K, 1.5), true, false",
  ],
  ["A =~ 'PATTERN'", "the extended regular expression fits somewhere; !~ does not"],
  ["A", "a column that is neither empty nor 0"],
  ["and or not", "or && || !; and and or bind alike, from left to right, ! tighter than ==: use ( )"],
] as const;

const TREES = ["owner", "parent", "process"] as const;

/** The table, with the options, columns and exit codes of lsns(8). */
export const list = command({
  name: "list",
  operands: { shown: "[INODE|REF]", least: 0, most: 1 },
  description: [
    "Columns, options and JSON are those of lsns(8), which it can stand in for. With a namespace as operand it lists the " +
      "processes in it. Where there is nothing to list, it says why on standard error.",
  ],
  options: {
    json: flag("print JSON, flat unless --tree is given", { short: "J" }),
    list: flag("print no tree", { short: "l" }),
    noheadings: flag("print no headings", { short: "n" }),
    output: single("LIST", columnList, "the columns to print; +LIST adds to the usual ones", { short: "o" }),
    "output-all": flag("print all columns"),
    persistent: flag("only namespaces without processes", { short: "P" }),
    task: single("PID", pidNumber, "only the namespaces of this process", { short: "p" }),
    raw: flag("print words with one blank between them", { short: "r" }),
    notruncate: flag("do not cut the command to the terminal's width", { short: "u" }),
    nowrap: flag("print several paths on one line, with commas", { short: "W" }),
    filter: single("EXPR", anyText, "only rows for which EXPR holds (see Filters)", { short: "Q" }),
    "list-columns": flag("list the columns with their types", { short: "H" }),
    type: many("TYPE", kinds, "only namespaces of this kind", { short: "t" }),
    tree: optional("REL", oneOf(TREES), "owner", "draw a tree by owner (if left out), parent or process", {
      short: "T",
    }),
    ...SOURCE_OPTIONS,
    ...PLACE_OPTIONS,
  },
  exclusive: [["json", "raw"], ["persistent", "task"], ...PLACE_EXCLUSIONS],
  formats: ["table", "tree", ...ROW_FORMS, ...PICTURE_FORMS],
  tables: [
    { heading: "Columns", rows: LIST_COLUMN_NAMES.map((name) => [name, LIST_COLUMN_HELP[name].en]) },
    { heading: "Filters", rows: FILTER_GRAMMAR },
  ],
  examples: [
    { line: "nsatlas list -t net -o +PATH", shows: "the network namespaces, with a file of each" },
    { line: "nsatlas list -T", shows: "a tree by owner" },
    { line: "nsatlas list self/pid", shows: "the processes in your pid namespace" },
    { line: "nsatlas list --world containers.world -T", shows: "a world drawn as text; help tree has the form" },
    { line: "nsatlas list -Q 'TYPE =~ \"^(net|uts)$\" and NPROCS > 0'", shows: "the rows that a filter keeps" },
    { line: "nsatlas list -J -o NS,TYPE,PID", shows: "for programs" },
  ],

  async run(running, values, [operand]) {
    const { out, err, format, glyphs, language } = running;
    if (values["list-columns"]) {
      out.write(format === "json" ? columnListJson(language) : columnListText({ raw: values.raw, glyphs, language }));
      return EXIT.done;
    }
    if (values.task !== undefined && operand !== undefined) throw exclude("--task", brief(operand), language);
    if (isPictureForm(format)) {
      const [narrower] = [
        ...(operand === undefined ? [] : [brief(operand)]),
        ...(["task", "persistent", "filter", "output"] as const).flatMap((name) =>
          values[name] === undefined || values[name] === false ? [] : [`--${name}`],
        ),
      ];
      // A picture has all of a kind, or the lines between them would lead nowhere.
      if (narrower !== undefined) throw exclude(`--format ${format}`, narrower, language);
    }
    const filter = values.filter === undefined ? undefined : readFilter(values.filter, language);
    const asks = asking(values);
    const sources = {
      ...sourceWish(values),
      traces: isPictureForm(format) || asks(TRACE_COLUMNS),
      maps: isPictureForm(format),
    };
    const firstCommandLines = !isPictureForm(format);
    const place = { ...values, sources, attributes: asks(ATTRIBUTE_COLUMNS), firstCommandLines };
    const { index, isLive, of } = await namespaces(running, place, operand);
    const chosen = new Set(values.type.flat());
    if (isPictureForm(format)) {
      const kinds = chosen.size === 0 ? {} : { kinds: chosen };
      out.write(await pictureOf(index, format, { language, all: false, ...kinds }));
      return EXIT.done;
    }
    const selection = {
      ...(values.task === undefined ? {} : { pid: values.task }),
      ...(chosen.size === 0 ? {} : { kinds: chosen }),
      persistent: values.persistent,
    };
    const usual = defaultListColumns({ ...selection, processes: of !== undefined });
    const columns = chosenColumns(values.output, values["output-all"] ? LIST_COLUMN_NAMES : usual);
    const flat = values.list || values.raw || format === "json" || isRowForm(format) || !columns.includes("COMMAND");
    const usualTree = format === "tree" ? "owner" : flat ? "none" : "process";
    const tree: ListTree = values.tree ?? usualTree;

    const source = { index, userName: isLive ? userNames() : () => undefined };
    let rows = 0;
    const keeps = (subject: ListSubject): boolean => {
      const isKept = filter?.(subject, source, values.nowrap || values.raw ? "," : "\n") !== false;
      if (isKept) rows += 1;
      return isKept;
    };
    const request = { ...selection, columns, tree, keeps, ...(of === undefined ? {} : { of }) };
    const width = values.notruncate || values.raw ? undefined : out.columns;
    const layout = { headings: !values.noheadings, raw: values.raw, oneLine: values.nowrap, width, glyphs };
    if (format === "json") out.write(listJson(source, request));
    else if (isRowForm(format)) out.write(rowsText(listRecords(source, request), format));
    else out.write(listText(source, request, layout));

    for (const sentence of tooCostly(index.snapshot, language)) note(err, sentence);
    const isFiltered = rows === 0 && filter !== undefined;
    const why = whyEmpty(index, { ...selection, of, isFiltered }, language);
    if (why !== undefined) note(err, why);
    // Scripts that read what lsns writes expect nothing there; a person should know that there is more.
    if (err.isTerminal && hasGaps(index.snapshot)) note(err, MORE_THERE[language]);
    return EXIT.done;
  },
});

interface Shown {
  readonly output: ColumnChoice | undefined;
  readonly "output-all": boolean;
  readonly filter: string | undefined;
}

/** Whether one of some columns is printed, or may be named by the filter: what only they show takes long to read. */
const asking =
  ({ output, "output-all": isAll, filter = "" }: Shown) =>
  (columns: ReadonlySet<ListColumnName>): boolean =>
    isAll ||
    output?.columns.some((name) => columns.has(name)) === true ||
    [...columns].some((name) => filter.toUpperCase().includes(name));

/** What is listed: everything, or the processes in one namespace. */
async function namespaces(running: Running, place: Wanted, operand: string | undefined) {
  const { from, world, as, kernel, sources = {}, attributes = false, firstCommandLines = false } = place;
  const wanted = { from, world, as, kernel, sources, attributes };
  // A row that is about a namespace shows the command of the first process in it.
  if (operand === undefined) return { ...(await seen(running, { ...wanted, firstCommandLines })), of: undefined };
  try {
    const { index, isLive, target } = await seenWith(running, {
      ...wanted,
      named: readRef(operand, running.language),
    });
    return { index, isLive, of: index.namespaces.get(target.id) };
  } catch (error) {
    // A namespace that is not there is exit code 1 in lsns.
    if (error instanceof CommandFailure && error.failure.code === NOT_SEEN) throw error.withExit(EXIT.no);
    throw error;
  }
}

function exclude(one: string, other: string, language: Language): CommandFailure {
  const reason = USAGE["options-exclude"][language]({ one, other });
  return usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "list" }));
}

function chosenColumns(choice: ColumnChoice | undefined, usual: readonly ListColumnName[]): readonly ListColumnName[] {
  if (choice === undefined) return usual;
  return choice.added ? [...usual, ...choice.columns] : choice.columns;
}
