import { columnsOf } from "./width.ts";

/** Blanks to break at: not those that French sets before `: ; ! ?` and inside « and ». */
const BREAK = /(?<!«) (?![:;!?»](?: |$))/;

/**
 * A text as lines of at most `width` columns, broken at blanks; a word that is wider stands alone on its line. Lines after
 * the first begin with `indent`.
 */
export function wrap(text: string, { width, indent = "" }: { width: number; indent?: string }): string[] {
  if (columnsOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(BREAK)) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
