import type { PATTERN_FAULTS } from "../../messages/filter.ts";
import { bracketAt } from "./posix-bracket.ts";

type PatternFault = keyof typeof PATTERN_FAULTS;

/**
 * An extended regular expression of POSIX as a regular expression of JavaScript that matches the same texts, or what is wrong
 * with it. glibc's additions (`\w \W \s \S \b \B \< \> \` \'`, back-references) are in; classes (`[[:alpha:]]`) hold what Unicode
 * puts there, ranges go by code point, and a collating element of several characters is refused. Only whether there is a
 * match is the same: JavaScript looks for the first one, POSIX for the longest.
 * Source: regex(7), glibc posix/regcomp.c with RE_SYNTAX_POSIX_EXTENDED, by comparison.
 */
export function posixPattern(text: string): RegExp | PatternFault {
  const translated = translate(Array.from(text));
  if (typeof translated !== "string") return translated.fault;
  try {
    return new RegExp(translated, "su");
  } catch {
    // Only a back-reference to a group that is not there is left to be found.
    return "no-such-group";
  }
}

/** RE_DUP_MAX of limits.h. */
const MOST_TIMES = 32_767;
const LITERAL_IN_JS = /[\^$\\.*+?()[\]{}|/]/;
const escaped = (character: string): string => (LITERAL_IN_JS.test(character) ? `\\${character}` : character);

/** What glibc has behind a backslash, besides the character itself. */
const ESCAPES: ReadonlyMap<string, { readonly js: string; readonly isAnchor?: true }> = new Map([
  ["w", { js: "\\w" }],
  ["W", { js: "\\W" }],
  ["s", { js: "\\s" }],
  ["S", { js: "\\S" }],
  ["b", { js: "\\b", isAnchor: true }],
  ["B", { js: "\\B", isAnchor: true }],
  ["<", { js: "\\b(?=\\w)", isAnchor: true }],
  [">", { js: "\\b(?<=\\w)", isAnchor: true }],
  ["`", { js: "^", isAnchor: true }],
  ["'", { js: "$", isAnchor: true }],
]);

function translate(characters: readonly string[]): string | { readonly fault: PatternFault } {
  let out = "";
  /** What a sign of repetition would repeat; undefined at the start, behind `(`, `|` and anchors. */
  let atom: string | undefined;
  let open = 0;
  let groups = 0;
  /** Where each open group begins in `out`. */
  const begins: number[] = [];
  const put = (js: string): void => {
    out += js;
    atom = js;
  };

  for (let at = 0; at < characters.length;) {
    const character = characters[at] ?? "";
    const repetition = repetitionAt(characters, at);
    if (repetition !== undefined) {
      if ("fault" in repetition) return repetition;
      if (atom === undefined) return { fault: "nothing-to-repeat" };
      // In JavaScript a second sign behind the first would mean something else.
      const repeated = `(?:${atom})${repetition.js}`;
      out = out.slice(0, out.length - atom.length) + repeated;
      atom = repeated;
      at = repetition.end;
      continue;
    }
    at += 1;
    switch (character) {
      case "(":
        open += 1;
        groups += 1;
        begins.push(out.length);
        out += "(";
        atom = undefined;
        break;
      case ")": {
        // One that closes nothing is an ordinary character.
        const begin = begins.pop();
        if (begin === undefined) put("\\)");
        else {
          open -= 1;
          out += ")";
          atom = out.slice(begin);
        }
        break;
      }
      case "|":
        out += "|";
        atom = undefined;
        break;
      case "^":
      case "$":
        out += character;
        atom = undefined;
        break;
      case ".":
        put(".");
        break;
      case "[": {
        const bracket = bracketAt(characters, at);
        if ("fault" in bracket) return bracket;
        put(bracket.js);
        at = bracket.end;
        break;
      }
      case "\\": {
        const behind = characters[at];
        if (behind === undefined) return { fault: "ends-in-backslash" };
        at += 1;
        const known = ESCAPES.get(behind);
        if (known?.isAnchor === true) {
          out += known.js;
          atom = undefined;
        } else if (/[1-9]/.test(behind)) {
          if (Number(behind) > groups) return { fault: "no-such-group" };
          // A digit behind it is another character.
          put(`(?:\\${behind})`);
        } else put(known?.js ?? escaped(behind));
        break;
      }
      default:
        put(escaped(character));
    }
  }
  return open > 0 ? { fault: "group-not-closed" } : out;
}

type Repetition = { readonly js: string; readonly end: number } | { readonly fault: PatternFault };

/** `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`, `{,5}`; undefined where there is none. */
function repetitionAt(characters: readonly string[], at: number): Repetition | undefined {
  const character = characters[at];
  if (character === "*" || character === "+" || character === "?") return { js: character, end: at + 1 };
  if (character !== "{") return undefined;
  const close = characters.indexOf("}", at);
  if (close === -1) return { fault: "bad-interval" };
  const [, least = "", comma, most = ""] =
    /^(\d{0,6})(,)?(\d{0,6})$/.exec(characters.slice(at + 1, close).join("")) ?? [];
  if (least === "" && comma === undefined) return { fault: "bad-interval" };
  const [low, high] = [Number(least), most === "" ? Infinity : Number(most)];
  if (low > MOST_TIMES || (most !== "" && (high > MOST_TIMES || high < low))) return { fault: "bad-interval" };
  return { js: `{${low}${comma ?? ""}${most}}`, end: close + 1 };
}
