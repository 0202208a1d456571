import { type Charset, safeCell } from "../messages/safe-text.ts";

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A text as a word of a shell that can be copied: as it is, in quotes, or with its bytes escaped as bash's `$'…'`. */
export function shellWord(text: string, charset: Charset): string {
  if (PLAIN.test(text)) return text;
  const pieces = text.split(/([\\'])/);
  const safe = pieces.map((piece) => safeCell(piece, charset));
  if (safe.join("") === text) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${safe.map((piece) => (piece === "\\" || piece === "'" ? `\\${piece}` : piece)).join("")}'`;
}
