import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LANGUAGES, languageOf, type Language } from "../../src/messages/sentence.ts";

const FOLDER = new URL("../../src/messages/", import.meta.url);

interface Message {
  /** Module, export, and the keys down to it. */
  readonly name: string;
  readonly in: Readonly<Record<Language, unknown>>;
}

/** Every text and sentence that a module of src/messages offers, however deep in its tables. */
async function messagesOf(file: string): Promise<Message[]> {
  const module: unknown = await import(new URL(file, FOLDER).href);
  const found: Message[] = [];
  const walk = (value: unknown, name: string): void => {
    if (typeof value !== "object" || value === null) return;
    const entries = Object.entries(value);
    const languages = LANGUAGES.filter((language) => Object.hasOwn(value, language));
    if (languages.length > 0) found.push({ name, in: { en: Reflect.get(value, "en"), fr: Reflect.get(value, "fr") } });
    else for (const [key, inner] of entries) walk(inner, `${name}.${key}`);
  };
  walk(module, file.replace(/\.ts$/, ""));
  return found;
}

/**
 * A value for any blank: it reads as its own name between brackets, and counts, lists and look-ups take it too. What a
 * sentence asks about it is noted.
 */
function filler(name: string): unknown {
  const text = `⟨${name}⟩`;
  const members: Record<PropertyKey, unknown> = {
    [Symbol.toPrimitive]: (hint: string) => (hint === "number" ? 2 : text),
    toString: () => text,
    join: () => text,
    map: () => [text],
    length: 2,
  };
  return new Proxy(members, { get: (_, key) => members[key] });
}

interface Filled {
  readonly text: string;
  /** The blanks that were looked at. */
  readonly blanks: readonly string[];
}

function fillWith(sentence: unknown, valueOf: (blank: string) => unknown): Filled {
  if (typeof sentence !== "function") return { text: String(sentence), blanks: [] };
  const blanks = new Set<string>();
  const get = (_: object, blank: PropertyKey): unknown => {
    blanks.add(String(blank));
    return valueOf(String(blank));
  };
  return { text: String(Reflect.apply(sentence, undefined, [new Proxy({}, { get })])), blanks: [...blanks].toSorted() };
}

/** Some blanks choose a word from another table: where a sentence fails with any word, it gets one of those. */
function fill(sentence: unknown, words: readonly string[]): Filled {
  for (const valueOf of [filler, ...words.map((word) => () => word)]) {
    try {
      return fillWith(sentence, valueOf);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new Error(`no value fits the blanks of ${String(sentence)}`);
}

/** Texts with words that are the same in both languages, as they should be. */
const SAME = new Set(["format-issues.JSON_TYPES.null", "show.SHOW_LABELS.parents", "why.RELEASES.unmount"]);
/** Kernel words stay kernel words, and names, symbols and numbers have no language: they have no small letter. */
const KERNEL_WORDS = /\b(uid|gid|pid|setgroups)\b/g;
const hasWords = (text: string): boolean => /\p{Ll}/u.test(text.replaceAll(/⟨\w+⟩/g, "").replaceAll(KERNEL_WORDS, ""));

const files = readdirSync(FOLDER).filter((file) => file.endsWith(".ts"));
const tables = await Promise.all(files.map(async (file) => ({ file, messages: await messagesOf(file) })));
const words = [...new Set(tables.flatMap(({ messages }) => messages.flatMap(({ name }) => name.split(".").slice(-1))))];

describe.each(tables.filter(({ messages }) => messages.length > 0))("messages/$file", ({ messages }) => {
  /** The names of the messages for which this holds. */
  const those = (holds: (filled: Record<Language, Filled>, name: string) => boolean): string[] =>
    messages
      .filter(({ name, in: { en, fr } }) => holds({ en: fill(en, words), fr: fill(fr, words) }, name))
      .map(({ name }) => name);

  test("has every text in both languages", () => {
    const isText = (value: unknown): boolean => typeof value === "string" || typeof value === "function";
    expect(messages.filter(({ in: { en, fr } }) => !isText(en) || !isText(fr))).toEqual([]);
    const isBad = ({ text }: Filled): boolean => text.trim() === "" || /undefined|\[object|NaN/.test(text);
    expect(those(({ en, fr }) => isBad(en) || isBad(fr))).toEqual([]);
  });

  test("fills the same blanks in both languages", () => {
    const shown = ({ text }: Filled): string => (text.match(/⟨\w+⟩/g) ?? []).toSorted().join(" ");
    expect(those(({ en, fr }) => en.blanks.join(" ") !== fr.blanks.join(" ") || shown(en) !== shown(fr))).toEqual([]);
  });

  test("is not left in English", () => {
    expect(those(({ en, fr }, name) => en.text === fr.text && hasWords(en.text) && !SAME.has(name))).toEqual([]);
  });

  test("has French typography: a blank before : ; ! ? and inside « »", () => {
    const isBad = ({ text }: Filled): boolean => {
      // What is quoted is code.
      const prose = text.replaceAll(/« [^»]* »/g, "«»");
      return /[\p{L}\d)»⟩][;!?](\s|$)|[\p{L}\d)»⟩]:\s|[“”"]|«[^\s»]|[^\s«]»/u.test(prose);
    };
    expect(those(({ fr }) => isBad(fr))).toEqual([]);
  });
});

test.each([
  [{ LANG: "fr_FR.UTF-8" }, "fr"],
  [{ LANG: "fr" }, "fr"],
  [{ LANG: "fr@euro" }, "fr"],
  [{ LANG: "fr_FR.UTF-8", LC_MESSAGES: "en_GB.UTF-8" }, "en"],
  [{ LANG: "de_DE", LC_MESSAGES: "fr_CA", LC_ALL: "" }, "fr"],
  [{ LANG: "fr_FR", LC_ALL: "C" }, "en"],
  [{ LANG: "frisian" }, "en"],
  [{}, "en"],
])("%j asks for %s", (env, language) => expect(languageOf(env)).toBe(language));
