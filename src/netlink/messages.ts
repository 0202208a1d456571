import { NETLINK } from "../abi/netlink.ts";

/** One message of a datagram; the body lies in the datagram's own bytes. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

/** What one datagram of a dump has. */
export interface Datagram {
  readonly messages: readonly NetlinkMessage[];
  /** The kernel's last word: an errno, 0 for none. undefined: there is more to come. */
  readonly end: number | undefined;
  /** What was asked for changed while it was told: records may be missing or there twice. */
  readonly isInterrupted: boolean;
}

/** struct nlmsghdr: length, type, flags, sequence, port. */
const HEADER_BYTES = 16;
/** struct nlmsgerr begins with the errno, and so does the body of NLMSG_DONE. */
const ERRNO_BYTES = 4;
export const aligned = (bytes: number): number => (bytes + 3) & ~3;
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Reads a datagram of the kernel's answer to request `sequence`; messages that answer something else are passed over.
 * Undefined: it is cut off, or no netlink at all. Source: netlink(7), net/netlink/af_netlink.c.
 */
export function readDatagram(bytes: Uint8Array, sequence: number): Datagram | undefined {
  const view = viewOf(bytes);
  const messages: NetlinkMessage[] = [];
  let isInterrupted = false;
  for (let at = 0; at < bytes.length;) {
    if (at + HEADER_BYTES > bytes.length) return undefined;
    const length = view.getUint32(at, true);
    if (length < HEADER_BYTES || at + length > bytes.length) return undefined;
    const [type, flags] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
    const isAnswer = view.getUint32(at + 8, true) === sequence;
    const body = bytes.subarray(at + HEADER_BYTES, at + length);
    at += aligned(length);
    if (!isAnswer) continue;
    isInterrupted ||= (flags & NETLINK.NLM_F_DUMP_INTR) !== 0;
    if (type === NETLINK.NLMSG_OVERRUN) isInterrupted = true;
    else if (type === NETLINK.NLMSG_DONE || type === NETLINK.NLMSG_ERROR) {
      if (type === NETLINK.NLMSG_ERROR && body.length < ERRNO_BYTES) return undefined;
      const code = body.length < ERRNO_BYTES ? 0 : viewOf(body).getInt32(0, true);
      return { messages, end: code < 0 ? -code : 0, isInterrupted };
    } else messages.push({ type, flags, body });
  }
  return { messages, end: undefined, isInterrupted };
}

const ATTRIBUTE_BYTES = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER stand above the type. */
const TYPE_MASK = 0x3fff;

/** The attributes behind the first `from` bytes, by type; of two of one type the last. Undefined: one is cut off. */
export function readAttributes(body: Uint8Array, from: number): ReadonlyMap<number, Uint8Array> | undefined {
  const view = viewOf(body);
  const attributes = new Map<number, Uint8Array>();
  for (let at = aligned(from); at < body.length;) {
    if (at + ATTRIBUTE_BYTES > body.length) return undefined;
    const length = view.getUint16(at, true);
    if (length < ATTRIBUTE_BYTES || at + length > body.length) return undefined;
    attributes.set(view.getUint16(at + 2, true) & TYPE_MASK, body.subarray(at + ATTRIBUTE_BYTES, at + length));
    at += aligned(length);
  }
  return attributes;
}

/** A 32-bit number; undefined where there is none, or it is of another size. */
export const u32 = (bytes: Uint8Array | undefined): number | undefined =>
  bytes?.length === 4 ? viewOf(bytes).getUint32(0, true) : undefined;
export const s32 = (bytes: Uint8Array | undefined): number | undefined =>
  bytes?.length === 4 ? viewOf(bytes).getInt32(0, true) : undefined;

const decoder = new TextDecoder();
/** A text up to its NUL; bytes that are no UTF-8 are replaced. */
export function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
