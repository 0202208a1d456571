import { statSync } from "node:fs";
import { HOSTS } from "../messages/hosts.ts";
import type { Language } from "../messages/sentence.ts";
import { brief } from "./brief.ts";
import { CommandFailure, NOT_SEEN } from "./failure.ts";

/** What cannot be asked, as where a name has a NUL or a file stands for a folder, is no file that anybody means. */
function isThere(name: string): boolean {
  try {
    return statSync(name, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

const WORDS_ARE_OFF: ReadonlySet<string> = new Set(["USAGE", "NAME", NOT_SEEN]);

/** What is wrong with words beside --from's file where they are files too, as a shell makes of `--from *.json`: what to write. */
export function besideFrom(error: unknown, operands: readonly string[], language: Language): unknown {
  if (!(error instanceof CommandFailure) || !WORDS_ARE_OFF.has(error.failure.code)) return error;
  const file = operands.find(isThere);
  if (file === undefined) return error;
  return new CommandFailure(
    { ...error.failure, hint: HOSTS["file-beside"][language]({ file: brief(file) }) },
    { cause: error },
  );
}
