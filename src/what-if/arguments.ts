import type { WhatIfExpected } from "../messages/what-if.ts";
import { Fault, type Word } from "./fault.ts";
import { FLAGS } from "./flags.ts";

/** The words of one call behind its name, taken one after the other. Whatever does not fit throws a `Fault`. */
export class Arguments {
  readonly #source: string;
  readonly #form: string;
  readonly #words: readonly Word[];
  #next = 1;

  /** `words`: with the call's name, which is where a missing word is reported. `source`: the text that they stand in. */
  constructor(source: string, form: string, words: readonly Word[]) {
    this.#source = source;
    this.#form = form;
    this.#words = words;
  }
  /** The next word, where there is one. */
  peek(): Word | undefined {
    return this.#words[this.#next];
  }
  word(expected: WhatIfExpected): Word {
    const word = this.peek();
    const last = this.#words.at(-1) ?? { text: "", from: 0, to: 0 };
    if (word === undefined) throw new Fault("missing", last, { expected, form: this.#form });
    this.#next++;
    return word;
  }
  /** The next word where it is this one. */
  skip(text: string): boolean {
    const isThere = this.peek()?.text === text;
    if (isThere) this.#next++;
    return isThere;
  }
  /** A word of a table, and what the table has for it. */
  choice<T>(table: ReadonlyMap<string, T>, expected: WhatIfExpected): T {
    const word = this.word(expected);
    const found = table.get(word.text);
    if (found === undefined) throw this.unlike(word, expected, [...table.keys()]);
    return found;
  }
  /** A whole number, of 32 bits at most; `signed`: below 0 too. */
  number(expected: WhatIfExpected = "number", { signed = false }: { signed?: boolean } = {}): number {
    const word = this.word(expected);
    const value = Number(word.text);
    const isOne = signed ? /^-?\d{1,10}$/.test(word.text) : /^(\d{1,10}|0x[\da-f]{1,8})$/i.test(word.text);
    if (!isOne || value > UINT_MAX || value < -INT_MAX) throw this.unlike(word, expected);
    return value;
  }
  /** The same where there is a further word. */
  optionalNumber(expected: WhatIfExpected = "number"): number | undefined {
    return this.peek() === undefined ? undefined : this.number(expected);
  }
  /** Flags up to the end, or up to a word that `ends` them; `|` may stand between them. As one number. */
  flags(expected: keyof typeof FLAGS, ends: (text: string) => boolean = () => false): number {
    const table: ReadonlyMap<string, number> = FLAGS[expected];
    let flags = 0;
    for (let word = this.peek(); word !== undefined && !ends(word.text); word = this.peek()) {
      this.word(expected);
      for (const name of word.text.split("|")) {
        const flag = /^(\d+|0x[\da-f]+)$/i.test(name) ? Number(name) >>> 0 : table.get(name);
        if (flag === undefined) throw this.unlike({ ...word, text: name }, expected, [...table.keys()]);
        flags = (flags | flag) >>> 0;
      }
    }
    return flags;
  }
  /** Everything up to the call's end: of several words also the blanks between them. */
  text(): string {
    const first = this.word("text");
    const last = this.#words.at(-1) ?? first;
    this.#next = this.#words.length;
    return first === last ? first.text : this.#source.slice(first.from, last.to);
  }
  /** Nothing may be left. */
  done(): void {
    const extra = this.peek();
    if (extra !== undefined) throw new Fault("extra", extra, { form: this.#form });
  }
  /** This word is not what it should be. */
  unlike(word: Word, expected: WhatIfExpected, candidates: readonly string[] = []): Fault {
    return new Fault("unlike", word, { expected, candidates, form: this.#form });
  }
}

const UINT_MAX = 0xffffffff;
const INT_MAX = 0x7fffffff;
