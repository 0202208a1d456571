import { readFileSync } from "node:fs";
import { CALLER_VARIABLE, textsOf, type Caller } from "../../enter/caller.ts";
import type { Bytes } from "../../enter/step.ts";

// What the command gets of what nsatlas was given, byte by byte: words and variables need not be UTF-8, as Node's are.

/** The caller's variables, without the note that the shell in front of us made. */
export const environmentFor = (caller: Caller | undefined): readonly Uint8Array[] =>
  (caller?.environment ?? ourTexts("environ")).filter((variable) => !isNote(variable));

const NOTE = Buffer.from(`${CALLER_VARIABLE}=`);
const isNote = (variable: Uint8Array): boolean => NOTE.equals(variable.subarray(0, NOTE.length));

/** The last of these words of our command line, where they are the command's. */
export function asGiven(argv: readonly Bytes[], words: readonly Uint8Array[]): readonly Bytes[] {
  const last = words.slice(words.length - argv.length);
  const isSame = (word: Bytes, nth: number): boolean => textOf(last[nth] ?? "") === textOf(word);
  return argv.every(isSame) ? last : argv;
}

/** As Node has them: what is no UTF-8 is U+FFFD. */
const textOf = (bytes: Bytes): string => Buffer.from(bytes).toString();

/** The texts of a file of ours under /proc, each ended by NUL; where there is no /proc, none, or what Node knows. */
export function ourTexts(file: "cmdline" | "environ"): readonly Uint8Array[] {
  try {
    return textsOf(readFileSync(`/proc/self/${file}`));
  } catch {
    return file === "environ"
      ? Object.entries(process.env).map(([name, value]) => Buffer.from(`${name}=${value}`))
      : [];
  }
}
