import type { SyscallName } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { DATA_BYTES, type Layout } from "./holder-arguments.ts";

/** A call of a series; as an argument of a later one, its result. */
export interface Step {
  readonly kind: "step";
  readonly nth: number;
}
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

  /** A call that gets the result of one that failed is not made, and gives the same errno. */
  call(call: SyscallName, ...args: readonly Word[]): Step {
    this.#calls.push({ call, args, needs: this.#needs });
    return { kind: "step", nth: this.#calls.length - 1 };
  }

  /** The calls that follow are made only where this one did not fail, and give its errno else. */
  after({ nth }: Step): void {
    this.#needs = nth + 1;
  }

  /** What is read lies first, then the records, then the rooms. RangeError: it is too much for one request. */
  layOut(numbers: Readonly<Record<SyscallName, number>>): Layout {
    const buffer = new Uint8Array(DATA_BYTES);
    const view = new DataView(buffer.buffer);
    const places = new Map<Word, number>();
    let end = 0;
    for (const { args } of this.#calls) {
      for (const word of args) {
        const isText = typeof word === "string";
        if (!(isText || word instanceof Uint8Array) || places.has(word)) continue;
        const bytes = isText ? utf8.encode(`${word}\0`) : word;
        if (end + bytes.length > DATA_BYTES) throw tooMuch();
        buffer.set(bytes, end);
        places.set(word, end);
        end = aligned(end + bytes.length);
      }
    }
    const records = end;
    end = records + this.#calls.length * CALL.bytes;
    if (end > DATA_BYTES) throw tooMuch();
    const inBytes = end;
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
    const outBytes = end - records;
    return {
      args: [records, this.#calls.length],
      pointers: 0,
      relocations: [],
      data: [[0, buffer.subarray(0, inBytes)]],
      inBytes,
      outFrom: records,
      outBytes,
      rooms: [[0, outBytes]],
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
