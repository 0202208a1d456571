import { spawnSync } from "node:child_process";
import { closeSync, constants, readFileSync, readlinkSync, statfsSync, statSync, writeSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { ERRNOS } from "../../src/abi/errnos.ts";
import { NSFS_IOCTLS, PIDFD_IOCTLS, requestNumber } from "../../src/abi/ioctls.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

const { AT_FDCWD, F_GETFD, F_GETFL, FD_CLOEXEC, O_PATH } = CONSTANTS;
const NO_FD = 999_999;
let native: Native;
const load = (): void => {
  native = theAddon();
};

/** A descriptor for one test. */
function open(path: string, flags: number = constants.O_RDONLY): Disposable & { fd: number } {
  const fd = native.openat(AT_FDCWD, path, flags);
  if (fd < 0) throw new Error(`open ${path}: ${fd}`);
  return { fd, [Symbol.dispose]: () => expect(native.close(fd)).toBe(0) };
}

const owned = (fd: number): Disposable => ({ [Symbol.dispose]: () => closeSync(fd) });

describe("each call gives what the kernel gives", needs("native"), () => {
  beforeAll(load);

  test("openat", () => {
    using proc = open("/proc", constants.O_DIRECTORY);
    const fd = native.openat(proc.fd, "self/ns/net", 0);
    using _ = owned(fd);
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toBe(readlinkSync("/proc/self/ns/net"));
    expect(native.openat(proc.fd, "no such file", 0)).toBe(-ERRNOS.ENOENT);
    expect(native.openat(NO_FD, "self", 0)).toBe(-ERRNOS.EBADF);
    expect(native.openat(AT_FDCWD, "/dev/null", constants.O_DIRECTORY)).toBe(-ERRNOS.ENOTDIR);
    expect(native.openat(AT_FDCWD, "", 0)).toBe(-ERRNOS.ENOENT);
  });

  test("a path of 4095 bytes goes to the kernel, a longer one is its ENAMETOOLONG", () => {
    const path = (bytes: number): string => "/".repeat(bytes - 3) + "é!";
    expect(native.openat(AT_FDCWD, path(4095), 0)).toBe(-ERRNOS.ENOENT);
    expect(native.openat(AT_FDCWD, path(4096), 0)).toBe(-ERRNOS.ENAMETOOLONG);
    expect(native.readlinkat(AT_FDCWD, path(1_000_000), new Uint8Array(8))).toBe(-ERRNOS.ENAMETOOLONG);
  });

  test("close", () => {
    const fd = native.openat(AT_FDCWD, "/", 0);
    expect(native.close(fd)).toBe(0);
    expect(native.close(fd)).toBe(-ERRNOS.EBADF);
  });

  test("fstat", () => {
    using net = open("/proc/self/ns/net");
    const status = new BigUint64Array(5);
    expect(native.fstat(net.fd, status)).toBe(0);
    const { dev, ino, mode, uid, gid } = statSync("/proc/self/ns/net", { bigint: true });
    expect([...status]).toEqual([dev, ino, mode, uid, gid]);
    expect(native.fstat(NO_FD, status)).toBe(-ERRNOS.EBADF);
  });

  test("fstatfs, whose number has no sign", () => {
    for (const path of ["/", "/proc", "/proc/self/ns/net", "/sys", "/dev"]) {
      using file = open(path);
      expect(native.fstatfs(file.fd)).toBe(statfsSync(path).type);
    }
    using net = open("/proc/self/ns/net");
    expect(native.fstatfs(net.fd)).toBe(CONSTANTS.NSFS_MAGIC);
    expect(native.fstatfs(NO_FD)).toBe(-ERRNOS.EBADF);
  });

  test("readlinkat, cut off where the room ends", () => {
    using ns = open("/proc/self/ns", O_PATH);
    const text = readlinkSync("/proc/self/ns/net");
    const room = new Uint8Array(64);
    expect(native.readlinkat(ns.fd, "net", room)).toBe(text.length);
    expect(Buffer.from(room).toString("latin1", 0, text.length)).toBe(text);
    const little = new Uint8Array(room.buffer, 0, 4).fill(0);
    expect(native.readlinkat(ns.fd, "net", little)).toBe(4);
    expect(Buffer.from(little).toString()).toBe("net:");
    expect(native.readlinkat(AT_FDCWD, "/", room)).toBe(-ERRNOS.EINVAL);
  });

  test("fcntl, with a duplicate that is close-on-exec", () => {
    const F_DUPFD_CLOEXEC = 1030;
    using root = open("/");
    const copy = native.fcntl(root.fd, F_DUPFD_CLOEXEC, 100);
    using _ = owned(copy);
    expect(copy).toBeGreaterThanOrEqual(100);
    expect(native.fcntl(copy, F_GETFD, 0)).toBe(FD_CLOEXEC);
    expect(native.fcntl(copy, CONSTANTS.F_SETFD, 0)).toBe(0);
    expect(native.fcntl(copy, F_GETFD, 0)).toBe(0);
    expect(native.fcntl(NO_FD, F_GETFL, 0)).toBe(-ERRNOS.EBADF);
  });

  test("pipe2, with both ends close-on-exec", () => {
    const ends = new Int32Array(2);
    expect(native.pipe2(ends, CONSTANTS.O_NONBLOCK)).toBe(0);
    for (const fd of ends) {
      expect(native.fcntl(fd, F_GETFD, 0)).toBe(FD_CLOEXEC);
      expect(native.fcntl(fd, F_GETFL, 0) & CONSTANTS.O_NONBLOCK).toBe(CONSTANTS.O_NONBLOCK);
      closeSync(fd);
    }
    expect(native.pipe2(ends, 1)).toBe(-ERRNOS.EINVAL);
  });

  test("messagePair, close-on-exec, and receiveDescriptor, which never waits", () => {
    const ends = new Int32Array(2);
    expect(native.messagePair(ends)).toBe(0);
    const [one = NO_FD, other = NO_FD] = ends;
    expect([one, other].map((fd) => native.fcntl(fd, F_GETFD, 0))).toEqual([FD_CLOEXEC, FD_CLOEXEC]);
    expect(native.receiveDescriptor(one)).toBe(-ERRNOS.EAGAIN);
    writeSync(other, "no descriptor");
    expect(native.receiveDescriptor(one)).toBe(-ERRNOS.EBADMSG);
    closeSync(one);
    closeSync(other);
    expect(native.receiveDescriptor(NO_FD)).toBe(-ERRNOS.EBADF);
  });

  test("pidfdOpen", () => {
    const fd = native.pidfdOpen(process.pid, 0);
    using _ = owned(fd);
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8")).toMatch(new RegExp(`^Pid:\\s${process.pid}$`, "m"));
    expect(native.pidfdOpen(-1, 0)).toBe(-ERRNOS.EINVAL);
    expect(native.pidfdOpen(process.pid, 0x4000_0000)).toBe(-ERRNOS.EINVAL);
  });
});

describe("ioctl", needs("native"), () => {
  beforeAll(load);
  const buffer = new Uint8Array(64);
  const request = (name: keyof typeof NSFS_IOCTLS): number => requestNumber(NSFS_IOCTLS[name]);

  test("NS_GET_NSTYPE gives the clone flag", () => {
    using net = open("/proc/self/ns/net");
    expect(native.ioctlValue(net.fd, request("NS_GET_NSTYPE"), 0)).toBe(0x40000000);
    expect(native.ioctl(net.fd, request("NS_GET_NSTYPE"), buffer)).toBe(0x40000000);
  });

  test("the kernel's errnos come through", () => {
    using uts = open("/proc/self/ns/uts");
    using nothing = open("/dev/null");
    using looked = open("/proc/self/ns/uts", O_PATH);
    expect(native.ioctlValue(uts.fd, request("NS_GET_PARENT"), 0)).toBe(-ERRNOS.EINVAL);
    expect(native.ioctl(uts.fd, request("NS_GET_OWNER_UID"), buffer)).toBe(-ERRNOS.EINVAL);
    expect(native.ioctlValue(nothing.fd, request("NS_GET_NSTYPE"), 0)).toBe(-ERRNOS.ENOTTY);
    expect(native.ioctlValue(looked.fd, request("NS_GET_NSTYPE"), 0)).toBe(-ERRNOS.EBADF);
    expect(native.ioctlValue(NO_FD, request("NS_GET_NSTYPE"), 0)).toBe(-ERRNOS.EBADF);
  });

  test("NS_GET_OWNER_UID fills four bytes and no more", () => {
    using user = open("/proc/self/ns/user");
    const bytes = new Uint8Array(8).fill(0xa5);
    expect(native.ioctl(user.fd, request("NS_GET_OWNER_UID"), bytes)).toBe(0);
    expect([...bytes]).toEqual([0, 0, 0, 0, 0xa5, 0xa5, 0xa5, 0xa5]);
  });

  test("NS_GET_ID fills a 64-bit number", needs("native", "kernel:namespace-id"), () => {
    using uts = open("/proc/self/ns/uts");
    expect(native.ioctl(uts.fd, request("NS_GET_ID"), buffer)).toBe(0);
    expect(new DataView(buffer.buffer).getBigUint64(0, true)).toBeGreaterThan(0n);
  });

  test("a pid is translated", needs("native", "kernel:pid-translation"), () => {
    using pidNamespace = open("/proc/self/ns/pid");
    const call = request("NS_GET_TGID_IN_PIDNS");
    expect(native.ioctlValue(pidNamespace.fd, call, process.pid)).toBe(process.pid);
    expect(native.ioctlValue(pidNamespace.fd, call, 0)).toBe(-ERRNOS.ESRCH);
  });

  test("a pidfd gives its process's namespaces", needs("native", "kernel:pidfd-namespaces"), () => {
    const pidfd = native.pidfdOpen(process.pid, 0);
    using _ = owned(pidfd);
    const fd = native.ioctlValue(pidfd, requestNumber(PIDFD_IOCTLS.PIDFD_GET_UTS_NAMESPACE), 0);
    const link = readlinkSync(`/proc/self/fd/${fd}`);
    closeSync(fd);
    expect(link).toBe(readlinkSync("/proc/self/ns/uts"));
  });

  test("a descriptor that it gives is read-only, close-on-exec, and no child sees it", needs("native"), () => {
    using uts = open("/proc/self/ns/uts");
    const fd = native.ioctlValue(uts.fd, request("NS_GET_USERNS"), 0);
    using _ = owned(fd);
    expect(native.fcntl(fd, F_GETFL, 0) & 3).toBe(constants.O_RDONLY);
    expect(native.fcntl(fd, F_GETFD, 0)).toBe(FD_CLOEXEC);
    expect(native.fcntl(uts.fd, F_GETFD, 0)).toBe(FD_CLOEXEC);
    const { stdout } = spawnSync("ls", ["-l", "/proc/self/fd"], { encoding: "utf8" });
    expect(stdout).not.toMatch(/(uts|user):\[/);
  });
});
