/**
 * What must never reach a terminal as it is: control characters (C0, DEL, C1 and so every escape sequence), line and
 * paragraph separators, bidirectional overrides and other format characters, everything that takes no room
 * (zero-width spaces and joiners, variation selectors, tags), and halves of surrogate pairs.
 * A combining mark is visible, and is left alone where it has something to combine with.
 * Source: UnicodeData.txt (general categories), DerivedCoreProperties.txt (Default_Ignorable_Code_Point).
 */
const UNSAFE = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}`;
const NOT_ASCII = String.raw`\u{80}-\u{10ffff}`;
const NEEDS_ESCAPE = byCharset({
  "utf-8": String.raw`[${UNSAFE}]\p{M}*|^\p{M}+|\\(?=[nrtux\\${UNSAFE}])`,
  ascii: String.raw`[${UNSAFE}${NOT_ASCII}]|\\(?=[nrtux\\${UNSAFE}${NOT_ASCII}])`,
});

/** Made when the first text needs one, which few do: sets of characters take a quarter of a millisecond each. */
function byCharset(patterns: Readonly<Record<Charset, string>>): (charset: Charset) => RegExp {
  const made = new Map<Charset, RegExp>();
  return (charset) => {
    const before = made.get(charset);
    if (before !== undefined) return before;
    const expression = new RegExp(patterns[charset], "gu");
    made.set(charset, expression);
    return expression;
  };
}

/** Most names are made of these alone. */
const PLAIN = /^[ -[\]-~]*$/;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
const BYTE = 0xff;

/** Whether the terminal's locale can show more than ASCII: everything else is then escaped as well. */
export type Charset = "utf-8" | "ascii";

/**
 * A text from outside (a command line, a path, a cgroup), made safe to print: what could move the cursor, end the line,
 * or change or hide what is beside it is written as `\n`, `\x1b`, `\u202e` or `\u{e0041}`. No two texts look alike: a
 * backslash that would read as the start of such an escape is doubled.
 */
export function safeText(text: string, charset: Charset = "utf-8"): string {
  if (PLAIN.test(text)) return text;
  return text.replace(NEEDS_ESCAPE(charset), (found) => Array.from(found, escapeOf).join(""));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  return SHORT[character] ?? (code <= BYTE ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`);
}

const UNSAFE_IN_CELL = byCharset({
  "utf-8": String.raw`[${UNSAFE}]|\\(?=x)`,
  ascii: String.raw`[${UNSAFE}${NOT_ASCII}]|\\(?=x)`,
});
const UNSAFE_IN_RAW_CELL = /[^!-[\]-~]/gu;
const UTF8 = new TextEncoder();

/** The same, as a table of util-linux writes it: each byte as `\xNN`, and a backslash before an `x` as `\x5c`. */
export const safeCell = (text: string, charset: Charset = "utf-8"): string =>
  PLAIN.test(text) ? text : text.replace(UNSAFE_IN_CELL(charset), hexBytes);

/** For raw tables, where a blank ends a cell: every byte but printable ASCII is `\xNN`, blanks and backslashes too. */
export const rawCell = (text: string): string => text.replace(UNSAFE_IN_RAW_CELL, hexBytes);

const hexBytes = (character: string): string =>
  Array.from(bytesOf(character), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");

/** A byte of a name that is no UTF-8 stands as half of a surrogate pair: src/procfs/path-bytes.ts. */
const bytesOf = (character: string): Iterable<number> =>
  /^[\udc80-\udcff]$/u.test(character) ? [character.charCodeAt(0) & BYTE] : UTF8.encode(character);
