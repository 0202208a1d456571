import { readFileSync } from "node:fs";
import { pathText } from "../procfs/path-bytes.ts";

/** What Node makes of bytes that are no UTF-8. */
const LOST = "\ufffd";

/** The words after the program's name. Where they are no UTF-8, they keep their bytes (see `pathText`), which Node's have lost. */
export function ownWords(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes(LOST))) return words;
  try {
    const given = pathText(readFileSync("/proc/self/cmdline")).split("\0").slice(0, -1);
    return given.length > words.length ? given.slice(-words.length) : words;
  } catch {
    return words; // Without a /proc there is nothing better.
  }
}
