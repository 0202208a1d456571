import { fstatSync, statfsSync, type BigIntStats } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { namespaceId } from "../../abi/ids.ts";
import type { FileLook } from "../observer.ts";
import type { OwnedFd } from "./fd.ts";
import type { Native } from "./native.ts";

/** What an open descriptor leads to; one opened with O_PATH will do. */
export function identify(fd: OwnedFd, native: Native | undefined): FileLook {
  const stat = fstatSync(fd.raw, { bigint: true });
  return { id: namespaceId(stat.dev, stat.ino), isNamespace: isNsfs(fd, native), type: typeOf(stat) };
}

/** Without the native half the file system's type can be asked by a path alone. */
function isNsfs(fd: OwnedFd, native: Native | undefined): boolean {
  const type = native === undefined ? statfsSync(`/proc/self/fd/${fd.raw}`).type : native.fstatfs(fd.raw);
  return type === CONSTANTS.NSFS_MAGIC;
}

function typeOf(stat: BigIntStats): FileLook["type"] {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isFIFO()) return "fifo";
  if (stat.isSocket()) return "socket";
  if (stat.isBlockDevice() || stat.isCharacterDevice()) return "device";
  return "other";
}
