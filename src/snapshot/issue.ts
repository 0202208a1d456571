import { FORMAT_PLACES } from "../messages/format-issues.ts";
import type { Sentence, Text } from "../messages/sentence.ts";
import { toJson } from "./json-text.ts";

/** Something wrong in a snapshot file, and where. */
export interface Issue {
  /** A field, the same in every language: `namespaces[12].owner.to`; or a line and a column. */
  readonly place: Text;
  readonly message: Text;
}

/** A file with more is no file with a few slips: the first ones are told. */
export const MOST_ISSUES = 1_000;

/** A path through JSON: names of fields, numbers in lists. */
export type Path = readonly PropertyKey[];

/** The same before it is said how people name the place. */
export interface Fault {
  readonly path: Path;
  readonly message: Text;
}

export const faultAt = <Values extends object>(path: Path, sentence: Sentence<Values>, values: Values): Fault => ({
  path,
  message: filled(sentence, values),
});
export const issueOf = ({ path, message }: Fault): Issue => ({ place: placeOfField(path), message });

export const issueAt = <Values extends object>(path: Path, sentence: Sentence<Values>, values: Values): Issue =>
  issueOf(faultAt(path, sentence, values));

export const issueInText = <Values extends object>(
  at: { line: number; column: number },
  sentence: Sentence<Values>,
  values: Values,
): Issue => ({ place: filled(FORMAT_PLACES.text, at), message: filled(sentence, values) });

/** A sentence in all languages, with its blanks filled. */
const filled = <Values extends object>(sentence: Sentence<Values>, values: Values): Text => ({
  en: sentence.en(values),
  fr: sentence.fr(values),
});

function placeOfField(path: Path): Text {
  if (path.length === 0) return filled(FORMAT_PLACES.whole, {});
  const place = path.map(step).join("").replace(/^\./, "");
  return { en: place, fr: place };
}

const LONGEST_NAME = 40;

/** A field's name may be anything in a file: what is no plain word is quoted and made safe to print, and cut. */
function step(key: PropertyKey): string {
  if (typeof key === "number") return `[${key}]`;
  const name = String(key);
  if (/^[A-Za-z_]\w{0,39}$/.test(name)) return `.${name}`;
  return `[${toJson(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name)}]`;
}
