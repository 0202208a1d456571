import { PIN_PATTERNS, type Pattern } from "./patterns.ts";
import type { TracePart } from "./trace.ts";

const ROWS = Object.entries(PIN_PATTERNS) as [keyof typeof PIN_PATTERNS, Pattern][];

/** Whose a namespace is by the path that its file is mounted at. */
export function readPinPath(path: string): TracePart | undefined {
  for (const [pattern, { kind, engine, folder }] of ROWS) {
    const name = folder.exec(path)?.groups?.["name"];
    if (name !== undefined) return { kind, ...(engine === undefined ? {} : { engine }), name, pattern };
  }
  return undefined;
}
