import { FilterError } from "./fault.ts";

/** What compares two values. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "!~";
type What =
  | { readonly is: "and" | "or" | "not" | "(" | ")" | "end" }
  | { readonly is: "compare"; readonly by: Comparison }
  | { readonly is: "column"; readonly name: string }
  | { readonly is: "text"; readonly value: string }
  | { readonly is: "whole"; readonly value: bigint }
  | { readonly is: "float"; readonly value: number }
  | { readonly is: "boolean"; readonly value: boolean };

/** One word of a filter. `at` counts characters from 1. */
export type Token = What & { readonly at: number; readonly written: string };

/** Words that are operators or values, in small or in capital letters but not in both. */
const WORDS: ReadonlyMap<string, What> = new Map<string, What>(
  Object.entries({
    and: { is: "and" },
    or: { is: "or" },
    not: { is: "not" },
    eq: { is: "compare", by: "==" },
    ne: { is: "compare", by: "!=" },
    lt: { is: "compare", by: "<" },
    le: { is: "compare", by: "<=" },
    gt: { is: "compare", by: ">" },
    ge: { is: "compare", by: ">=" },
    true: { is: "boolean", value: true },
    false: { is: "boolean", value: false },
  } as const).flatMap(([word, what]): [string, What][] => [
    [word, what],
    [word.toUpperCase(), what],
  ]),
);
const SIGNS: ReadonlyMap<string, What> = new Map<string, What>([
  ["(", { is: "(" }],
  [")", { is: ")" }],
  ["&&", { is: "and" }],
  ["||", { is: "or" }],
  ["!", { is: "not" }],
  ...(["==", "!=", "<", "<=", ">", ">=", "=~", "!~"] as const).map((by): [string, What] => [by, { is: "compare", by }]),
]);

/** Longer signs come first, as the longest one counts. */
const TOKEN =
  /(?<blank>[ \t\n]+)|(?<sign>&&|\|\||==|!=|<=|>=|=~|!~|[()!<>])|(?<float>\d+\.\d+)|(?<whole>\d+)(?<unit>[KMGTPEZY])?(?:iB)?|(?<word>[A-Za-z][A-Za-z_.%:/\-0-9]*)|"(?<double>[^"\n]*)"|'(?<single>[^'\n]*)'/uy;
/** 1 KiB and so on; each is 1024 of the one before. */
const UNITS = "KMGTPEZY";
const MAX_U64 = 0xffff_ffff_ffff_ffffn;

/** The words of a filter, an `end` behind them. Source: libsmartcols of util-linux 2.42, by comparison. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < text.length;) {
    TOKEN.lastIndex = index;
    const match = TOKEN.exec(text);
    const at = index + 1;
    if (match === null) throw new FilterError(unreadable(text, index));
    const written = unitAware(match);
    index += written.length;
    if (match.groups?.["blank"] === undefined) tokens.push({ ...meaningOf(match, written, at), at, written });
  }
  return [...tokens, { is: "end", at: text.length + 1, written: "" }];
}

/** `iB` belongs to a number only behind a unit. */
function unitAware({ 0: written, groups }: RegExpExecArray): string {
  const { whole, unit } = groups ?? {};
  return whole !== undefined && unit === undefined ? whole : written;
}

function unreadable(text: string, index: number) {
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  const isQuote = character === '"' || character === "'";
  return { fault: isQuote ? "text-not-closed" : "unknown-character", at: index + 1, text: character } as const;
}

function meaningOf({ groups = {} }: RegExpExecArray, written: string, at: number): What {
  const { sign, word, float, whole, unit, double, single } = groups;
  const known = sign === undefined ? WORDS.get(word ?? "") : SIGNS.get(sign);
  if (known !== undefined) return known;
  if (word !== undefined) return { is: "column", name: word };
  if (float !== undefined) return { is: "float", value: Number(float) };
  // Blanks around a text are not part of it.
  if (whole === undefined) return { is: "text", value: (double ?? single ?? "").trim() };
  const power = unit === undefined ? 0 : UNITS.indexOf(unit) + 1;
  const value = BigInt(whole) * 1024n ** BigInt(power);
  if (value > MAX_U64) throw new FilterError({ fault: "number-too-large", at, text: written });
  return { is: "whole", value };
}
