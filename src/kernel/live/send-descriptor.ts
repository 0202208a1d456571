import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { pointing, room, type Pointing } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

/**
 * Every task has the same pair of sockets, from the first one on, below those that holders keep for themselves and out of the way of what calls give: one
 * task writes to the one end, and at once another reads from the other.
 */
const SENDING_END = 900;
const RECEIVING_END = 901;

/** Gives the first task the pair: whoever is cloned from it has it too. It outlives execve. */
export function openSendingPair(by: calls.Caller): void {
  for (const outcome of [
    calls.socketPair(by, CONSTANTS.AF_UNIX, CONSTANTS.SOCK_DGRAM),
    calls.dup3(by, 0, SENDING_END),
    calls.dup3(by, 1, RECEIVING_END),
    calls.close(by, 0),
    calls.close(by, 1),
  ]) {
    if (!outcome.ok) throw new Error(`the first task has no pair of sockets: ${outcome.errno}`);
  }
}

/** sendmsg(2) of a descriptor that nobody receives: it stays under way. EMFILE…: as sendmsg. */
export function post(by: calls.Caller, fd: number): Outcome<number> {
  const sent = by.holders.syscall(by.holder, "sendmsg", [SENDING_END, message(passing(fd)), 0]);
  if (sent.state !== "done") throw new calls.HolderLostError("sendmsg", by.holder, sent.state);
  return sent.ret < 0 ? refused(errnoName(-sent.ret)) : ok(sent.ret);
}

/** sendmsg(2) of a descriptor by one task, recvmsg(2) by another. Gives the descriptor that the other one has then. */
export function send(by: calls.Caller, to: calls.Caller, fd: number): Outcome<number> {
  const sent = post(by, fd);
  if (!sent.ok) return sent;
  const wish = [RECEIVING_END, message(room(CONTROL_BYTES)), CONSTANTS.MSG_CMSG_CLOEXEC];
  const got = to.holders.syscall(to.holder, "recvmsg", wish);
  if (got.state !== "done") throw new calls.HolderLostError("recvmsg", to.holder, got.state);
  const control = got.out.find(({ length }) => length === CONTROL_BYTES);
  if (got.ret < 0 || control === undefined) return refused(errnoName(-got.ret));
  return ok(new DataView(control.buffer, control.byteOffset).getInt32(AT.descriptor, true));
}

/** struct msghdr, struct iovec, and struct cmsghdr with one descriptor in it, of both machines. */
const MESSAGE_BYTES = 56;
const VECTOR_BYTES = 16;
const CONTROL_BYTES = 24;
const AT = { vectors: 16, vectorCount: 24, control: 32, controlBytes: 40, level: 8, type: 12, descriptor: 16 } as const;
/** Without the padding at its end. */
const CONTROL_LENGTH = 20;

function message(control: Uint8Array | ReturnType<typeof room>): Pointing {
  const vector = new Uint8Array(VECTOR_BYTES);
  new DataView(vector.buffer).setBigUint64(8, 1n, true);
  const bytes = new Uint8Array(MESSAGE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(AT.vectorCount, 1n, true);
  view.setBigUint64(AT.controlBytes, BigInt(CONTROL_BYTES), true);
  // One byte goes with it: a message without any carries nothing.
  return pointing(bytes, [
    [AT.vectors, pointing(vector, [[0, room(1)]])],
    [AT.control, control],
  ]);
}

function passing(fd: number): Uint8Array {
  const bytes = new Uint8Array(CONTROL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(CONTROL_LENGTH), true);
  view.setInt32(AT.level, CONSTANTS.SOL_SOCKET, true);
  view.setInt32(AT.type, CONSTANTS.SCM_RIGHTS, true);
  view.setInt32(AT.descriptor, fd, true);
  return bytes;
}
