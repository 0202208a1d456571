/**
 * What a system call gets: a number as it is (also where a pointer is expected: 0 is NULL, 1 a bad address), or
 * something that lies in memory and whose address is passed. A string ends with a NUL; bytes are only read by the call.
 */
export type Argument = number | bigint | string | Uint8Array | Room | Pointing;

/** Memory that the call writes to; the answer's `out` brings it back, in the order of the arguments. */
export interface Room {
  readonly kind: "room";
  readonly bytes: number;
  /** What it holds before; zeros beyond. */
  readonly initial?: Uint8Array;
}
export const room = (bytes: number): Room => ({ kind: "room", bytes });
export const filled = (initial: Uint8Array): Room => ({ kind: "room", bytes: initial.length, initial });

/** A struct that holds addresses: at each offset, that of the given argument is filled in. */
export interface Pointing {
  readonly kind: "pointing";
  readonly bytes: Uint8Array;
  readonly to: readonly (readonly [at: number, target: string | Uint8Array | Room | Pointing])[];
}
export const pointing = (bytes: Uint8Array, to: Pointing["to"]): Pointing => ({ kind: "pointing", bytes, to });

/** The arguments laid out in a holder's data area: first what is only read, then what comes back, in one piece. */
export interface Layout {
  /** Six of them; where the bit in `pointers` is set, an offset into the data. */
  readonly args: readonly (number | bigint)[];
  readonly pointers: number;
  readonly relocations: readonly (readonly [at: number, to: number])[];
  /** The data that go in; beyond them there are zeros. */
  readonly data: readonly (readonly [offset: number, bytes: Uint8Array])[];
  readonly inBytes: number;
  readonly outFrom: number;
  readonly outBytes: number;
  readonly rooms: readonly (readonly [offset: number, bytes: number])[];
}

interface Piece {
  readonly bytes: number;
  readonly content: Uint8Array | undefined;
  readonly pointers: readonly (readonly [at: number, to: Piece])[];
  offset: number;
}

/** Of native/holder-wire.h. */
export const DATA_BYTES = 16_384;
const MAX_RELOCATIONS = 16;
const MAX_ARGUMENTS = 6;
const ALIGNMENT = 8;
const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
const NOTHING = { pointers: 0, relocations: [], data: [], inBytes: 0, outFrom: 0, outBytes: 0, rooms: [] } as const;
const text = new TextEncoder();

/** RangeError: more of something than a call can have, or a number that is not whole. */
export function layOut(words: readonly Argument[]): Layout {
  if (words.length > MAX_ARGUMENTS) throw new RangeError("a system call has six arguments at most");
  const broken = words.filter((word) => typeof word === "number").find((word) => !Number.isSafeInteger(word));
  if (broken !== undefined) throw new RangeError(`a system call takes whole numbers, got ${broken}`);
  if (words.every(isNumber)) return { args: words, ...NOTHING };

  const read: Piece[] = [];
  const written: Piece[] = [];
  const pieceOf = (word: Exclude<Argument, number | bigint>): Piece => {
    const piece = newPiece(word, pieceOf);
    (isRoom(word) ? written : read).push(piece);
    return piece;
  };
  const pieces = words.map((word) => (isNumber(word) ? word : pieceOf(word)));

  const outFrom = place(read, 0);
  const end = place(written, outFrom);
  const relocations = read.flatMap((piece) =>
    piece.pointers.map(([at, to]) => [piece.offset + at, to.offset] as const),
  );
  if (end > DATA_BYTES) throw new RangeError(`the data of a call are limited to ${DATA_BYTES} bytes`);
  if (relocations.length > MAX_RELOCATIONS) throw new RangeError(`at most ${MAX_RELOCATIONS} addresses lie in structs`);
  const last = [...read, ...written].findLast((piece) => piece.content !== undefined);
  return {
    args: pieces.map((piece) => (typeof piece === "object" ? piece.offset : piece)),
    pointers: pieces.reduce<number>((bits, piece, i) => (typeof piece === "object" ? bits | (1 << i) : bits), 0),
    relocations,
    data: [...read, ...written].flatMap((piece) => (piece.content ? [[piece.offset, piece.content] as const] : [])),
    inBytes: last?.content === undefined ? 0 : last.offset + last.content.length,
    outFrom,
    outBytes: end - outFrom,
    rooms: written.map((piece) => [piece.offset - outFrom, piece.bytes] as const),
  };
}

const isNumber = (word: Argument): word is number | bigint => typeof word === "number" || typeof word === "bigint";
const isRoom = (word: Argument): word is Room => typeof word === "object" && "kind" in word && word.kind === "room";

function newPiece(
  word: string | Uint8Array | Room | Pointing,
  pieceOf: (word: string | Uint8Array | Room | Pointing) => Piece,
): Piece {
  if (typeof word === "string") return newPiece(text.encode(`${word}\0`), pieceOf);
  if (word instanceof Uint8Array) return { bytes: word.length, content: word, pointers: [], offset: 0 };
  if (word.kind === "room") return { bytes: word.bytes, content: word.initial, pointers: [], offset: 0 };
  const pointers = word.to.map(([at, target]) => [at, pieceOf(target)] as const);
  return { bytes: word.bytes.length, content: word.bytes, pointers, offset: 0 };
}

/** Gives each piece its place, from `from` on; gives the end of the last. */
function place(pieces: readonly Piece[], from: number): number {
  let end = aligned(from);
  for (const piece of pieces) {
    piece.offset = end;
    end = aligned(end + piece.bytes);
  }
  return end;
}
