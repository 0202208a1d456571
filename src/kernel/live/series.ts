import type { SyscallName } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { DATA_BYTES, type Layout } from "./holder-arguments.ts";

/** A call of a series; as an argument of a later one, its result. */
export interface Step {
  readonly kind: "step";
  readonly nth: number;
}
/** What a series is given when it is made. Of native/holder-wire.h. */
export const GIVEN: Step = { kind: "step", nth: 0xffff_ffff };
/** Memory that a call writes to, full of zeros before. */
interface Blank {
  readonly kind: "room";
  readonly bytes: number;
  readonly initial?: never;
}
export const blank = (bytes: number): Blank => ({ kind: "room", bytes });
/** As an `Argument`, but for structs that hold addresses. */
export type Word = number | bigint | string | Uint8Array | Blank | Step;

interface Made {
  readonly call: SyscallName;
  readonly args: readonly Word[];
  /** The number of the call that must not have failed, counted from 1; 0: none. */
  readonly needs: number;
}

/** struct series_call of native/holder-wire.h, and where it has what. */
const CALL = { bytes: 64, pointers: 4, results: 5, needs: 6, ret: 8, args: 16 } as const;
const WORD_BYTES = 8;
const aligned = (offset: number): number => (offset + WORD_BYTES - 1) & -WORD_BYTES;
const utf8 = new TextEncoder();
const isObject = (word: Word): word is Blank | Step => typeof word === "object" && "kind" in word;

/** Calls that a holder makes one after the other, sent as one: written down here, made by `Holders.series`. */
export class Series {
  readonly #calls: Made[] = [];
  #needs = 0;
  #layout: Layout | undefined;

  /** A call that gets the result of one that failed is not made, and gives the same errno. */
  call(call: SyscallName, ...args: readonly Word[]): Step {
    this.#calls.push({ call, args, needs: this.#needs });
    return { kind: "step", nth: this.#calls.length - 1 };
  }

  /** The calls that follow are made only where this one did not fail, and give its errno else. */
  after({ nth }: Step): void {
    this.#needs = nth + 1;
  }

  /**
   * What is read lies first, then the records, then the rooms; done once, for a series may be made often, with another `given`.
   * RangeError: it is too much for one request.
   */
  layOut(numbers: Readonly<Record<SyscallName, number>>, given = 0): Layout {
    const { args, ...layout } = (this.#layout ??= this.#laidOut(numbers));
    return { ...layout, args: [...args, given] };
  }

  #laidOut(numbers: Readonly<Record<SyscallName, number>>): Layout {
    const read = new Map<Word, Uint8Array>();
    for (const { args } of this.#calls) {
      for (const word of args) {
        if (typeof word === "string" && !read.has(word)) read.set(word, utf8.encode(`${word}\0`));
        else if (word instanceof Uint8Array) read.set(word, word);
      }
    }
    let end = 0;
    const places = new Map<Word, number>();
    for (const [word, { length }] of read) {
      places.set(word, end);
      end = aligned(end + length);
    }
    const records = end;
    const inBytes = (end += this.#calls.length * CALL.bytes);
    if (inBytes > DATA_BYTES) throw tooMuch();
    const buffer = new Uint8Array(inBytes);
    for (const [word, bytes] of read) buffer.set(bytes, places.get(word));
    const view = new DataView(buffer.buffer);
    this.#calls.forEach(({ call, args, needs }, nth) => {
      const at = records + nth * CALL.bytes;
      let [pointers, results] = [0, 0];
      args.forEach((word, position) => {
        let value: number | bigint;
        if (typeof word === "number" || typeof word === "bigint") value = word;
        else if (isObject(word) && word.kind === "step") {
          results |= 1 << position;
          value = word.nth;
        } else {
          pointers |= 1 << position;
          value = places.get(word) ?? end;
          if (isObject(word)) end = aligned(end + word.bytes);
        }
        view.setBigInt64(at + CALL.args + WORD_BYTES * position, BigInt.asIntN(64, BigInt(value)), true);
      });
      view.setUint32(at, numbers[call], true);
      view.setUint8(at + CALL.pointers, pointers);
      view.setUint8(at + CALL.results, results);
      view.setUint16(at + CALL.needs, needs, true);
    });
    if (end > DATA_BYTES) throw tooMuch();
    return {
      args: [records, this.#calls.length],
      pointers: 0,
      relocations: [],
      data: [[0, buffer]],
      inBytes,
      outFrom: records,
      outBytes: end - records,
      rooms: [[0, end - records]],
    };
  }

  /** What came of the calls, from the bytes that the holder gave back. */
  told(out: Uint8Array): Told {
    let at = this.#calls.length * CALL.bytes;
    const rooms = this.#calls.map(({ args }) => {
      const from = at;
      for (const word of args) if (isObject(word) && word.kind === "room") at = aligned(at + word.bytes);
      return from;
    });
    return new Told(out, rooms);
  }
}
const tooMuch = (): RangeError => new RangeError(`the data of a series are limited to ${DATA_BYTES} bytes`);

/** A series to be made, and what for GIVEN. */
export interface SeriesWish {
  readonly series: Series;
  readonly given?: number;
}

/** `lost`: what became of the holder in the series behind those that are told. */
export interface SeriesAnswer {
  readonly told: readonly Told[];
  readonly lost?: "died" | "timedOut";
}

/** What the calls of a series gave. */
export class Told {
  readonly #out: Uint8Array;
  readonly #view: DataView;
  readonly #rooms: readonly number[];

  constructor(out: Uint8Array, rooms: readonly number[]) {
    this.#out = out;
    this.#view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    this.#rooms = rooms;
  }

  of({ nth }: Step): Outcome<number> {
    const ret = Number(this.#view.getBigInt64(nth * CALL.bytes + CALL.ret, true));
    return ret < 0 ? refused(errnoName(-ret)) : ok(ret);
  }

  /** The first bytes of the room that a call had; of a call with several, of the first. */
  bytes({ nth }: Step, length: number): Uint8Array {
    const from = this.#rooms[nth] ?? 0;
    return this.#out.subarray(from, from + length);
  }

  /** The text that a call such as read(2) gave. Undefined: it has filled the whole room, and there may be more. */
  text(step: Step, room: number): Outcome<string> | undefined {
    const length = this.of(step);
    if (!length.ok) return length;
    return length.value < room ? ok(new TextDecoder().decode(this.bytes(step, length.value))) : undefined;
  }
}
