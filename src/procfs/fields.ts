import { misread, type Misread } from "./parsed.ts";

/** The lines of a file of `Key:\tvalue` lines, to be taken one by one. */
export interface Fields {
  /** The value behind a key; undefined where the line is missing or not as expected, and then `problem` says so. */
  need<T>(key: string, expected: string, parse: (field: string) => T | undefined): T | undefined;
  /** The same for a line that not every kernel writes: a missing one is no problem. */
  take<T>(key: string, expected: string, parse: (field: string) => T | undefined): T | undefined;
  /** The problem that stands first in the text. */
  problem(): Misread | undefined;
}

/** Takes a text apart at its keys, in one pass. The first of two lines with the same key counts. */
export function readFields(file: string, text: string): Fields {
  const lines = text.split("\n");
  const places = new Map<string, { line: number; text: string; field: string }>();
  for (const [index, line] of lines.entries()) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon);
    // A tab follows the colon everywhere but in lines that are not ours to read.
    const field = line.slice(line.startsWith("\t", colon + 1) ? colon + 2 : colon + 1);
    if (!places.has(key)) places.set(key, { line: index + 1, text: line, field });
  }

  let first: Misread | undefined = cutOff(file, lines);
  const report = (problem: Misread): undefined => {
    if (first === undefined || problem.line < first.line) first = problem;
    return undefined;
  };
  const take: Fields["take"] = (key, expected, parse) => {
    const place = places.get(key);
    if (place === undefined) return undefined;
    return parse(place.field) ?? report(misread({ file, ...lineAndText(place), expected: `${key}:\\t${expected}` }));
  };
  const need: Fields["need"] = (key, expected, parse) =>
    places.has(key)
      ? take(key, expected, parse)
      : report(misread({ file, line: lines.length, text: "", expected: `${key}:\\t${expected}` }));
  return { need, take, problem: () => first };
}

const lineAndText = ({ line, text }: { line: number; text: string }): { line: number; text: string } => ({
  line,
  text,
});

/** Every line ends with a newline: a text that does not was cut off. */
function cutOff(file: string, lines: readonly string[]): Misread | undefined {
  const rest = lines.at(-1) ?? "";
  return rest === "" ? undefined : misread({ file, line: lines.length, text: rest, expected: "KEY:\\tVALUE\\n" });
}
