import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { HOSTS } from "../messages/hosts.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { brief } from "./brief.ts";
import { fileFailure } from "./file-failure.ts";
import { usageFailure } from "./usage.ts";

export const isFolder = (name: string): boolean => statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;

/** The snapshots in a folder, by name. Throws where it cannot be read, and where it has none. */
export function filesIn(folder: string, language: Language): readonly string[] {
  const found = namesIn(folder, language).filter((file) => file.endsWith(ENDING));
  if (found.length > 0) return found.toSorted().map((file) => join(folder, file));
  throw usageFailure(HOSTS["empty-folder"][language]({ path: brief(folder) }), HOSTS["empty-folder-hint"][language]);
}
const ENDING = ".json";

function namesIn(folder: string, language: Language): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw fileFailure(error, { subject: folder, situation: "read-file", language });
  }
}

/** What a host is called: as its file is. */
export const hostOf = (file: string): string => basename(file, ENDING);

/** The same, safe on a terminal. */
export const shownHost = (file: string): string => safeText(hostOf(file));
