import { errnoName } from "../../abi/errnos.ts";
import { NSFS_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { RelationIoctl } from "../call.ts";
import type { Native } from "./native.ts";

/** The least buffer the addon takes, whatever the request announces. */
const ANSWER_BYTES = 8;

/**
 * One ioctl on a namespace file, by descriptor number. What it gives is as the row of the table says: a new descriptor,
 * which is the caller's to close, the kernel's return value, or the number that it wrote (64 bits as a bigint).
 * `argument` is the pid of a translation; the others ignore it.
 */
export function nsfsIoctl<R extends RelationIoctl>(
  native: Native,
  fd: number,
  request: R,
  argument = 0,
): Outcome<NumberOf<R>> {
  const row = NSFS_IOCTLS[request];
  if (row.gives !== "u32" && row.gives !== "u64") {
    return outcome<R>(native.ioctlValue(fd, requestNumber(row), argument), (value) => value);
  }
  const answer = new Uint8Array(ANSWER_BYTES);
  const view = new DataView(answer.buffer);
  return outcome<R>(native.ioctl(fd, requestNumber(row), answer), () =>
    row.gives === "u64" ? view.getBigUint64(0, true) : view.getUint32(0, true),
  );
}

/** 64 bits do not fit a number. */
export type NumberOf<R extends RelationIoctl> = (typeof NSFS_IOCTLS)[R]["gives"] extends "u64" ? bigint : number;

function outcome<R extends RelationIoctl>(
  result: number,
  read: (result: number) => number | bigint,
): Outcome<NumberOf<R>> {
  // The row of R decides what `read` gives, which the compiler cannot follow.
  return result < 0 ? refused(errnoName(-result)) : ok(read(result) as NumberOf<R>);
}
