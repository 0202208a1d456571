import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { NSFS_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { RelationIoctl, Value } from "../call.ts";
import { room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

/** The least buffer an ioctl's answer needs. */
const ANSWER_BYTES = 8;
export const OPEN_FLAGS = constants.O_RDONLY | CONSTANTS.O_CLOEXEC;

/** An ioctl of a namespace file, with what it writes as the answer where it writes one. */
export function nsfsIoctl(
  by: calls.Caller,
  { fd, request, argument = 0 }: { fd: number; request: RelationIoctl; argument?: number },
): Outcome<Value> {
  const { gives, ...row } = NSFS_IOCTLS[request];
  const number = requestNumber(row);
  if (gives === "fd" || gives === "return") return calls.ioctl(by, fd, number, argument);
  const answer = by.holders.syscall(by.holder, "ioctl", [fd, number, room(ANSWER_BYTES)]);
  if (answer.state !== "done") throw new calls.HolderLostError("ioctl", by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const bytes = answer.out[0] ?? new Uint8Array(ANSWER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ok(gives === "u32" ? view.getUint32(0, true) : view.getBigUint64(0, true));
}

/** Something that is no namespace file. Of a pipe the read end is kept. */
export function openOther(by: calls.Caller, what: "null" | "directory" | "pipe" | "socket"): Outcome<number> {
  switch (what) {
    case "null":
      return calls.open(by, "/dev/null", OPEN_FLAGS);
    case "directory":
      return calls.open(by, "/", OPEN_FLAGS | constants.O_DIRECTORY);
    case "socket":
      return calls.socket(by, CONSTANTS.AF_UNIX, CONSTANTS.SOCK_DGRAM | CONSTANTS.O_CLOEXEC);
    case "pipe":
      return calls.pipeEnd(by);
  }
}

/** Mounts an open namespace file over a path, which is made where it is missing. */
export function bind(by: calls.Caller, { fd, path }: { fd: number; path: string }): Outcome<number> {
  const made = calls.open(by, path, constants.O_CREAT | constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
  if (made.ok) calls.close(by, made.value);
  return calls.mount(by, { source: `/proc/self/fd/${fd}`, target: path, flags: CONSTANTS.MS_BIND });
}
