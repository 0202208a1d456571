import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Native } from "./native.ts";

/** What fstat(2) says of a file, as far as namespaces go. */
export interface FileStat {
  /** `st_dev` and `st_ino`: together they tell one namespace from another. */
  readonly dev: bigint;
  readonly ino: bigint;
  /** `st_mode`: the file's type and permissions. */
  readonly mode: number;
  /** As the caller's user namespace maps them. */
  readonly uid: number;
  readonly gid: number;
}

const SLOTS = 5;

/** By descriptor number; Node's fstat makes four dates besides, which takes longer than the call. EBADF: it is not open. */
export function fileStat(native: Native, fd: number): Outcome<FileStat> {
  const slots = new BigUint64Array(SLOTS);
  const result = native.fstat(fd, slots);
  if (result < 0) return refused(errnoName(-result));
  const [dev = 0n, ino = 0n, mode = 0n, uid = 0n, gid = 0n] = slots;
  return ok({ dev, ino, mode: Number(mode), uid: Number(uid), gid: Number(gid) });
}
