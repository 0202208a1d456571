import { columnsOf } from "../render/width.ts";
import { BREAK } from "../render/wrap.ts";

/** The width that help and messages are written for. */
export const TEXT_COLUMNS = 80;

interface Margins {
  /** In front of the first line. */
  readonly first?: string;
  /** In front of every other line. */
  readonly indent?: string;
}

/** Breaks a text at its blanks into lines of at most 80 columns; a word that is longer keeps a line to itself. */
export function wrap(text: string, { first = "", indent = "" }: Margins = {}): string[] {
  const lines: string[] = [];
  let [line, columns, isEmpty] = [first, columnsOf(first), true];
  for (const word of text.split(BREAK)) {
    const width = columnsOf(word);
    if (!isEmpty && columns + 1 + width > TEXT_COLUMNS) {
      lines.push(line);
      [line, columns, isEmpty] = [indent, columnsOf(indent), true];
    }
    line += isEmpty ? word : ` ${word}`;
    columns += isEmpty ? width : width + 1;
    isEmpty = false;
  }
  return [...lines, line];
}
