import { CONSTANTS, type SyscallName } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, type Outcome, refused } from "../../rules/outcome.ts";
import { type Argument, room } from "./holder-arguments.ts";
import type { Holder, Holders } from "./holders.ts";

/** Who makes the call. Each function here is one system call by that holder, named as its man page. */
export interface Caller {
  readonly holders: Holders;
  readonly holder: Holder;
}

/** A holder ended before it had answered, or takes too long. What was to be learnt from it cannot be. */
export class HolderLostError extends Error {
  override readonly name = "HolderLostError";
  readonly how: "died" | "timedOut";

  constructor(call: SyscallName, { pid }: Holder, how: "died" | "timedOut") {
    super(`holder ${pid} ${how === "died" ? "has ended" : "does not come back"} (${call})`);
    this.how = how;
  }
}

interface Returned {
  readonly ret: number;
  readonly out: readonly Uint8Array[];
}

/** The outcome of any call. HolderLostError: there is none. */
function made({ holders, holder }: Caller, call: SyscallName, args: readonly Argument[]): Outcome<Returned> {
  const answer = holders.syscall(holder, call, args);
  if (answer.state !== "done") throw new HolderLostError(call, holder, answer.state);
  return answer.ret < 0 ? refused(errnoName(-answer.ret)) : ok(answer);
}

/** Any call that gives nothing but a number. */
export function result(caller: Caller, call: SyscallName, args: readonly Argument[]): Outcome<number> {
  const outcome = made(caller, call, args);
  return outcome.ok ? ok(outcome.value.ret) : outcome;
}

const { AT_FDCWD } = CONSTANTS;
const PATH_MAX = 4096;
/** struct stat begins with st_dev and st_ino on both machines; 144 bytes on x86-64, fewer on arm64. */
const STAT_BYTES = 144;
const MODE = 0o666;
const FOLDER_MODE = 0o755;

/** The flags are `fs.constants`'s. The descriptor is the holder's own. */
export const open = (caller: Caller, path: string, flags: number): Outcome<number> =>
  result(caller, "openat", [AT_FDCWD, path, flags, MODE]);

export const openat = (caller: Caller, dirfd: number, path: string, flags: number): Outcome<number> =>
  result(caller, "openat", [dirfd, path, flags, MODE]);

export const mkdir = (caller: Caller, path: string): Outcome<number> =>
  result(caller, "mkdirat", [AT_FDCWD, path, FOLDER_MODE]);

export const close = (caller: Caller, fd: number): Outcome<number> => result(caller, "close", [fd]);

/** `argument`: what the request wants: a number, bytes, or a `room` (then call `Holders.syscall` to see it filled). */
export const ioctl = (caller: Caller, fd: number, request: number, argument: Argument = 0): Outcome<number> =>
  result(caller, "ioctl", [fd, request, argument]);

export const pidfdGetfd = (caller: Caller, pidfd: number, target: number, flags = 0): Outcome<number> =>
  result(caller, "pidfd_getfd", [pidfd, target, flags]);

export const dup = (caller: Caller, fd: number): Outcome<number> => result(caller, "dup", [fd]);

export const socket = (caller: Caller, family: number, type: number): Outcome<number> =>
  result(caller, "socket", [family, type, 0]);

/** sendto(2) to whoever the socket is connected to; a netlink socket's is the kernel. */
export const sendto = (caller: Caller, socket: number, bytes: Uint8Array): Outcome<number> =>
  result(caller, "sendto", [socket, bytes, bytes.length, 0, 0, 0]);

/** What recvfrom(2) brought; with MSG_TRUNC `length` is the datagram's, however much of it came. */
export interface Received {
  readonly length: number;
  readonly bytes: Uint8Array;
}
export function recvfrom(caller: Caller, socket: number, bytes: number, flags: number): Outcome<Received> {
  const outcome = made(caller, "recvfrom", [socket, room(bytes), bytes, flags, 0, 0]);
  if (!outcome.ok) return outcome;
  return ok({ length: outcome.value.ret, bytes: outcome.value.out[0] ?? new Uint8Array() });
}

/** A call that fills a struct, which is its last argument; `ret` is what it returned. */
export function filling(caller: Caller, call: SyscallName, args: readonly Argument[], bytes: number) {
  const outcome = made(caller, call, [...args, room(bytes)]);
  return outcome.ok ? ok({ ret: outcome.value.ret, struct: viewOf(outcome.value) }) : outcome;
}

/** socketpair(2): the two ends are the lowest free descriptors. */
export const socketPair = (caller: Caller, family: number, type: number): Outcome<number> =>
  result(caller, "socketpair", [family, type, 0, room(8)]);

