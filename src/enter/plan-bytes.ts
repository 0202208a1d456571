import { pathBytes } from "../procfs/path-bytes.ts";
import type { Bytes } from "./step.ts";

const FIRST_BYTES = 16_384;
const SLOT_BYTES = 8;
const UTF8 = new TextEncoder();

/** The bytes of a plan as they grow: texts, numbers and lists, each put down once and found by its offset. */
export class PlanBytes {
  #bytes = new Uint8Array(FIRST_BYTES);
  #end: number;

  /** So many bytes in front are left for whoever fills them in. */
  constructor(frontBytes: number) {
    this.#end = frontBytes;
  }

  /** Room on a boundary that every number may have. */
  room(bytes: number): number {
    const at = Math.ceil(this.#end / SLOT_BYTES) * SLOT_BYTES;
    this.#grow(at + bytes);
    this.#end = at + bytes;
    return at;
  }

  /** Ended by NUL. A text is a path or a word, which need not be UTF-8. RangeError: it has one within. */
  text(text: Bytes): number {
    const bytes = typeof text === "string" ? pathBytes(text) : text;
    if (bytes.includes(0)) throw new RangeError("a text of a plan has no NUL in it");
    return this.#put(bytes, 1);
  }

  /** Many texts, each ended by NUL, several times faster than one by one: where each of them is. RangeError: one has it within. */
  texts(texts: readonly string[]): readonly number[] {
    const whole = `${texts.join("\0")}\0`;
    const bytes = UTF8.encode(whole);
    // Where all are ASCII, which in English they are, bytes are characters.
    const isAscii = bytes.length === whole.length;
    let at = this.#put(bytes, 0);
    return texts.map((text) => {
      if (text.includes("\0")) throw new RangeError("a text of a plan has no NUL in it");
      const here = at;
      at += (isAscii ? text.length : UTF8.encode(text).length) + 1;
      return here;
    });
  }

  /** Where they are and how many: they are not ended by anything. */
  bytes(content: Bytes): readonly [at: number, count: number] {
    const bytes = typeof content === "string" ? UTF8.encode(content) : content;
    return [this.#put(bytes, 0), bytes.length];
  }

  words(words: readonly number[]): number {
    const at = this.room(words.length * 4);
    const view = new DataView(this.#bytes.buffer);
    for (let index = 0; index < words.length; index++) view.setUint32(at + index * 4, words[index] ?? 0, true);
    return at;
  }

  /** A list that becomes one of addresses: a slot of 64 bits each, one that is free in front, and 0 at the end. */
  list(texts: readonly Bytes[]): number {
    const offsets = texts.map((text) => this.text(text));
    const at = this.room((texts.length + 2) * SLOT_BYTES) + SLOT_BYTES;
    const view = new DataView(this.#bytes.buffer);
    for (const [index, offset] of offsets.entries()) view.setBigUint64(at + index * SLOT_BYTES, BigInt(offset), true);
    return at;
  }

  /** All of it, and a NUL at the very end. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#grow(this.#end + 1);
    return this.#bytes.slice(0, this.#end + 1);
  }

  #put(bytes: Uint8Array, more: number): number {
    const at = this.#end;
    this.#grow(at + bytes.length + more);
    this.#bytes.set(bytes, at);
    this.#end = at + bytes.length + more;
    return at;
  }

  #grow(least: number): void {
    if (least <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(least, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
