import type { WorldTextRule } from "../../../messages/world-text.ts";
import { TextFault } from "./fault.ts";
import { FORMS, isStateWord, STATE_WORDS, type Arity, type StateWord } from "./forms.ts";

/** A word as it is, or between double quotes as in JSON; a number sign begins a remark, but not between quotes. */
const WORD = /(?:"(?:[^"\\]|\\.)*"|[^\s"#])+/y;
const PLAIN = /^[\w.,:;/@=+*()[\]{}-]+$/;

/** A name as it is written: between quotes where it has blanks or the like. */
export const quoted = (name: string): string => (PLAIN.test(name) ? name : JSON.stringify(name));

/** What was meant, without the quotes; undefined: it is no text between quotes. */
function unquoted(word: string): string | undefined {
  if (!word.startsWith('"')) return word;
  try {
    const text: unknown = JSON.parse(word);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A line behind a drawing, taken apart: a word, what it is about, and what is said of that. */
export class Statement {
  /** Counted from 1; 0: nobody wrote it. */
  readonly line: number;
  readonly word: StateWord;
  readonly subject: string;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(line: number, word: StateWord, subject: string, values: ReadonlyMap<string, readonly string[]>) {
    this.line = line;
    this.word = word;
    this.subject = subject;
    this.#values = values;
  }
  get title(): string {
    return `${this.word} ${this.subject}`;
  }
  keys(): Iterable<string> {
    return this.#values.keys();
  }
  has(key: string): boolean {
    return this.#values.has(key);
  }
  /** The value as it stands there. */
  raw(key: string): string | undefined {
    return this.#values.get(key)?.[0];
  }
  all(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }
  /** The same without quotes. */
  text(key: string): string | undefined {
    const word = this.raw(key);
    if (word === undefined) return undefined;
    const text = unquoted(word);
    if (text === undefined) throw this.wrong("no-value", { text: key, near: `"…"` });
    return text;
  }
  wrong(rule: WorldTextRule, about: { text?: string; near?: string } = {}): TextFault {
    return new TextFault(this.line, rule, { name: this.title, ...about });
  }
  /** A value that does not fit its key. */
  unfit(key: string, near: string): TextFault {
    return this.wrong("no-value", { text: `${key} ${this.all(key).join(" ")}`.trim(), near });
  }
}

/** Takes a line apart. Throws a `TextFault`. */
export function readStatement(line: number, text: string): Statement {
  const words = wordsOf(text);
  const [word = "", about, ...rest] = words;
  if (!isStateWord(word)) {
    throw new TextFault(line, "no-word", { name: word, text: word, near: STATE_WORDS.join(", ") });
  }
  const subject = about === undefined ? undefined : unquoted(about);
  if (subject === undefined) throw new TextFault(line, "no-subject", { name: word });
  const keys: Readonly<Record<string, Arity>> = FORMS[word];
  const values = new Map<string, readonly string[]>();
  const statement = new Statement(line, word, subject, values);
  for (let at = 0; at < rest.length;) {
    const key = rest[at++] ?? "";
    const arity = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (arity === undefined) throw statement.wrong("no-key", { text: key, near: Object.keys(keys).join(", ") });
    if (values.has(key)) throw statement.wrong("said-twice", { text: key });
    const count = arity === 3 && rest[at] === "none" ? 1 : arity;
    const found = rest.slice(at, at + count);
    if (found.length < count) throw statement.wrong("no-value", { text: key, near: SHAPES[arity] });
    values.set(key, found);
    at += count;
  }
  return statement;
}

const SHAPES = { 0: "", 1: "VALUE", 3: "none, INSIDE OUTSIDE COUNT" } as const satisfies Record<Arity, string>;

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length;) {
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    if (word !== undefined) words.push(word);
    else if (text[at] === "#") break;
    // Quotes that do not end make a word that is no text.
    else if (text[at] === '"') return [...words, text.slice(at)];
    at += word?.length ?? 1;
  }
  return words;
}

/** The words of a printed line; what is as it mostly is is left out. */
export const sentence = (...words: readonly string[]): string => words.filter((word) => word !== "").join(" ");
export const said = (key: string, value: string, usual: string): string => (value === usual ? "" : `${key} ${value}`);
