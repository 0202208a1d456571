/** Where a text stops being JSON that we read, counted from 0 in UTF-16 units. */
export interface JsonFault {
  readonly offset: number;
  readonly problem: "unexpected" | "ends-early" | "too-deep" | "too-many";
}

/** A snapshot nests seven levels. A hostile file may nest millions, and JSON.parse keeps memory for each. */
export const MOST_LEVELS = 32;
/**
 * Members of one list or object; the lists of records, on the second level, may have more. No command line has as many
 * arguments (MAX_ARG_STRLEN and the stack's limit see to that), and each wrong one costs an issue.
 */
export const MOST_MEMBERS = 1_000_000;
const RECORDS_LEVEL = 2;

const CLOSED_BY: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["[", "]"],
]);
const WORDS = ["true", "false", "null"];
const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= "0" && character <= "9";

/**
 * The first fault of a text as JSON (RFC 8259), or undefined: then JSON.parse takes it. JSON.parse alone tells the place of some
 * faults only, in words that change from one Node to the next. One pass, no recursion, and no regular expression over long
 * stretches, which would need memory for each character.
 */
export function jsonFault(text: string): JsonFault | undefined {
  /** The closing brackets that are due, the innermost last. */
  const due: string[] = [];
  /** How many members each has so far, less one. */
  const commas: number[] = [];
  let at = skipBlank(text, 0);
  /** What may come: a value, a key, or what follows a value. */
  let next: "value" | "value-or-end" | "key" | "key-or-end" | "after" = "value";

  const close = (): void => {
    due.pop();
    commas.pop();
  };
  const tooMany = (): boolean => {
    const level = commas.length;
    const count = (commas[level - 1] ?? 0) + 1;
    commas[level - 1] = count;
    return count >= MOST_MEMBERS && level !== RECORDS_LEVEL;
  };

  while (next !== "after" || due.length > 0) {
    const character = text[at];
    if (character === undefined) return { offset: at, problem: "ends-early" };
    const closing = due.at(-1);

    if (next === "after") {
      if (character === closing) close();
      else if (character === ",") next = closing === "}" ? "key" : "value";
      else return { offset: at, problem: "unexpected" };
      if (character === "," && tooMany()) return { offset: at, problem: "too-many" };
      at = skipBlank(text, at + 1);
      continue;
    }
    if (character === closing && (next === "key-or-end" || next === "value-or-end")) {
      close();
      next = "after";
      at = skipBlank(text, at + 1);
      continue;
    }
    if (next === "key" || next === "key-or-end") {
      if (character !== '"') return { offset: at, problem: "unexpected" };
      const end = endOfString(text, at);
      if (typeof end !== "number") return end;
      at = skipBlank(text, end);
      if (text[at] !== ":") return fault(text, at);
      at = skipBlank(text, at + 1);
      next = "value";
      continue;
    }
    const closedBy = CLOSED_BY.get(character);
    if (closedBy !== undefined) {
      if (due.length === MOST_LEVELS) return { offset: at, problem: "too-deep" };
      due.push(closedBy);
      commas.push(0);
      next = closedBy === "}" ? "key-or-end" : "value-or-end";
      at = skipBlank(text, at + 1);
      continue;
    }
    const end = endOfScalar(text, at);
    if (typeof end !== "number") return end;
    at = skipBlank(text, end);
    next = "after";
  }
  return at === text.length ? undefined : { offset: at, problem: "unexpected" };
}

const fault = (text: string, offset: number): JsonFault => ({
  offset,
  problem: offset >= text.length ? "ends-early" : "unexpected",
});

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

function endOfScalar(text: string, at: number): number | JsonFault {
  const character = text[at];
  if (character === '"') return endOfString(text, at);
  if (character === "-" || isDigit(character)) return endOfNumber(text, at);
  const word = WORDS.find((name) => name[0] === character);
  if (word === undefined) return { offset: at, problem: "unexpected" };
  for (let i = 1; i < word.length; i++) if (text[at + i] !== word[i]) return fault(text, at + i);
  return at + word.length;
}

const ESCAPED = '"\\/bfnrt';
const HEX_DIGITS = 4;

function endOfString(text: string, start: number): number | JsonFault {
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    // NaN, past the end, is not below either.
    if (!(code >= 0x20)) return fault(text, at);
    if (code !== 0x5c) continue;
    at++;
    const letter = text[at];
    if (letter === undefined || (letter !== "u" && !ESCAPED.includes(letter))) return fault(text, at);
    if (letter !== "u") continue;
    for (let i = 1; i <= HEX_DIGITS; i++) if (!/^[0-9a-fA-F]$/.test(text[at + i] ?? "")) return fault(text, at + i);
    at += HEX_DIGITS;
  }
}

function endOfNumber(text: string, start: number): number | JsonFault {
  let at = text[start] === "-" ? start + 1 : start;
  if (!isDigit(text[at])) return fault(text, at);
  at = text[at] === "0" ? at + 1 : endOfDigits(text, at);
  if (text[at] === ".") {
    if (!isDigit(text[at + 1])) return fault(text, at + 1);
    at = endOfDigits(text, at + 1);
  }
  if (text[at] === "e" || text[at] === "E") {
    at += text[at + 1] === "+" || text[at + 1] === "-" ? 2 : 1;
    if (!isDigit(text[at])) return fault(text, at);
    at = endOfDigits(text, at);
  }
  return at;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text[at])) at++;
  return at;
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