/** The same, of which the lower of the two descriptors is kept. */
export function socketEnd(caller: Caller, family: number, type: number): Outcome<number> {
  return lowerOf(caller, made(caller, "socketpair", [family, type, 0, room(8)]));
}

export const dup3 = (caller: Caller, fd: number, as: number, flags = 0): Outcome<number> =>
  result(caller, "dup3", [fd, as, flags]);

export const openByHandle = (caller: Caller, mount: number, handle: Uint8Array, flags: number): Outcome<number> =>
  result(caller, "open_by_handle_at", [mount, handle, flags]);

/** pipe2(2), of which the read end is kept: the lower of the two descriptors. */
export const pipeEnd = (caller: Caller): Outcome<number> =>
  lowerOf(caller, made(caller, "pipe2", [room(8), CONSTANTS.O_CLOEXEC]));

/** Closes the other descriptor. */
function lowerOf(caller: Caller, pair: Outcome<Returned>): Outcome<number> {
  if (!pair.ok) return pair;
  const ends = viewOf(pair.value);
  const closed = close(caller, ends.getInt32(4, true));
  return closed.ok ? ok(ends.getInt32(0, true)) : closed;
}

export const fcntl = (caller: Caller, fd: number, command: number, argument = 0): Outcome<number> =>
  result(caller, "fcntl", [fd, command, argument]);

interface FilePlace {
  readonly dev: bigint;
  readonly ino: bigint;
}
const placeOf = (stat: DataView): FilePlace => ({ dev: stat.getBigUint64(0, true), ino: stat.getBigUint64(8, true) });

export function fstat(caller: Caller, fd: number): Outcome<FilePlace> {
  const outcome = made(caller, "fstat", [fd, room(STAT_BYTES)]);
  return outcome.ok ? ok(placeOf(viewOf(outcome.value))) : outcome;
}

/** stat(2) or, without `follow`, lstat(2). */
export function stat(caller: Caller, path: string, { follow }: { follow: boolean }): Outcome<FilePlace> {
  const flags = follow ? 0 : CONSTANTS.AT_SYMLINK_NOFOLLOW;
  const outcome = made(caller, "newfstatat", [AT_FDCWD, path, room(STAT_BYTES), flags]);
  return outcome.ok ? ok(placeOf(viewOf(outcome.value))) : outcome;
}

export function readlink(caller: Caller, path: string): Outcome<string> {
  const outcome = made(caller, "readlinkat", [AT_FDCWD, path, room(PATH_MAX), PATH_MAX]);
  return outcome.ok ? ok(textOf(outcome.value)) : outcome;
}

/** As much of the file as one read gives, at most 4096 bytes. */
export function read(caller: Caller, fd: number): Outcome<string> {
  const outcome = made(caller, "read", [fd, room(PATH_MAX), PATH_MAX]);
  return outcome.ok ? ok(textOf(outcome.value)) : outcome;
}

export function write(caller: Caller, fd: number, content: string | Uint8Array): Outcome<number> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return result(caller, "write", [fd, bytes, bytes.length]);
}

export const pwrite = (caller: Caller, fd: number, bytes: Uint8Array, offset: number): Outcome<number> =>
  result(caller, "pwrite64", [fd, bytes, bytes.length, offset]);

/** What the three calls of writing a file gave; a later one is missing where an earlier was refused. */
export interface Written {
  readonly open: Outcome<number>;
  readonly write?: Outcome<number>;
  readonly close?: Outcome<number>;
}

/** open, one write, close: files such as /proc/PID/uid_map judge each on its own. Each character is a byte. */
export function writeFile(caller: Caller, path: string, text: string, flags: number): Written {
  const opened = open(caller, path, flags);
  if (!opened.ok) return { open: opened };
  const written = write(caller, opened.value, Buffer.from(text, "latin1"));
  return { open: opened, write: written, close: close(caller, opened.value) };
}

export const setns = (caller: Caller, fd: number, nstype: number): Outcome<number> =>
  result(caller, "setns", [fd, nstype]);

export const unshare = (caller: Caller, flags: number): Outcome<number> => result(caller, "unshare", [flags]);

/** Real, effective and saved; -1 leaves one as it is. Ids are those of the caller's user namespace. */
export interface ThreeIds {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
}

export const setresuid = (caller: Caller, ids: ThreeIds): Outcome<number> =>
  result(caller, "setresuid", [ids.real, ids.effective, ids.saved]);

