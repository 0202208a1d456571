/**
 * `nsatlas/raw`: the system calls on namespace files, named and numbered as in C. Descriptors are plain numbers, which
 * whoever gets one closes. A refusal is a `SyscallError` with the errno's name in `code`; a wrong type is a TypeError, and a
 * number that does not fit the C type a RangeError, both thrown before the kernel is asked. Without nsatlas's native half (another
 * operating system, another CPU, no compiler) every call throws an `UnsupportedError`, which says what is missing.
 *
 * Source: ioctl_ns(2) and the pages NS_GET_*(2const), open(2), close(2), fstat(2), fcntl(2).
 */
import { constants } from "node:fs";
import { CONSTANTS } from "./abi/constants.ts";
import { errnoName } from "./abi/errnos.ts";
import { NSFS_IOCTLS } from "./abi/ioctls.ts";
import type { RelationIoctl } from "./kernel/call.ts";
import { nsfsIoctl } from "./kernel/live/nsfs-ioctl.ts";
import { NS_REQUESTS } from "./library/c-names.ts";
import { fileStat, type FileStat } from "./kernel/live/file-stat.ts";
import { needNative } from "./library/native-half.ts";
import { refusedCall } from "./library/refused-call.ts";
import { refusedFd } from "./library/refused-fd.ts";
import { refusedIoctl } from "./library/refused-ioctl.ts";

export { ERRNOS, type ErrnoName } from "./abi/errnos.ts";
export { CLONE_NEW } from "./library/c-names.ts";
export { SyscallError, UnsupportedError } from "./errors.ts";
export { NS_REQUESTS };
export type { FileStat, RelationIoctl };

type Row = typeof NSFS_IOCTLS;
/** The requests that take a pid. */
export type PidTranslation = {
  [R in RelationIoctl]: Row[R] extends { readonly takes: "pid" } ? R : never;
}[RelationIoctl];
/** The requests that give a 64-bit number. */
export type IdRequest = { [R in RelationIoctl]: Row[R]["gives"] extends "u64" ? R : never }[RelationIoctl];

/**
 * NS_GET_USERNS, NS_GET_PARENT: a new descriptor of the owning user namespace, or of the parent. It is open for reading
 * and close-on-exec, and the caller closes it. EPERM: that one lies outside the caller's own user namespace (for the
 * parent of a pid namespace: outside its own pid namespace), or there is none. EINVAL, of NS_GET_PARENT: the kind does
 * not nest. EMFILE: too many descriptors. Since Linux 4.9.
 *
 * NS_GET_NSTYPE: the kind, as one of the numbers of `CLONE_NEW`. Since Linux 4.11.
 *
 * NS_GET_OWNER_UID: the effective uid of the process that created this user namespace, as the caller's user namespace
 * maps it; /proc/sys/kernel/overflowuid (65534) where it does not. EINVAL: it is no user namespace. Since Linux 4.11.
 *
 * Every request: EBADF: `fd` is not open, or was opened with O_PATH. ENOTTY: the file is no namespace
 * (`rule` "not-a-namespace-file"), or the kernel is older than the request (`rule` "call-unknown-to-kernel").
 */
export function ioctl(fd: number, request: Exclude<RelationIoctl, PidTranslation | IdRequest>): number;
/**
 * NS_GET_ID: the namespace's 64-bit id, never used twice before the next boot. Since Linux 6.18.
 *
 * NS_GET_MNTNS_ID: the same of a mount namespace, as statmount(2) and listmount(2) take it. EINVAL: it is none. Since
 * Linux 6.11.
 */
export function ioctl(fd: number, request: IdRequest): bigint;
/**
 * NS_GET_PID_FROM_PIDNS: the number that process `pid` of this pid namespace has in the caller's. NS_GET_PID_IN_PIDNS:
 * the other way round. The two with TGID give the number of its thread group's leader. ESRCH: no process has that number,
 * or it has none there. EINVAL: it is no pid namespace. Since Linux 6.11.
 */
export function ioctl(fd: number, request: PidTranslation, pid: number): number;
export function ioctl(fd: number, request: RelationIoctl, pid?: number): number | bigint {
  checkRequest(request, pid);
  const native = needNative(`ioctl ${request}`);
  const answer = nsfsIoctl(native, fd, request, pid);
  if (!answer.ok) throw refusedIoctl(native, { fd, request, pid: pid ?? 0 }, answer);
  return answer.value;
}

const REQUESTS: ReadonlySet<string> = new Set(Object.keys(NS_REQUESTS));

/** For callers without a compiler. */
function checkRequest(request: RelationIoctl, pid: number | undefined): void {
  if (!REQUESTS.has(request)) throw new TypeError(`request must be one of ${[...REQUESTS].join(", ")}`);
  const takesPid = "takes" in NSFS_IOCTLS[request];
  if (takesPid && typeof pid !== "number") throw new TypeError(`${request} takes a pid`);
  if (!takesPid && pid !== undefined) throw new TypeError(`${request} takes no argument`);
}

/**
 * Opens a file for reading and gives its descriptor, which is close-on-exec; the caller closes it. Unless `flags` say
 * otherwise it never blocks (O_NONBLOCK), not even at a FIFO. ENOENT, EACCES, ENAMETOOLONG, … as open(2).
 * RangeError: the flags would open for writing.
 */
export function open(path: string, flags: number = DEFAULT_FLAGS): number {
  const fd = needNative("open").openat(CONSTANTS.AT_FDCWD, path, flags);
  if (fd >= 0) return fd;
  throw refusedCall({ code: errnoName(-fd), syscall: "open", subject: path, situation: "namespace-file" }, "en");
}
const DEFAULT_FLAGS = constants.O_RDONLY | CONSTANTS.O_CLOEXEC | CONSTANTS.O_NONBLOCK | constants.O_NOCTTY;

/** Closes a descriptor. EBADF: it is not open. */
export function close(fd: number): void {
  const result = needNative("close").close(fd);
  if (result < 0) throw refusedFd("close", fd, errnoName(-result));
}

/** Device, inode, mode and owner of an open file; O_PATH will do. EBADF: it is not open. */
export function fstat(fd: number): FileStat {
  const stat = fileStat(needNative("fstat"), fd);
  if (!stat.ok) throw refusedFd("fstat", fd, stat.errno);
  return stat.value;
}

/** F_GETFL: how a file was opened, as O_* flags. F_GETFD: FD_CLOEXEC (1) where execve closes it, else 0. EBADF: not open. */
export function fcntl(fd: number, command: "F_GETFL" | "F_GETFD"): number {
  if (command !== "F_GETFL" && command !== "F_GETFD") throw new TypeError("command must be F_GETFL or F_GETFD");
  const result = needNative("fcntl").fcntl(fd, CONSTANTS[command], 0);
  if (result < 0) throw refusedFd(`fcntl ${command}`, fd, errnoName(-result));
  return result;
}
