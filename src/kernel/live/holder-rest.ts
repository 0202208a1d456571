/** How a holder comes to rest: what is left of it, and what it waits for. */
export interface RestWish {
  /** The read end of a pipe: a byte lets it stay for good, the end of the other side without one ends it. */
  readonly gate: number;
  /**
   * What it keeps: descriptor `from` becomes `to`. In order of `to`; every `to` is below the gate, and no `from` is below any
   * `to` of another.
   */
  readonly keeps: readonly { readonly from: number; readonly to: number; readonly flags: number }[];
  /** A program's path and its arguments, which it becomes once it may stay; and the environment of that, as `NAME=value`. */
  readonly command?: { readonly argv: readonly string[]; readonly environment: readonly string[] };
}

const HEADER_WORDS = 6;
const PAIR_WORDS = 4;
const WORD = 4;

/** struct rest_wish and what follows it, of native/holder-rest.c. */
export function restBytes({ gate, keeps, command }: RestWish): Uint8Array {
  const { argv = [], environment = [] } = command ?? {};
  const texts = new TextEncoder().encode([...argv, ...environment].map((text) => `${text}\0`).join(""));
  const words = Uint32Array.of(gate, keeps.length, argv.length, environment.length, texts.length, 0);
  const bytes = new Uint8Array((HEADER_WORDS + PAIR_WORDS * keeps.length) * WORD + texts.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, nth) => view.setUint32(nth * WORD, word, true));
  keeps.forEach(({ from, to, flags }, nth) => {
    const at = (HEADER_WORDS + PAIR_WORDS * nth) * WORD;
    [from, to, flags].forEach((word, i) => view.setUint32(at + i * WORD, word, true));
  });
  bytes.set(texts, bytes.length - texts.length);
  return bytes;
}
