// A mark of byte order at the start is text like any other.
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const BEYOND_ASCII = /[^\0-\x7f]/;
/** More is decoded text by text, rather than be there twice. */
const MOST_BYTES = 1 << 24;

/** How to decode parts of some bytes, of which most are short, and ASCII: they are parts of one text, then. */
export function textsIn(bytes: Uint8Array): (from: number, to: number) => string {
  const decode = (from: number, to: number): string => UTF8.decode(bytes.subarray(from, to));
  if (bytes.length > MOST_BYTES) return decode;
  let whole: { readonly text: string; readonly isAscii: boolean } | undefined;
  return (from, to) => {
    whole ??= wholeOf(bytes);
    const part = whole.text.slice(from, to);
    return whole.isAscii || !BEYOND_ASCII.test(part) ? part : decode(from, to);
  };
}

function wholeOf(bytes: Uint8Array) {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return { text, isAscii: !BEYOND_ASCII.test(text) };
}
