import { describe, expect, test } from "vitest";
import { NSFS_IOCTL_NAMES, NSFS_IOCTLS, PIDFD_IOCTL_NAMES, PIDFD_IOCTLS, requestNumber } from "../../src/abi/ioctls.ts";
import { NATIVE_FUNCTIONS } from "../../src/kernel/live/native.ts";
import { loadNative } from "../../src/kernel/live/load-native.ts";
import { needs } from "../support/needs.ts";

const NO_FD = 999_999;
const SIOCGSKNS = 0x894c;
const loaded = loadNative();
/** As JavaScript sees it: nothing keeps a caller from passing anything. */
const native = new Map<string, (...words: unknown[]) => unknown>(
  "native" in loaded ? Object.entries(loaded.native) : [],
);
const call = (name: string, ...words: unknown[]): unknown => native.get(name)?.(...words);

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const request = (name: keyof typeof NSFS_IOCTLS): number => requestNumber(NSFS_IOCTLS[name]);

describe("before the kernel is asked", needs("native"), () => {
  test.each(NATIVE_FUNCTIONS)("%s without arguments is a TypeError", (name) => {
    expect(() => call(name)).toThrow(TypeError);
  });

  test.each([
    ["a text for a number", "close", "3"],
    ["a bigint for a number", "close", 3n],
    ["an object with a value", "close", Object(3)],
    ["a number for a path", "openat", -100, 5, 0],
    ["a String object for a path", "openat", -100, Object("/"), 0],
    ["a path with a NUL", "openat", -100, "/proc\0/self", 0],
    ["an array for a typed array", "readlinkat", -100, "/proc/self", [1, 2, 3]],
    ["an ArrayBuffer for a typed array", "readlinkat", -100, "/proc/self", new ArrayBuffer(8)],
    ["a DataView for a typed array", "ioctl", NO_FD, request("NS_GET_ID"), new DataView(new ArrayBuffer(8))],
    ["numbers of another width", "fstat", NO_FD, new Uint8Array(64)],
    ["numbers with a sign", "fstat", NO_FD, new BigInt64Array(8)],
    ["clamped bytes", "ioctl", NO_FD, request("NS_GET_ID"), new Uint8ClampedArray(8)],
  ])("%s is a TypeError", (_, name, ...words) => {
    expect(() => call(name, ...words)).toThrow(TypeError);
  });

  test.each([
    ["NaN", "close", Number.NaN],
    ["a fraction", "close", 3.5],
    ["an fd beyond 32 bits", "close", 2 ** 32 + 3],
    ["infinity", "pidfdOpen", Number.POSITIVE_INFINITY, 0],
    ["a negative request", "ioctlValue", NO_FD, -1, 0],
    ["flags that write", "openat", -100, "/dev/null", 1],
    ["flags that read and write", "openat", -100, "/dev/null", 2],
    ["flags that create", "openat", -100, "/nonexistent", 0o100],
    ["flags that truncate", "openat", -100, "/nonexistent", 0o1000],
    ["flags that write, by openat2", "openat2", -100, "/dev/null", 1, 0],
    ["a request of 23 bytes", "statmount", bytes(23), bytes(600)],
    ["a request that says it is longer", "listmount", Uint8Array.of(32, ...bytes(23)), new BigUint64Array(1)],
    ["no room for a mount", "statmount", Uint8Array.of(24, ...bytes(23)), bytes(0)],
    ["no room for a link", "readlinkat", -100, "/proc/self", bytes(0)],
    ["room for four of five numbers", "fstat", NO_FD, new BigUint64Array(4)],
    ["room for one of two descriptors", "pipe2", new Int32Array(1), 0],
    ["seven bytes for an ioctl", "ioctl", NO_FD, request("NS_GET_OWNER_UID"), bytes(7)],
    ["less than the request says", "ioctl", NO_FD, request("NS_MNT_GET_INFO"), bytes(15)],
    ["less than a later kernel's request says", "ioctl", NO_FD, 0xffffb77f, bytes(0x3ffe)],
    ["a wish that nobody knows", "scanProc", NO_FD, 32, 0, 0],
    ["room for five of six answers", "askSocket", NO_FD, 0, new BigUint64Array(5)],
    ["fcntl that writes a lock", "fcntl", NO_FD, 5, 0],
    ["fcntl that writes an owner", "fcntl", NO_FD, 16, 0],
    ["an ioctl of terminals (TCGETS)", "ioctl", NO_FD, 0x5401, bytes(64)],
    ["an ioctl of terminals as a value", "ioctlValue", NO_FD, 0x5401, 0],
    ["FIONREAD", "ioctl", NO_FD, 0x541b, bytes(64)],
    ["an unknown nsfs request of unknown size", "ioctl", NO_FD, 0xb77f, bytes(64)],
    ["an unknown nsfs request as a value", "ioctlValue", NO_FD, 0xb77f, 0],
    ["room for one of two sockets", "messagePair", new Int32Array(1)],
    ["no content for a file", "sealedMemory", bytes(0), 0],
    ["words that do not end", "become", NO_FD, new Int32Array(0), Uint8Array.of(65), bytes(1)],
    ["an environment that does not end", "become", NO_FD, new Int32Array(0), bytes(1), Uint8Array.of(65)],
    ["standard output as one of the kept", "become", NO_FD, Int32Array.of(1), bytes(1), bytes(1)],
    ["an unknown pidfd request as a value", "ioctlValue", NO_FD, 0xff0b, 0],
    ["an exit code below 0", "exitGroup", -1],
    ["an exit code above 255", "exitGroup", 256],
  ])("%s is a RangeError", (_, name, ...words) => {
    expect(() => call(name, ...words)).toThrow(RangeError);
  });

  test("an array whose memory was given away is a RangeError", () => {
    const memory = new ArrayBuffer(64);
    const given = new Uint8Array(memory);
    structuredClone(memory, { transfer: [memory] });
    expect(() => call("ioctl", NO_FD, request("NS_GET_ID"), given)).toThrow(RangeError);
  });

  /** Whether a call got as far as the kernel, which knows no such descriptor. */
  const asked = (...words: unknown[]): boolean => {
    try {
      const [name, ...rest] = words;
      expect(call(String(name), ...rest)).toBe(-9);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return false;
    }
  };

  test("each request of our tables goes through as what it is: with a buffer, or with a number", () => {
    const ways = (number: number): string =>
      [asked("ioctl", NO_FD, number, bytes(64)) && "buffer", asked("ioctlValue", NO_FD, number, 0) && "number"]
        .filter(Boolean)
        .join(", ");
    const table = [
      ...NSFS_IOCTL_NAMES.map((name) => [name, ways(requestNumber(NSFS_IOCTLS[name]))]),
      ...PIDFD_IOCTL_NAMES.map((name) => [name, ways(requestNumber(PIDFD_IOCTLS[name]))]),
      ["SIOCGSKNS", ways(SIOCGSKNS)],
    ];
    expect(Object.fromEntries(table)).toEqual({
      NS_GET_USERNS: "buffer, number",
      NS_GET_PARENT: "buffer, number",
      NS_GET_NSTYPE: "buffer, number",
      NS_GET_OWNER_UID: "buffer",
      NS_GET_MNTNS_ID: "buffer",
      NS_GET_PID_FROM_PIDNS: "number",
      NS_GET_TGID_FROM_PIDNS: "number",
      NS_GET_PID_IN_PIDNS: "number",
      NS_GET_TGID_IN_PIDNS: "number",
      NS_MNT_GET_INFO: "buffer",
      NS_MNT_GET_NEXT: "buffer",
      NS_MNT_GET_PREV: "buffer",
      NS_GET_ID: "buffer",
      PIDFD_GET_CGROUP_NAMESPACE: "number",
      PIDFD_GET_IPC_NAMESPACE: "number",
      PIDFD_GET_MNT_NAMESPACE: "number",
      PIDFD_GET_NET_NAMESPACE: "number",
      PIDFD_GET_PID_NAMESPACE: "number",
      PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE: "number",
      PIDFD_GET_TIME_NAMESPACE: "number",
      PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE: "number",
      PIDFD_GET_USER_NAMESPACE: "number",
      PIDFD_GET_UTS_NAMESPACE: "number",
      PIDFD_GET_INFO: "buffer",
      SIOCGSKNS: "number",
    });
  });

  test("memory shared between threads, and memory that can grow, are as good as any", () => {
    // ES2024, and Node 20 has it.
    const growing: unknown = Reflect.construct(ArrayBuffer, [64, { maxByteLength: 128 }]);
    for (const memory of [new SharedArrayBuffer(64), growing as ArrayBuffer]) {
      expect(call("readlinkat", -100, "/proc/self", new Uint8Array(memory))).toBe(String(process.pid).length);
    }
  });
});
