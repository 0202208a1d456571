import { UNSAFE } from "./safe-text.ts";

const NOT_ESCAPED_BY_JSON = new RegExp(`[${UNSAFE}]`, "gu");

/**
 * A string in JSON that is safe on a terminal too: JSON itself only escapes C0, so DEL, C1, bidirectional overrides and
 * what takes no room are written as `\uXXXX`. It reads back as the same string.
 */
export const jsonString = (text: string): string =>
  JSON.stringify(text).replace(NOT_ESCAPED_BY_JSON, (character) =>
    Array.from({ length: character.length }, (_, unit) => `\\u${hex(character.charCodeAt(unit))}`).join(""),
  );

const hex = (unit: number): string => unit.toString(16).padStart(4, "0");
