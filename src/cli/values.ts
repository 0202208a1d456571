import { PID_MAX_LIMIT } from "../abi/ids.ts";
import { isKind, KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Language, Text } from "../messages/sentence.ts";
import { EXPECTED, USAGE_HINTS } from "../messages/usage.ts";
import { nearest } from "./nearest.ts";
import type { Read, Reader } from "./options.ts";

/** Readers for the values of options. Each takes the text of one value. */

const DIGITS = /^\d{1,15}$/;

export const count: Reader<number> = (text) =>
  DIGITS.test(text) ? { ok: true, value: Number(text) } : { ok: false, expected: EXPECTED.count };

export const pidNumber: Reader<number> = (text) => {
  const value = DIGITS.test(text) ? Number(text) : 0;
  return value >= 1 && value <= PID_MAX_LIMIT ? { ok: true, value } : { ok: false, expected: EXPECTED.pid };
};

export const path: Reader<string> = (text) =>
  text === "" ? { ok: false, expected: EXPECTED.path } : { ok: true, value: text };

export const anyText: Reader<string> = (text) => ({ ok: true, value: text });

export const kind: Reader<NamespaceKind> = Object.assign(
  (text: string): Read<NamespaceKind> =>
    isKind(text) ? { ok: true, value: text } : notAmong(text, KINDS, EXPECTED.kind),
  { choices: KINDS },
);

/** Kinds with commas between. */
export const kinds: Reader<readonly NamespaceKind[]> = Object.assign(readKinds, {
  choices: KINDS,
  list: true,
} as const);

function readKinds(text: string): Read<readonly NamespaceKind[]> {
  const value: NamespaceKind[] = [];
  for (const word of text.split(",")) {
    if (!isKind(word)) return notAmong(word, KINDS, EXPECTED.kinds);
    value.push(word);
  }
  return { ok: true, value };
}

/** One of a few words. */
export const oneOf = <const Word extends string>(words: readonly Word[]): Reader<Word> =>
  Object.assign(
    (text: string): Read<Word> => {
      const value = words.find((word) => word === text);
      return value === undefined ? notAmong(text, words, EXPECTED["one-of"]) : { ok: true, value };
    },
    { choices: words },
  );

/** The refusal of a word that is not in a list: the nearest one, or all of them, as the way out. */
export function notAmong(text: string, words: readonly string[], expected: Text): Read<never> {
  const near = nearest(text, words);
  const hint = (language: Language): string =>
    near === undefined
      ? USAGE_HINTS["one-of"][language]({ names: words })
      : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  const [en, fr] = [hint("en"), hint("fr")];
  return { ok: false, expected, hint: { en, fr } };
}
