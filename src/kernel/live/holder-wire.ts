import { endianness } from "node:os";
import { DATA_BYTES, type Layout } from "./holder-arguments.ts";

/**
 * The bytes that the holder program and we exchange. native/holder.h describes them, with the same names; everything
 * is little-endian, as both machines we build for are.
 */
export const OPS = {
  start: 1,
  syscall: 2,
  clone: 3,
  await: 4,
  exit: 5,
  kill: 6,
  reap: 7,
  exec: 8,
  rest: 9,
  release: 10,
  series: 11,
} as const;
export type Op = keyof typeof OPS;

export const STATUSES = ["done", "timedOut", "died", "badRequest", "unused", "busy"] as const;
export type Status = (typeof STATUSES)[number];

export const PROTOCOL_VERSION = 3;
/** How many holders there can be at once. */
export const SLOTS = 512;
export const FRAME_BYTES = 8;
export const HELLO_BYTES = 24;
const REQUEST_BYTES = 80;
const RELOCATION_BYTES = 8;
const ANSWER_BYTES = 32;
/** Bit of `pointers`: see SUSPENDS in native/holder.h. */
const SUSPENDS = 0x80;
const ARGS_AT = 32;
const TWO_32 = 2 ** 32;

export const MACHINES = { 62: "x86_64", 183: "aarch64" } as const;

export interface Hello {
  readonly slots: number;
  readonly maxFrameBytes: number;
  readonly pid: number;
  readonly machine: (typeof MACHINES)[keyof typeof MACHINES];
}

export interface Request {
  readonly op: Op;
  readonly slot: number;
  readonly limitMs: number;
  readonly number?: number;
  readonly newSlot?: number;
  readonly suspends?: boolean;
  readonly layout: Layout;
}

export interface RawAnswer {
  readonly status: Status;
  readonly slot: number;
  readonly ret: number;
  readonly pid: number;
  readonly tid: number;
  /** The part of the data area that came back; lives until the next frame. */
  readonly out: Uint8Array;
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export const requestBytes = ({ layout }: Request): number =>
  REQUEST_BYTES + layout.relocations.length * RELOCATION_BYTES + padded(layout.inBytes);

/** Of the answer's data; their sum is limited for a frame. */
export const answerDataBytes = ({ layout }: Request): number => padded(layout.outBytes);

/** Two's complement of 64 bits. A number is an integer that a double holds exactly: see `layOut`. */
function putLong(view: DataView, at: number, value: number | bigint): void {
  if (typeof value === "bigint") {
    view.setBigInt64(at, BigInt.asIntN(64, value), true);
    return;
  }
  view.setUint32(at, value >>> 0, true);
  view.setInt32(at + 4, Math.floor(value / TWO_32), true);
}

/** Writes a request at `at`; gives where it ends. */
export function putRequest(buffer: Uint8Array, view: DataView, at: number, request: Request): number {
  const { layout } = request;
  const bytes = requestBytes(request);
  buffer.fill(0, at, at + bytes);
  view.setUint32(at, bytes, true);
  view.setUint16(at + 4, OPS[request.op], true);
  view.setUint16(at + 6, request.slot, true);
  view.setUint32(at + 8, request.limitMs, true);
  view.setUint16(at + 12, request.newSlot ?? 0, true);
  view.setUint8(at + 14, layout.pointers | (request.suspends ? SUSPENDS : 0));
  view.setUint8(at + 15, layout.relocations.length);
  view.setUint32(at + 16, request.number ?? 0, true);
  view.setUint32(at + 20, layout.inBytes, true);
  view.setUint32(at + 24, layout.outFrom, true);
  view.setUint32(at + 28, layout.outBytes, true);
  layout.args.forEach((value, i) => putLong(view, at + ARGS_AT + 8 * i, value));
  let next = at + REQUEST_BYTES;
  for (const [from, to] of layout.relocations) {
    view.setUint32(next, from, true);
    view.setUint32(next + 4, to, true);
    next += RELOCATION_BYTES;
  }
  for (const [offset, content] of layout.data) buffer.set(content, next + offset);
  return at + bytes;
}

/** Reads the answer at `at`; gives it and where it ends. */
export function takeAnswer(buffer: Uint8Array, view: DataView, at: number): readonly [RawAnswer, number] {
  const status = STATUSES[view.getUint16(at + 4, true)];
  if (status === undefined) throw new Error("the holder program gave an answer we do not know");
  const outBytes = view.getUint32(at + 24, true);
  const answer = {
    status,
    slot: view.getUint16(at + 6, true),
    ret: view.getInt32(at + 12, true) * TWO_32 + view.getUint32(at + 8, true),
    pid: view.getInt32(at + 16, true),
    tid: view.getInt32(at + 20, true),
    out: buffer.subarray(at + ANSWER_BYTES, at + ANSWER_BYTES + outBytes),
  };
  return [answer, at + view.getUint32(at, true)];
}

/** The program's first words; undefined where it is of another version than we. */
export function readHello(view: DataView): Hello | undefined {
  const machine = view.getUint32(20, true);
  if (endianness() !== "LE" || view.getUint32(0, true) !== PROTOCOL_VERSION) return undefined;
  if (machine !== 62 && machine !== 183) return undefined;
  if (view.getUint32(8, true) !== DATA_BYTES) return undefined;
  return {
    slots: view.getUint32(4, true),
    maxFrameBytes: view.getUint32(12, true),
    pid: view.getInt32(16, true),
    machine: MACHINES[machine],
  };
}
