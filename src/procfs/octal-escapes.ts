/**
 * Escapes of the seq_file functions: a character that would split the line stands as a backslash and three octal digits.
 * Source: fs/seq_file.c mangle_path, lib/string_helpers.c escape_octal.
 */
const ESCAPE = /\\([0-3][0-7]{2})/g;

/**
 * The text behind the escapes. mountinfo escapes blank, tab, newline, backslash and # only, all of them ASCII; so an escape is a
 * character, whatever the encoding of the bytes around it.
 */
export const decodeOctal = (word: string): string =>
  word.includes("\\") ? word.replace(ESCAPE, (_, digits: string) => String.fromCharCode(parseInt(digits, 8))) : word;

/** Escapes blank, tab, newline and backslash, and what else is named. */
export function encodeOctal(text: string, also = ""): string {
  let word = "";
  for (const character of text) {
    const split = " \t\n\\".includes(character) || also.includes(character);
    word += split ? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}` : character;
  }
  return word;
}
