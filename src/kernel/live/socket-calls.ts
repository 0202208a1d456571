import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { FileCall } from "../file-call.ts";
import { filled, room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

/** What each option takes. */
const BYTES = { SO_PEERPIDFD: 4, SO_NETNS_COOKIE: 8 } as const;
const ROOM_BYTES = 8;

export function getsockopt(
  by: calls.Caller,
  { fd, option, bytes = BYTES[option] }: Extract<FileCall, { op: "getsockopt" }>,
): Outcome<Value> {
  const length = filled(new Uint8Array(Uint32Array.of(bytes).buffer));
  const args = [fd, CONSTANTS.SOL_SOCKET, CONSTANTS[option], room(ROOM_BYTES), length];
  const answer = by.holders.syscall(by.holder, "getsockopt", args);
  if (answer.state !== "done") throw new calls.HolderLostError("getsockopt", by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const value = answer.out[0] ?? new Uint8Array(ROOM_BYTES);
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return ok(option === "SO_PEERPIDFD" ? view.getUint32(0, true) : view.getBigUint64(0, true));
}
