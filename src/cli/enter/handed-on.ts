import { readFileSync } from "node:fs";
import { CALLER_VARIABLE, textsOf, type Caller } from "../../enter/caller.ts";

// What the command gets of what nsatlas was given, byte by byte: variables need not be UTF-8, as Node's are.

/** The caller's variables, without the note that the shell in front of us made. */
export const environmentFor = (caller: Caller | undefined): readonly Uint8Array[] =>
  (caller?.environment ?? ourTexts("environ")).filter((variable) => !isNote(variable));

const NOTE = Buffer.from(`${CALLER_VARIABLE}=`);
const isNote = (variable: Uint8Array): boolean => NOTE.equals(variable.subarray(0, NOTE.length));

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
