import { TREE_HEADINGS } from "../messages/tree.ts";
import type { Language } from "../messages/sentence.ts";
import type { Glyphs } from "./glyphs.ts";
import type { Paint, Palette } from "./palette.ts";
import { safeText } from "../messages/safe-text.ts";
import type { TreeLine } from "./tree-lines.ts";
import { levelsOf, walk } from "./walk.ts";
import { columnsOf, cut, cutStart, padEnd, padStart } from "./width.ts";

export interface TreeLayout {
  /** The terminal's columns; undefined: lines as long as they need be. */
  readonly width: number | undefined;
  readonly paint: Palette;
  readonly glyphs: Glyphs;
  readonly language: Language;
}

/** Between columns. */
const GAP = "  ";
/** From this width on there is room for who runs a process and where. */
const WIDE = 120;
/** Whether the tree shows control groups at this width: who discovers for it need not read them otherwise. */
export const showsControlGroups = (width: number | undefined): boolean => width === undefined || width >= WIDE;
/** Shares of a limited width: the lines of the tree, these with names, a cgroup's path. */
const MOST_FOR_PREFIX = 0.4;
const MOST_FOR_NAMES = 0.45;
const MOST_FOR_CGROUP = 0.25;

/** A piece of a line and how it is painted. */
interface Piece {
  readonly text: string;
  readonly paint: Paint;
}
const plain: Paint = (text) => text;

/** The lines under their headings, aligned, each with its end. */
export function layOutTree(lines: readonly TreeLine[], layout: TreeLayout): string[] {
  const { width, paint, glyphs, language } = layout;
  const rows = place(lines, layout);
  const nameWidth = nameColumn(rows, layout);
  const { members, ofProcess } = columnsFor(lines, layout);
  const columns = [members, ...ofProcess];
  // What stands in place of a process has the room of all its columns.
  const forProcess = ofProcess.reduce((sum, column) => sum + GAP.length + column.width, 0);
  const roomFor = ({ prefix, line: { name, process } }: Row): number => {
    const taken = Math.max(nameWidth, columnsOf(prefix + name)) + 2 + GAP.length + members.width + GAP.length;
    return Math.max(0, (width ?? Infinity) - taken - (process === undefined ? 0 : forProcess));
  };

  const heading: Piece[] = [
    { text: padEnd(TREE_HEADINGS.namespace[language], nameWidth + 2), paint: paint.heading },
    ...columns.map(({ title, align, width }) => ({ text: GAP + pad(title, width, align), paint: paint.heading })),
    { text: GAP + TREE_HEADINGS.process[language], paint: paint.heading },
  ];
  const body = rows.map((row): Piece[] => {
    const { prefix, line } = row;
    const room = roomFor(row);
    return [
      { text: prefix, paint: paint.faint },
      { text: padEnd(line.name, nameWidth - columnsOf(prefix) + 1), paint: namePaint(line, paint) },
      { text: line.own ? glyphs.own : " ", paint: line.own ? paint.own : plain },
      cellOf(members, line),
      ...(line.process === undefined ? [] : ofProcess.map((column) => cellOf(column, line))).map((piece) =>
        line.repeats ? { ...piece, paint: paint.faint } : piece,
      ),
      { text: GAP + cut(line.detail(room), room, glyphs.cut), paint: detailPaint(line, paint) },
    ];
  });
  return [heading, ...body].map((pieces) => `${fitted(pieces, width, glyphs)}\n`);
}

interface Row {
  readonly prefix: string;
  readonly line: TreeLine;
}

/** As wide as the names, but for few that are nested too deep: those push their own line's columns to the right. */
function nameColumn(rows: readonly Row[], { width = Infinity, language }: TreeLayout): number {
  const most = Math.floor(width * MOST_FOR_NAMES);
  return rows.reduce((widest, { prefix, line }) => {
    const columns = columnsOf(prefix + line.name);
    return columns <= most ? Math.max(widest, columns) : widest;
  }, columnsOf(TREE_HEADINGS.namespace[language]));
}

/** No kernel nests deeper than 33 levels; a file might. */
const MOST_IN_A_PIPE = 100;

