const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LOOSE = new TextDecoder("utf-8", { ignoreBOM: true });
const UTF8 = new TextEncoder();

/** Where the halves of surrogate pairs stand that are bytes, from 0x80 to 0xff; in a text from UTF-8 there are none. */
const HALF = 0xdc00;
const HALVES = /[\udc80-\udcff]/u;
const EACH_HALF = /([\udc80-\udcff])/u;

/**
 * A name of a file is bytes, most often UTF-8. Whatever is none becomes half of a surrogate pair, a byte each, so that
 * another name gives another text, and `pathBytes` the same bytes again. Source: PEP 383, as Python names files.
 */
export function pathText(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return piecewise(bytes);
  }
}

function piecewise(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at);
    if (length === 0) pieces.push(String.fromCharCode(HALF + (bytes[at] ?? 0)));
    else pieces.push(LOOSE.decode(bytes.subarray(at, at + length)));
    at += Math.max(1, length);
  }
  return pieces.join("");
}

/** How long the character is that starts there; 0: none does. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const sequence = bytes.subarray(at, at + length);
  try {
    return sequence.length === length && STRICT.decode(sequence).length > 0 ? length : 0;
  } catch {
    return 0;
  }
}

/** Whether a text has bytes that are no UTF-8. */
export const hasOtherBytes = (text: string): boolean => HALVES.test(text);

/** The bytes that `pathText` made a text of. */
export function pathBytes(text: string): Uint8Array {
  if (!hasOtherBytes(text)) return UTF8.encode(text);
  const pieces = text
    .split(EACH_HALF)
    .map((piece, nth) => (nth % 2 === 0 ? UTF8.encode(piece) : Uint8Array.of(piece.charCodeAt(0) - HALF)));
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
