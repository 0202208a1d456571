import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { ERRNOS } from "../../src/abi/errnos.ts";
import { NSFS_IOCTLS } from "../../src/abi/ioctls.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { SyscallError } from "../../src/errors.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { refusedIoctl } from "../../src/library/refused-ioctl.ts";
import * as raw from "../../src/raw.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";

const opened: number[] = [];
function open(path: string, flags?: number): number {
  const fd = raw.open(path, flags);
  opened.push(fd);
  return fd;
}
afterEach(() => {
  for (const fd of opened.splice(0)) raw.close(fd);
});

function refusal(call: () => unknown): SyscallError {
  try {
    call();
  } catch (error) {
    if (error instanceof SyscallError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
/** No call leads to a descriptor of this number. */
const NOT_OPEN = 1_000_000;

describe("a refused ioctl says what, the errno, why, and what to do", needs("native"), () => {
  test("EBADF: the descriptor is not open", () => {
    expect(refusal(() => raw.ioctl(NOT_OPEN, "NS_GET_USERNS"))).toMatchObject({
      code: "EBADF",
      syscall: "ioctl NS_GET_USERNS",
      subject: "fd 1000000",
      rule: "bad-descriptor",
      message:
        "ioctl NS_GET_USERNS on fd 1000000: EBADF, bad file descriptor. The descriptor is not open. " +
        "Open the file first, and keep it open for as long as you ask.",
    });
  });

  test("EBADF: it was opened with O_PATH", () => {
    const { code, rule, reason, hint } = refusal(() =>
      raw.ioctl(open("/proc/self/ns/net", CONSTANTS.O_PATH), "NS_GET_USERNS"),
    );
    expect({ code, rule, reason, hint }).toEqual({
      code: "EBADF",
      rule: "bad-descriptor",
      reason: "The descriptor was opened with O_PATH.",
      hint: "Open /proc/self/fd/N for reading, N being its number, and ask that one.",
    });
  });

  test.each(["/dev/null", "/", "/etc/passwd", "/proc/self/status"])("ENOTTY: %s is no namespace", (path) => {
    const { code, rule, reason, hint } = refusal(() => raw.ioctl(open(path), "NS_GET_NSTYPE"));
    expect({ code, rule }).toEqual({ code: "ENOTTY", rule: "not-a-namespace-file" });
    expect([reason, hint]).toEqual([
      "The file is no namespace file.",
      "Name a file of /proc/PID/ns, or a bind mount of one.",
    ]);
  });

  test("ENOTTY: the kernel is older than the call, told from a file that is no namespace", () => {
    // The kernel at hand has all calls: this is how one without answers, and what is then found out is real.
    const error = refusedIoctl(
      theAddon(),
      { fd: open("/proc/self/ns/net"), request: "NS_GET_ID", pid: 0 },
      { ok: false, errno: "ENOTTY" },
    );
    expect(error).toMatchObject({
      code: "ENOTTY",
      rule: "call-unknown-to-kernel",
      hint: "NS_GET_ID came with Linux 6.18.",
    });
    expect(error.subject).toMatch(/^net:\[\d+\] via fd \d+$/);
  });

  test("ENOTTY of Linux 4.9 and 4.10, which do not tell a namespace's kind either", () => {
    const old: Native = { ...theAddon(), ioctlValue: () => -ERRNOS.ENOTTY, ioctl: () => -ERRNOS.ENOTTY };
    const fd = open("/proc/self/ns/user");
    const error = refusedIoctl(old, { fd, request: "NS_GET_OWNER_UID", pid: 0 }, { ok: false, errno: "ENOTTY" });
    expect(error).toMatchObject({
      code: "ENOTTY",
      rule: "call-unknown-to-kernel",
      subject: `fd ${fd}`,
      reason: "This kernel does not have the call.",
      hint: "NS_GET_OWNER_UID came with Linux 4.11.",
    });
  });

  test.each(["cgroup", "ipc", "mnt", "net", "time", "uts"])("EINVAL: %s does not nest", (kind) => {
    const { code, rule, message } = refusal(() => raw.ioctl(open(`/proc/self/ns/${kind}`), "NS_GET_PARENT"));
    expect({ code, rule }).toEqual({ code: "EINVAL", rule: "kind-does-not-nest" });
    expect(message).toMatch(/EINVAL, invalid argument\. Only user and pid namespaces have parents\. Ask for its owner/);
  });

  test("EINVAL: no user namespace, no mount namespace, no pid namespace", needs("kernel:pid-translation"), () => {
    const net = open("/proc/self/ns/net");
    expect(refusal(() => raw.ioctl(net, "NS_GET_OWNER_UID"))).toMatchObject({
      code: "EINVAL",
      rule: "not-a-user-namespace",
    });
    expect(refusal(() => raw.ioctl(net, "NS_GET_MNTNS_ID"))).toMatchObject({
      code: "EINVAL",
      rule: "not-a-mount-namespace",
    });
    expect(refusal(() => raw.ioctl(net, "NS_GET_PID_IN_PIDNS", 1))).toMatchObject({
      code: "EINVAL",
      rule: "not-a-pid-namespace",
    });
  });

  test.each([
    ["user", "NS_GET_USERNS", "owner-outside-view"],
    ["user", "NS_GET_PARENT", "parent-outside-view"],
    ["pid", "NS_GET_PARENT", "parent-outside-view"],
  ] as const)("EPERM: %s, %s of the caller's own", (kind, request, rule) => {
    const fd = open(`/proc/self/ns/${kind}`);
    const error = refusal(() => raw.ioctl(fd, request));
    expect(error).toMatchObject({ code: "EPERM", rule });
    const isInitial = raw.fstat(fd).ino === BigInt(NAMESPACE_KINDS[kind].initialInode);
    // That there is nothing above is said in the sentence alone.
    expect(error.message.includes("is the initial one: there is nothing above it.")).toBe(isInitial);
  });

  test("ESRCH: no such process, whatever the number", needs("kernel:pid-translation"), () => {
    const pid = open("/proc/self/ns/pid");
    for (const number of [0, -1, -2_147_483_648, 2_147_483_647]) {
      const error = refusal(() => raw.ioctl(pid, "NS_GET_PID_IN_PIDNS", number));
      expect(error).toMatchObject({ code: "ESRCH", syscall: "ioctl NS_GET_PID_IN_PIDNS" });
      expect(error.reason).toContain(`No process has the number ${number}`);
    }
  });

  test("every call on a closed descriptor is EBADF", () => {
    const calls = [
      () => raw.close(NOT_OPEN),
      () => raw.fstat(NOT_OPEN),
      () => raw.fcntl(NOT_OPEN, "F_GETFL"),
      () => raw.ioctl(-1, "NS_GET_ID"),
    ];
    expect(calls.map((call) => refusal(call).code)).toEqual(calls.map(() => "EBADF"));
  });

  test("open: ENOENT, EACCES and ENAMETOOLONG, with the name safe to print", () => {
    const evil = refusal(() => raw.open("/nonexistent\n\u001b[31mred"));
    expect(evil).toMatchObject({ code: "ENOENT", syscall: "open", subject: "/nonexistent\\n\\x1b[31mred" });
    for (const control of ["\n", "\u001b"]) expect(evil.message).not.toContain(control);
    expect(refusal(() => raw.open(`/${"a".repeat(5000)}`)).code).toBe("ENAMETOOLONG");
    expect(refusal(() => raw.open(`/${"a".repeat(300)}`)).code).toBe("ENAMETOOLONG");
    expect(refusal(() => raw.open("/etc/passwd/x")).code).toBe("ENOTDIR");
  });

  test("open never waits: a FIFO opens and is no namespace, a socket does not open", async () => {
    using folder = temporaryFolder();
    const [fifo, socket] = [join(folder.path, "fifo"), join(folder.path, "socket")];
    spawnSync("mkfifo", [fifo]);
    const server: Server = createServer().listen(socket);
    await once(server, "listening");
    expect(refusal(() => raw.ioctl(open(fifo), "NS_GET_USERNS")).rule).toBe("not-a-namespace-file");
    expect(refusal(() => raw.open(socket)).code).toBe("ENXIO");
    server.close();
  });
});

/** As JavaScript calls it, whatever the types say. */
const untyped = (name: keyof typeof calls, ...values: readonly unknown[]): unknown =>
  Reflect.apply(calls[name], undefined, values);
const calls = { ioctl: raw.ioctl, open: raw.open, close: raw.close, fstat: raw.fstat, fcntl: raw.fcntl };

describe("wrong arguments never reach the kernel", needs("native"), () => {
  test.each([["3"], [3n], [null], [undefined], [{}], [[3]], [true]])("a descriptor %s is a TypeError", (fd) => {
    expect(() => untyped("ioctl", fd, "NS_GET_USERNS")).toThrow(TypeError);
    expect(() => untyped("fstat", fd)).toThrow(TypeError);
    expect(() => untyped("close", fd)).toThrow(TypeError);
    expect(() => untyped("fcntl", fd, "F_GETFD")).toThrow(TypeError);
  });

  test.each([1.5, Number.NaN, Infinity, 2 ** 31, -(2 ** 31) - 1, 2 ** 53])("a descriptor %s is a RangeError", (fd) => {
    expect(() => raw.ioctl(fd, "NS_GET_USERNS")).toThrow(RangeError);
    expect(() => raw.fstat(fd)).toThrow(RangeError);
    expect(() => raw.close(fd)).toThrow(RangeError);
    expect(() => raw.fcntl(fd, "F_GETFL")).toThrow(RangeError);
  });

  test.each([1.5, Number.NaN, 2 ** 31])("a pid %s is a RangeError", (pid) => {
    expect(() => raw.ioctl(open("/proc/self/ns/pid"), "NS_GET_PID_IN_PIDNS", pid)).toThrow(RangeError);
  });

  test("a pid too many, too few or of another type is a TypeError, and so is a request that is none", () => {
    const fd = open("/proc/self/ns/pid");
    expect(() => untyped("ioctl", fd, "NS_GET_PID_IN_PIDNS")).toThrow("NS_GET_PID_IN_PIDNS takes a pid");
    expect(() => untyped("ioctl", fd, "NS_GET_PID_IN_PIDNS", "1")).toThrow(TypeError);
    expect(() => untyped("ioctl", fd, "NS_GET_PARENT", 1)).toThrow("NS_GET_PARENT takes no argument");
    for (const request of ["FIONREAD", "NS_MNT_GET_NEXT", "toString", "__proto__", 0xb701, undefined, Symbol("x")]) {
      expect(() => untyped("ioctl", fd, request)).toThrow(TypeError);
    }
  });

  test("a path that is no string or holds a NUL is a TypeError; flags that write are a RangeError", () => {
    expect(() => untyped("open", 7)).toThrow(TypeError);
    expect(() => raw.open("/proc/self\0/ns/net")).toThrow(TypeError);
    expect(() => raw.open("/dev/null", 1)).toThrow(RangeError);
  });

  test("every request that the library names has a number and a row", () => {
    expect(Object.keys(raw.NS_REQUESTS)).toEqual(
      Object.keys(NSFS_IOCTLS).filter((name) => !name.startsWith("NS_MNT_")),
    );
    expect(raw.NS_REQUESTS.NS_GET_USERNS).toBe(0xb701);
    expect(raw.NS_REQUESTS.NS_GET_ID).toBe(0x8008b70d);
    expect(raw.CLONE_NEW).toMatchObject({ CLONE_NEWUSER: 0x10000000, CLONE_NEWTIME: 0x80 });
  });
});
