/** Requests to an envoy and its answers, as bytes: the structs of native/launch-serve.c, in its order and by its names. */
export type Wish =
  | {
      readonly ask: "socket";
      readonly domain: number;
      readonly type: number;
      readonly protocol: number;
      /** Of listen(2); -1: it is not called. */
      readonly backlog: number;
      readonly reuseAddress: boolean;
      readonly v6Only: boolean;
      /** Whether the address is that of the other end: connect(2), which does not wait. */
      readonly connects: boolean;
      /** A struct sockaddr; empty: bind(2) is not called. */
      readonly address: Uint8Array;
    }
  | {
      readonly ask: "open";
      readonly path: string;
      readonly flags: number;
      readonly mode: number;
      readonly special: boolean;
    }
  | { readonly ask: "read"; readonly path: string; readonly special: boolean; readonly mostBytes: number }
  | { readonly ask: "namespace"; readonly path: string };

const ASKS = { socket: 1, open: 2, read: 3, namespace: 4 } as const;
const CALLS = ["", "socket", "setsockopt", "bind", "listen", "openat2", "read", "connect"] as const;
const FIXED_BYTES = 48;
const ARGS_AT = 16;
const REUSE_ADDRESS = 1;
const V6_ONLY = 2;
const CONNECT = 4;
/** As in native/launch-serve.c, with the NUL that ends a path. */
export const MOST_MORE_BYTES = 4096;

export function encodeWish(id: number, wish: Wish): Uint8Array {
  const more = wish.ask === "socket" ? wish.address : Buffer.from(`${wish.path}\0`);
  const bytes = new Uint8Array(FIXED_BYTES + more.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint32(4, id, true);
  view.setUint32(8, ASKS[wish.ask], true);
  view.setUint32(12, flagsOf(wish), true);
  for (const [nth, arg] of argsOf(wish).entries()) view.setBigInt64(ARGS_AT + nth * 8, BigInt(arg), true);
  bytes.set(more, FIXED_BYTES);
  return bytes;
}

function flagsOf(wish: Wish): number {
  if (wish.ask !== "socket") return 0;
  return (wish.reuseAddress ? REUSE_ADDRESS : 0) | (wish.v6Only ? V6_ONLY : 0) | (wish.connects ? CONNECT : 0);
}

function argsOf(wish: Wish): readonly number[] {
  switch (wish.ask) {
    case "socket":
      return [wish.domain, wish.type, wish.protocol, wish.backlog];
    case "open":
      return [wish.flags, wish.mode, Number(wish.special)];
    case "read":
      return [0, 0, Number(wish.special), wish.mostBytes];
    case "namespace":
      return [];
  }
}

/** `more`: content, and another answer follows. `descriptor`: one came before it. */
export type Answer =
  | { readonly id: number; readonly is: "done" | "descriptor" }
  | { readonly id: number; readonly is: "more"; readonly content: Buffer }
  | { readonly id: number; readonly is: "refused"; readonly errno: number; readonly call: string };

const ANSWER_BYTES = 16;
const DESCRIPTOR = 1;
const MORE = 2;

/** Takes a stream apart: what is whole, and the rest, which is to stand in front of what comes next. */
export function takeAnswers(stream: Buffer): { readonly answers: readonly Answer[]; readonly rest: Buffer } {
  const answers: Answer[] = [];
  let at = 0;
  while (stream.length - at >= ANSWER_BYTES) {
    const [id, result] = [stream.readUInt32LE(at), stream.readInt32LE(at + 4)];
    const bytes = stream.readUInt32LE(at + 12);
    const end = at + ANSWER_BYTES + bytes;
    if (end > stream.length) break;
    const call = CALLS[stream.readUInt32LE(at + 8)] ?? "";
    if (result < 0) answers.push({ id, is: "refused", errno: -result, call });
    else if (result === MORE) answers.push({ id, is: "more", content: stream.subarray(at + ANSWER_BYTES, end) });
    else answers.push({ id, is: result === DESCRIPTOR ? "descriptor" : "done" });
    at = end;
  }
  return { answers, rest: stream.subarray(at) };
}
