import type { Output } from "../context.ts";

/** Writes whole lines, each with the label in front. */
export interface Labelled {
  readonly write: (text: string) => void;
  /** Writes what came without a newline. */
  readonly end: () => void;
}

/** A line is put together once, from however many pieces it comes in. */
export function labelled(output: Output, label: string): Labelled {
  let pieces: string[] = [];
  return {
    write: (text) => {
      const [first = "", ...lines] = text.split("\n");
      pieces.push(first);
      const rest = lines.pop();
      if (rest === undefined) return;
      const whole = [pieces.join(""), ...lines];
      pieces = [rest];
      output.write(whole.map((line) => `${label} ${line}\n`).join(""));
    },
    end: () => {
      const rest = pieces.join("");
      pieces = [];
      if (rest !== "") output.write(`${label} ${rest}\n`);
    },
  };
}
