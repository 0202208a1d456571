import { constants, fstatSync, statfsSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { namespaceId } from "../../abi/ids.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { FileLook } from "../observer.ts";
import type { OwnedFd } from "./fd.ts";
import { fileStat, type FileStat } from "./file-stat.ts";
import type { Native } from "./native.ts";
import { openFd } from "./open-fd.ts";
import { outcomeOf } from "./outcome-of.ts";

/**
 * What an open descriptor leads to; one opened with O_PATH will do. ENOENT: fstat is refused for a folder of /proc that
 * hidepid hides, though it opens. Without the native half, ENOENT too: there is no /proc to ask it through.
 */
export function identify(fd: OwnedFd, native: Native | undefined): Outcome<FileLook> {
  const stat = native === undefined ? statByNode(fd.raw) : fileStat(native, fd.raw);
  if (!stat.ok) return stat;
  const { dev, ino, mode } = stat.value;
  const isNamespace = liesOnNsfs(fd, dev, native);
  return isNamespace.ok
    ? ok({ id: namespaceId(dev, ino), isNamespace: isNamespace.value, type: typeOf(mode) })
    : isNamespace;
}

/**
 * What a path led to. Late releases of Linux 5.10 let whoever may not look at a process open its namespace links, and end up in
 * the folder that they are in: the model has it as "denied-links-stay-shut". That is the refusal of all other kernels.
 */
export function identifyAt(path: string, fd: OwnedFd, native: Native | undefined): Outcome<FileLook> {
  const look = identify(fd, native);
  const isDenied = look.ok && look.value.type === "directory" && NAMESPACE_LINK.test(path);
  return isDenied ? refused("EACCES") : look;
}
const NAMESPACE_LINK = new RegExp(`/ns/(?:${LINKS.join("|")})$`);

/**
 * All namespace files lie on one file system, and its device tells it from others. statfs(2) would as well, but FUSE and network file
 * systems pass that on to somebody who may never answer; so only where our own namespaces cannot be looked at.
 */
function liesOnNsfs(fd: OwnedFd, device: bigint, native: Native | undefined): Outcome<boolean> {
  const nsfs = native === undefined ? undefined : nsfsDevice(native);
  if (nsfs !== undefined) return ok(device === nsfs);
  const type = fileSystemOf(fd.raw, native);
  return type.ok ? ok(type.value === CONSTANTS.NSFS_MAGIC) : type;
}

/** By addon, for tests load several; there is one kernel, and its nsfs has one device for ever. */
const DEVICES = new WeakMap<Native, bigint>();

function nsfsDevice(native: Native): bigint | undefined {
  const known = DEVICES.get(native);
  if (known !== undefined) return known;
  const opened = openFd("/proc/self/ns/mnt", CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC);
  if (!opened.ok) return undefined;
  using own = opened.value;
  const stat = fileStat(native, own.raw);
  const type = fileSystemOf(own.raw, native);
  if (!stat.ok || !type.ok || type.value !== CONSTANTS.NSFS_MAGIC) return undefined;
  DEVICES.set(native, stat.value.dev);
  return stat.value.dev;
}

function statByNode(fd: number): Outcome<Pick<FileStat, "dev" | "ino" | "mode">> {
  const stat = outcomeOf(() => fstatSync(fd, { bigint: true }));
  if (!stat.ok) return stat;
  const { dev, ino, mode } = stat.value;
  return ok({ dev, ino, mode: Number(mode) });
}

/** Without the native half it can be asked by a path alone. */
function fileSystemOf(fd: number, native: Native | undefined): Outcome<number> {
  if (native === undefined) return outcomeOf(() => statfsSync(`/proc/self/fd/${fd}`).type);
  const type = native.fstatfs(fd);
  return type < 0 ? refused(errnoName(-type)) : ok(type);
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
