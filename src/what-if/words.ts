import { Fault, type Word } from "./fault.ts";

/** `"a b"`, `'a b'`, a semicolon, or anything else without blanks. */
const TOKEN = /"(?<escaped>(?:[^"\\]|\\[^])*)"|'(?<plain>[^']*)'|(?<end>;)|(?<bare>[^\s;"']+)|(?<open>["'])/g;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", "0": "\0" };

/** The calls of a text, `;` between them, each as its words; what has no words is no call. */
export function callsIn(text: string): readonly (readonly Word[])[] {
  const calls: Word[][] = [];
  let words: Word[] = [];
  for (const { index, 0: found, groups = {} } of text.matchAll(TOKEN)) {
    const { escaped, plain, end, bare, open } = groups;
    const place = { from: index, to: index + found.length };
    if (open !== undefined) throw new Fault("open-quote", { text: found, from: index, to: text.length });
    if (end === undefined)
      words.push({ text: escaped === undefined ? (plain ?? bare ?? "") : unescape(escaped), ...place });
    else if (words.length > 0) [words] = [[], calls.push(words)];
  }
  return words.length > 0 ? [...calls, words] : calls;
}

const unescape = (text: string): string =>
  text.replace(/\\([^])/g, (_, character: string) => ESCAPES[character] ?? character);

/** A word that reads back as this text. */
export const quoted = (text: string): string =>
  /^[^\s;"']+$/.test(text)
    ? text
    : `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\0", "\\0")}"`;
