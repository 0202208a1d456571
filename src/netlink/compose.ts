import { NETLINK } from "../abi/netlink.ts";
import { aligned } from "./messages.ts";

const HEADER_BYTES = 16;
const ATTRIBUTE_BYTES = 4;
const encoder = new TextEncoder();

/** An attribute: its type, and its value. */
export type Attribute = readonly [type: number, value: Uint8Array];

export const numberIn = (type: number, value: number): Attribute => [type, u32Bytes(value)];
export const u16In = (type: number, value: number): Attribute => [type, Uint8Array.of(value & 0xff, value >> 8)];
/** With its NUL. */
export const textIn = (type: number, text: string): Attribute => [type, encoder.encode(`${text}\0`)];
/** Attributes within an attribute, behind the bytes of a struct, where there is one. */
export const nested = (
  type: number,
  attributes: readonly Attribute[],
  fixed: Uint8Array = new Uint8Array(),
): Attribute => [type, joined([fixed, ...attributes.map(attributeBytes)])];

const u32Bytes = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

function attributeBytes([type, value]: Attribute): Uint8Array {
  const length = ATTRIBUTE_BYTES + value.length;
  const bytes = new Uint8Array(aligned(length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, true);
  view.setUint16(2, type, true);
  bytes.set(value, ATTRIBUTE_BYTES);
  return bytes;
}

interface Order {
  /** RTM_NEW*. */
  readonly type: number;
  /** Besides NLM_F_REQUEST and NLM_F_ACK. */
  readonly flags: number;
  readonly sequence: number;
  /** The struct behind the header. */
  readonly fixed: Uint8Array;
}

/** A message that has something made or changed, and answered with an errno. Source: netlink(7). */
export function order({ type, flags, sequence, fixed }: Order, attributes: readonly Attribute[]): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const message = joined([header, fixed, ...attributes.map(attributeBytes)]);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, flags | NETLINK.NLM_F_REQUEST | NETLINK.NLM_F_ACK, true);
  view.setUint32(8, sequence, true);
  return message;
}

/** Each part from a multiple of four on. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + aligned(length), 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += aligned(part.length);
  }
  return bytes;
}
