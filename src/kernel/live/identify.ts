import { constants, fstatSync, statfsSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { namespaceId } from "../../abi/ids.ts";
import type { FileLook } from "../observer.ts";
import type { OwnedFd } from "./fd.ts";
import type { Native } from "./native.ts";

/** What an open descriptor leads to; one opened with O_PATH will do. */
export function identify(fd: OwnedFd, native: Native | undefined): FileLook {
  const { dev, ino, mode } = native === undefined ? fstatSync(fd.raw, { bigint: true }) : stat(fd, native);
  return { id: namespaceId(dev, ino), isNamespace: isNsfs(fd, native), type: typeOf(Number(mode)) };
}

/** Node's fstat makes four dates besides, which takes longer than the call. */
function stat(fd: OwnedFd, native: Native): { dev: bigint; ino: bigint; mode: bigint } {
  const answer = new BigUint64Array(5);
  const result = native.fstat(fd.raw, answer);
  if (result < 0) throw new Error(`fstat of an open descriptor failed: ${errnoName(-result)}`);
  const [dev = 0n, ino = 0n, mode = 0n] = answer;
  return { dev, ino, mode };
}

/** Without the native half the file system's type can be asked by a path alone. */
function isNsfs(fd: OwnedFd, native: Native | undefined): boolean {
  const type = native === undefined ? statfsSync(`/proc/self/fd/${fd.raw}`).type : native.fstatfs(fd.raw);
  return type === CONSTANTS.NSFS_MAGIC;
}

const TYPES: ReadonlyMap<number, FileLook["type"]> = new Map([
  [constants.S_IFREG, "file"],
  [constants.S_IFDIR, "directory"],
  [constants.S_IFIFO, "fifo"],
  [constants.S_IFSOCK, "socket"],
  [constants.S_IFBLK, "device"],
  [constants.S_IFCHR, "device"],
]);
const typeOf = (mode: number): FileLook["type"] => TYPES.get(mode & constants.S_IFMT) ?? "other";
