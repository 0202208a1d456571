import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { NSFS_IOCTLS, PIDFD_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName, Value } from "../call.ts";
import type { FileCall, IoctlArgument, IoctlRequest } from "../file-call.ts";
import type { Answer } from "./holder-answer.ts";
import { type Argument, room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

type IoctlCall = Extract<FileCall, { op: "ioctl" }>;
type PidfdIoctlCall = Extract<FileCall, { op: "pidfd-ioctl" }>;
type Gives = (typeof NSFS_IOCTLS)[keyof typeof NSFS_IOCTLS]["gives"];

/** The least room for an answer, and the most that any request number announces here. */
const ANSWER_BYTES = 64;
const BAD_ADDRESS = 1;
/** Where the answers of NS_MNT_GET_INFO and PIDFD_GET_INFO have what we take of them. */
const AT = { mntNsId: 8, pid: 16 } as const;

type Numbers = { numberFor(viewer: TaskName, of: TaskName): number };

/** ioctl(2), with what it writes as the answer where it writes one. */
export function ioctl(by: calls.Caller, call: IoctlCall, tasks: Numbers): Outcome<Value> {
  const answer = by.holders.syscall(by.holder, "ioctl", ioctlArguments(call, tasks));
  return ioctlOutcome(by, call, answer);
}

/** What the system call gets. */
export function ioctlArguments({ fd, request, argument }: IoctlCall, tasks: Numbers): readonly Argument[] {
  const { number, writes } = meaningOf(request);
  const pointsTo = writes ? room(ANSWER_BYTES) : 0;
  return [fd, number, argument === undefined ? pointsTo : valueOf(argument, tasks)];
}

/** What it gave. */
export function ioctlOutcome(by: calls.Caller, { request }: IoctlCall, answer: Answer): Outcome<Value> {
  const answered = read(by, answer);
  if (!answered.ok) return answered;
  const { ret, view } = answered.value;
  const { gives } = meaningOf(request);
  switch (gives) {
    case "u32":
      return ok(view.getUint32(0, true));
    case "u64":
      return ok(view.getBigUint64(0, true));
    case "struct":
      return ok(view.getBigUint64(AT.mntNsId, true));
    case "fd":
    case "return":
    case undefined:
      return ok(ret);
  }
}

/** The ten that give a namespace, or PIDFD_GET_INFO, of which the number as the caller sees it is taken. */
export function pidfdIoctl(by: calls.Caller, { fd, request, argument = 0 }: PidfdIoctlCall): Outcome<number> {
  const number = typeof request === "number" ? request : requestNumber(PIDFD_IOCTLS[request]);
  if (request !== "PIDFD_GET_INFO") return calls.ioctl(by, fd, number, argument);
  const answered = read(by, by.holders.syscall(by.holder, "ioctl", [fd, number, room(ANSWER_BYTES)]));
  return answered.ok ? ok(answered.value.view.getUint32(AT.pid, true)) : answered;
}

/** `writes`: whether it is passed an address to write to. What NS_MNT_GET_NEXT and PREV write there, nobody here reads. */
function meaningOf(request: IoctlRequest): { number: number; gives: Gives | undefined; writes: boolean } {
  if (typeof request === "number") return { number: request, gives: undefined, writes: true };
  if (request === "SIOCGSKNS") return { number: CONSTANTS.SIOCGSKNS, gives: "fd", writes: false };
  const { gives, size } = NSFS_IOCTLS[request];
  return { number: requestNumber(NSFS_IOCTLS[request]), gives, writes: gives === "fd" ? size > 0 : gives !== "return" };
}

function valueOf(argument: IoctlArgument, tasks: Numbers): Argument {
  if (argument === "null") return 0;
  if (argument === "bad-address") return BAD_ADDRESS;
  return typeof argument === "number" ? argument : tasks.numberFor(argument.seenBy, argument.numberOf);
}

function read(by: calls.Caller, answer: Answer): Outcome<{ readonly ret: number; readonly view: DataView }> {
  if (answer.state !== "done") throw new calls.HolderLostError("ioctl", by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const bytes = answer.out[0] ?? new Uint8Array(ANSWER_BYTES);
  return ok({ ret: answer.ret, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
}
