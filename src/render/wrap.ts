import { columnsOf, cut } from "./width.ts";

/** Blanks to break at: not those that French sets before `: ; ! ?` and inside « and ». */
export const BREAK = /(?<!«) (?![:;!?»](?: |$))/;

/**
 * A safe text as lines of at most `width` columns, broken at blanks; a word that is wider is broken where it must be.
 * Lines after the first begin with `indent`, where that leaves room for a word.
 */
export function wrap(text: string, { width, indent = "" }: { width: number; indent?: string }): string[] {
  if (columnsOf(text) <= width) return [text];
  const before = columnsOf(indent) * 2 <= width ? indent : "";
  const lines: string[] = [];
  let line = "";
  let left = width;
  const next = (): void => {
    lines.push(line);
    line = before;
    left = width - columnsOf(before);
  };
  for (const word of text.split(BREAK)) {
    const isFirst = line.trim() === "";
    if (columnsOf(word) + (isFirst ? 0 : 1) <= left) {
      line += isFirst ? word : ` ${word}`;
      left -= columnsOf(word) + (isFirst ? 0 : 1);
      continue;
    }
    if (!isFirst) next();
    for (let rest = word; rest !== "";) {
      // Two columns are the widest character; where not even that fits, it stands out.
      const piece = cut(rest, Math.max(2, left), "");
      line += piece;
      left -= columnsOf(piece);
      rest = rest.slice(piece.length);
      if (rest !== "") next();
    }
  }
  return [...lines, line];
}
