/** What a parser gives: the record, or the place where the text is not as the kernel writes it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Misread;

/** A text that is not as the kernel writes it. All fields are free of language: a message is made of them elsewhere. */
export interface Misread {
  readonly ok: false;
  /** The file as proc(5) names it, below /proc/PID: "uid_map". */
  readonly file: string;
  /** From 1; one past the last where something is missing at the end. */
  readonly line: number;
  /** The line itself, unescaped: print it with care. */
  readonly text: string;
  /** The form that a line has, as a pattern of fields: "INSIDE OUTSIDE COUNT". */
  readonly expected: string;
}

/** The form of one file of lines: what its lines look like, and what one of them says. */
export interface LineForm<T> {
  readonly file: string;
  readonly expected: string;
  /** Undefined: the line has another form. */
  parse(line: string): T | undefined;
}

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const misread = (at: Omit<Misread, "ok">): Misread => ({ ok: false, ...at });

/**
 * Reads a text of lines. The kernel ends every line with a newline, so a text that was cut off shows: its last line has
 * none. An empty text has no lines.
 */
export function parseLines<T>(text: string, form: LineForm<T>): Parsed<readonly T[]> {
  const { file, expected } = form;
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  const records: T[] = [];
  for (const [index, line] of lines.entries()) {
    const record = form.parse(line);
    if (record === undefined) return misread({ file, line: index + 1, text: line, expected });
    records.push(record);
  }
  if (rest !== "") return misread({ file, line: lines.length + 1, text: rest, expected: `${expected}\\n` });
  return parsed(records);
}