export const setresgid = (caller: Caller, ids: ThreeIds): Outcome<number> =>
  result(caller, "setresgid", [ids.real, ids.effective, ids.saved]);

export const setgroups = (caller: Caller, groups: readonly number[]): Outcome<number> =>
  result(caller, "setgroups", [groups.length, bytesOf(Uint32Array.from(groups))]);

export interface CapabilitySets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

/** _LINUX_CAPABILITY_VERSION_3: 64 bits a set, in two halves. Source: capset(2), include/uapi/linux/capability.h. */
const CAPABILITY_VERSION_3 = 0x20080522;
/** Three sets, in two halves of 32 bits. */
const CAPABILITY_BYTES = 24;
const HALF = 32n;
const LOW_HALF = 0xffffffffn;

/** Of the calling thread. */
export const capset = (caller: Caller, sets: CapabilitySets): Outcome<number> =>
  result(caller, "capset", capabilityWords(sets));

/** What capset(2) takes. */
export function capabilityWords({ effective, permitted, inheritable }: CapabilitySets): [Uint8Array, Uint8Array] {
  const sets = [effective, permitted, inheritable];
  const halves = [...sets.map((set) => set & LOW_HALF), ...sets.map((set) => set >> HALF)];
  const header = bytesOf(Uint32Array.of(CAPABILITY_VERSION_3, 0));
  return [header, bytesOf(Uint32Array.from(halves, Number))];
}

/** Of a thread, by its number. */
export function capget(caller: Caller, pid: number): Outcome<CapabilitySets> {
  const header = bytesOf(Uint32Array.of(CAPABILITY_VERSION_3, pid));
  const outcome = made(caller, "capget", [header, room(CAPABILITY_BYTES)]);
  if (!outcome.ok) return outcome;
  const view = viewOf(outcome.value);
  const set = (at: number): bigint =>
    BigInt(view.getUint32(at, true)) | (BigInt(view.getUint32(at + CAPABILITY_BYTES / 2, true)) << HALF);
  return ok({ effective: set(0), permitted: set(4), inheritable: set(8) });
}

export const prctl = (caller: Caller, option: number, ...args: readonly Argument[]): Outcome<number> =>
  result(caller, "prctl", [option, ...args]);

export interface MountWish {
  readonly source: string;
  readonly target: string;
  readonly type?: string;
  readonly flags?: number;
  readonly data?: string;
}

export const mount = (caller: Caller, { source, target, type, flags = 0, data }: MountWish): Outcome<number> =>
  result(caller, "mount", [source, target, type ?? 0, flags, data ?? 0]);

export const umount2 = (caller: Caller, target: string, flags = 0): Outcome<number> =>
  result(caller, "umount2", [target, flags]);

export const chroot = (caller: Caller, path: string): Outcome<number> => result(caller, "chroot", [path]);

export const pivotRoot = (caller: Caller, newRoot: string, putOld: string): Outcome<number> =>
  result(caller, "pivot_root", [newRoot, putOld]);

export const chdir = (caller: Caller, path: string): Outcome<number> => result(caller, "chdir", [path]);

export const pidfdOpen = (caller: Caller, pid: number, flags = 0): Outcome<number> =>
  result(caller, "pidfd_open", [pid, flags]);

export function sethostname(caller: Caller, name: string): Outcome<number> {
  const bytes = new TextEncoder().encode(name);
  return result(caller, "sethostname", [bytes, bytes.length]);
}

export const getpid = (caller: Caller): Outcome<number> => result(caller, "getpid", []);

export const getppid = (caller: Caller): Outcome<number> => result(caller, "getppid", []);

/** Numbers are those of the caller's pid namespace. */
export const kill = (caller: Caller, pid: number, signal: number): Outcome<number> =>
  result(caller, "kill", [pid, signal]);

/** `pid` 0: with WNOHANG, no child has ended. */
export interface Waited {
  readonly pid: number;
  readonly status: number;
}

export function wait4(caller: Caller, pid: number, options = 0): Outcome<Waited> {
  const outcome = made(caller, "wait4", [pid, room(4), options, 0]);
  if (!outcome.ok) return outcome;
  return ok({ pid: outcome.value.ret, status: viewOf(outcome.value).getInt32(0, true) });
}

const bytesOf = (numbers: Uint32Array): Uint8Array => new Uint8Array(numbers.buffer);

/** Of the only room that the call had. */
function viewOf({ out }: Returned): DataView {
  const bytes = out[0] ?? new Uint8Array();
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const textOf = ({ ret, out }: Returned): string => new TextDecoder().decode(out[0]?.subarray(0, ret));
