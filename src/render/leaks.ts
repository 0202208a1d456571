import { LEAKS } from "../messages/leaks.ts";
import { safeText } from "../messages/safe-text.ts";
import { HELD_BY_MORE } from "../messages/tree.ts";
import { WHY } from "../messages/why.ts";
import type { Gap } from "../snapshot/gaps.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { DatedNamespace, EmptyState, LeakJudgement } from "../snapshot/leaks.ts";
import { durationText } from "./duration.ts";
import { gapText } from "./gap-words.ts";
import type { Wording } from "./held-by.ts";
import { namesIn } from "./namespace-name.ts";
import { palette, type Palette } from "./palette.ts";
import { traceNameOf } from "./trace-words.ts";
import { columnsOf, cut, padEnd, padStart } from "./width.ts";
import { holdsIt, type WhyOptions } from "./why.ts";
import { wrap } from "./wrap.ts";

export interface LeaksOptions extends Omit<WhyOptions, "all"> {
  /** What was asked for: `--older-than`. */
  readonly olderThanSeconds: number | undefined;
}

interface Row {
  readonly name: string;
  readonly age: string;
  readonly holder: string;
}

/** The namespaces without a process: how long they have been there at least, and what surely holds each. */
export function leaksText(
  index: SnapshotIndex,
  judgement: LeakJudgement,
  gaps: readonly Gap[],
  options: LeaksOptions,
): string {
  const { width, color, glyphs, language, olderThanSeconds } = options;
  const wording: Wording = { language, charset: glyphs.charset, nameOf: namesIn(index.snapshot) };
  const paint = palette(color);
  const { found, younger, undated } = judgement;
  const of = (state: EmptyState): DatedNamespace[] => found.filter((one) => one.state === state);
  const rows = (list: readonly DatedNamespace[]): Row[] => list.map((one) => rowOf(index, one, wording));
  const [leaked, unknown, used] = [of("leaked"), of("unknown"), of("used-below")];

  const lines: string[] = [];
  const say = (text: string, indent = ""): void => {
    for (const line of wrap(text, { width: width - indent.length, indent: "  " })) lines.push(indent + line);
  };
  const table = (list: readonly DatedNamespace[]): void => {
    lines.push(...tableLines(rows(list), { width, paint, options, headings: list === leaked }));
  };
  if (leaked.length > 0) {
    table(leaked);
    say(LEAKS.total[language]({ count: leaked.length }));
  } else if (unknown.length === 0 && younger + undated === 0) {
    say(judgement.verdict === "no" ? LEAKS.none[language] : LEAKS["none-seen"][language]);
  }
  for (const [list, heading] of [
    [unknown, LEAKS.unknown],
    [used, LEAKS["used-below"]],
  ] as const) {
    if (list.length === 0) continue;
    say(heading[language]);
    table(list);
  }
  if (younger > 0) {
    say(LEAKS.younger[language]({ count: younger, age: durationText(olderThanSeconds ?? 0, language) }));
  }
  if (undated > 0) say(LEAKS.undated[language]({ count: undated }));
  if (gaps.length > 0) {
    say(WHY.unseen[language]);
    for (const gap of gaps) say(`- ${gapText(gap, language)}`, "  ");
  }
  return `${lines.join("\n")}\n`;
}

function rowOf(index: SnapshotIndex, { namespace, holders, atLeastSeconds }: DatedNamespace, wording: Wording): Row {
  const { language, charset, nameOf } = wording;
  const names = (index.names.get(namespace.id) ?? []).map(({ name }) => safeText(name, charset));
  const whose = traceNameOf(namespace, charset);
  const [surest] = holders;
  const nobody = namespace.listed ? LEAKS.listed : LEAKS.nobody;
  const more = holders.length > 1 ? HELD_BY_MORE[language]({ count: holders.length - 1 }) : "";
  return {
    name: [nameOf(namespace), ...names, ...(whose === undefined ? [] : [whose])].join(" "),
    age: atLeastSeconds === undefined ? "?" : durationText(atLeastSeconds, language),
    holder: surest === undefined ? nobody[language] : holdsIt(surest, wording) + more,
  };
}

interface TableLook {
  readonly width: number;
  readonly paint: Palette;
  readonly options: LeaksOptions;
  readonly headings: boolean;
}

/** Three columns; the last one is cut where the line would be too long. */
function tableLines(rows: readonly Row[], { width, paint, options, headings }: TableLook): string[] {
  const { language, glyphs } = options;
  const titles: Row = {
    name: LEAKS.headings.namespace[language],
    age: LEAKS.headings.age[language],
    holder: LEAKS.headings.holder[language],
  };
  const all = headings ? [titles, ...rows] : rows;
  const widest = (key: keyof Row): number => all.reduce((most, row) => Math.max(most, columnsOf(row[key])), 0);
  const [names, ages] = [widest("name"), widest("age")];
  return all.map((row) => {
    const line = `${padEnd(row.name, names)}  ${padStart(row.age, ages)}  ${row.holder}`;
    const fitting = cut(line, width, glyphs.cut);
    return row === titles ? paint.heading(fitting) : fitting;
  });
}