/** Each line with the tree's lines before it, drawn narrower where the tree is too deep for the width. */
function place(lines: readonly TreeLine[], { width, glyphs }: TreeLayout): Row[] {
  const most = width === undefined ? MOST_IN_A_PIPE : Math.floor(width * MOST_FOR_PREFIX);
  const fits = (levelsOf(lines) - 1) * glyphs.branch.length <= most;
  return walk(lines, fits ? glyphs : narrow(glyphs), most).flatMap(({ row, prefix }) => {
    const line = lines[row];
    return line === undefined ? [] : [{ prefix, line }];
  });
}

function narrow(glyphs: Glyphs): Glyphs {
  const { branch, last, line, gap } = glyphs;
  return {
    ...glyphs,
    branch: branch.slice(0, 1),
    last: last.slice(0, 1),
    line: line.slice(0, 1),
    gap: gap.slice(0, 1),
  };
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: "left" | "right";
  readonly paint: Paint;
  readonly textOf: (line: TreeLine) => string;
}

const cellOf = ({ textOf, width, align, paint }: Column, line: TreeLine): Piece => ({
  text: GAP + pad(textOf(line), width, align),
  paint,
});

/** The columns between a namespace's name and its process: as wide as what is in them. */
function columnsFor(
  lines: readonly TreeLine[],
  { width, language, glyphs, paint }: TreeLayout,
): { members: Column; ofProcess: Column[] } {
  const sized = ({ key, ...column }: ColumnText): Column => {
    const title = TREE_HEADINGS[key][language];
    const widest = lines.reduce((most, line) => Math.max(most, columnsOf(column.textOf(line))), columnsOf(title));
    return { ...column, title, width: widest };
  };
  const mostForCgroup = width === undefined ? Infinity : Math.floor(width * MOST_FOR_CGROUP);
  const cgroupOf = ({ process }: TreeLine): string =>
    shortPath(safeText(process?.cgroup ?? "", glyphs.charset), mostForCgroup, glyphs);

  const always: ColumnText[] = [
    { key: "pid", align: "right", paint: paint.strong, textOf: ({ process }) => process?.pid.toString() ?? "" },
  ];
  const whereWide: ColumnText[] = [
    { key: "uid", align: "right", paint: plain, textOf: ({ process }) => process?.uid.toString() ?? "" },
    { key: "cgroup", align: "left", paint: plain, textOf: cgroupOf },
  ];
  const wanted = showsControlGroups(width) ? [...always, ...whereWide] : always;
  return {
    members: sized({
      key: "members",
      align: "right",
      paint: plain,
      textOf: ({ members }) => members?.toString() ?? "",
    }),
    ofProcess: wanted.filter(({ textOf }) => lines.some((line) => textOf(line) !== "")).map(sized),
  };
}

interface ColumnText extends Omit<Column, "title" | "width"> {
  readonly key: keyof typeof TREE_HEADINGS;
}

/** The id of a container, of which its tools show this much. */
const CONTAINER_ID = /([0-9a-f]{12})[0-9a-f]{52}/g;

/** A path that is too long loses the rest of container ids first, then its beginning. */
const shortPath = (path: string, columns: number, { cut }: Glyphs): string =>
  columnsOf(path) <= columns ? path : cutStart(path.replaceAll(CONTAINER_ID, `$1${cut}`), columns, cut);

const pad = (text: string, width: number, align: "left" | "right"): string =>
  align === "right" ? padStart(text, width) : padEnd(text, width);

function namePaint({ role, own }: TreeLine, paint: Palette): Paint {
  if (role === "frame") return own ? paint.own : paint.frame;
  return { leaf: paint.kind, fold: paint.strong, unknown: paint.missing }[role];
}

function detailPaint({ detailRole, repeats }: TreeLine, paint: Palette): Paint {
  if (detailRole === "program") return repeats ? paint.faint : plain;
  return { held: paint.held, fold: paint.faint, unknown: paint.missing }[detailRole];
}

/** The pieces painted one by one, none beyond the width, no blanks at the end. */
function fitted(pieces: readonly Piece[], width: number | undefined, glyphs: Glyphs): string {
  const last = pieces.findLastIndex(({ text }) => text.trim() !== "");
  let left = width ?? Infinity;
  let line = "";
  for (const [nth, { text, paint }] of pieces.slice(0, last + 1).entries()) {
    const shown = cut(nth === last ? text.trimEnd() : text, left, glyphs.cut);
    left -= columnsOf(shown);
    // Blanks around it are not painted.
    const word = shown.trim();
    line += word === "" ? shown : shown.replace(word, () => paint(word));
  }
  return line;
}
