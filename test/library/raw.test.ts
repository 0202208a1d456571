import { spawnSync } from "node:child_process";
import { constants, readlinkSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import * as raw from "../../src/raw.ts";
import { needs } from "../support/needs.ts";
import { KERNELS, type Kernel } from "./kernels.ts";

const opened: number[] = [];
/** Closed after the test. */
function kept(fd: number): number {
  opened.push(fd);
  return fd;
}
const open = (path: string, flags?: number): number => kept(raw.open(path, flags));
const own = (link: string): number => open(`/proc/self/ns/${link}`);
afterEach(() => {
  for (const fd of opened.splice(0)) raw.close(fd);
});

describe("ioctl on the running kernel", needs("native"), () => {
  test.each(KINDS)("NS_GET_NSTYPE of %s is its CLONE_NEW flag", (kind) => {
    expect(raw.ioctl(own(kind), "NS_GET_NSTYPE")).toBe(raw.CLONE_NEW[NAMESPACE_KINDS[kind].flagName]);
  });

  test("NS_GET_USERNS gives a descriptor of the user namespace that owns it", () => {
    const owner = kept(raw.ioctl(own("uts"), "NS_GET_USERNS"));
    expect(readlinkSync(`/proc/self/fd/${owner}`)).toBe(readlinkSync("/proc/self/ns/user"));
    expect(raw.fstat(owner)).toEqual(raw.fstat(own("user")));
  });

  test("fstat has device and inode as bigint, the inode that of the link's text", () => {
    const { dev, ino } = raw.fstat(own("net"));
    expect(typeof dev).toBe("bigint");
    expect(`net:[${ino}]`).toBe(readlinkSync("/proc/self/ns/net"));
  });

  test("fstat answers for an O_PATH descriptor too", () => {
    expect(raw.fstat(open("/proc/self/ns/net", CONSTANTS.O_PATH))).toEqual(raw.fstat(own("net")));
  });

  test(
    "NS_GET_ID is 64 bits, the same for the same namespace, another for another",
    needs("kernel:namespace-id"),
    () => {
      const ids = KINDS.map((kind) => raw.ioctl(own(kind), "NS_GET_ID"));
      expect(ids.every((id) => typeof id === "bigint" && id > 0n)).toBe(true);
      expect(new Set(ids).size).toBe(KINDS.length);
      expect(ids).toEqual(KINDS.map((kind) => raw.ioctl(own(kind), "NS_GET_ID")));
    },
  );

  test("NS_GET_MNTNS_ID is NS_GET_ID of a mount namespace", needs("kernel:namespace-id"), () => {
    expect(raw.ioctl(own("mnt"), "NS_GET_MNTNS_ID")).toBe(raw.ioctl(own("mnt"), "NS_GET_ID"));
  });

  test("a process's number in its own pid namespace is its number", needs("kernel:pid-translation"), () => {
    for (const request of TRANSLATIONS) expect(raw.ioctl(own("pid"), request, process.pid)).toBe(process.pid);
  });
});

const TRANSLATIONS = [
  "NS_GET_PID_FROM_PIDNS",
  "NS_GET_TGID_FROM_PIDNS",
  "NS_GET_PID_IN_PIDNS",
  "NS_GET_TGID_IN_PIDNS",
] as const;

const [, LIVE] = KERNELS;
describe("ioctl across namespaces", LIVE.needs, () => {
  const draw = (): Kernel => LIVE.draw("user:init\n  user:box by 1000\npid:init\n  pid:box of user:box");

  test("parent, owner and creator of what lies below", () => {
    using kernel = draw();
    const [user, pid] = [open(kernel.fileOf("user:box")), open(kernel.fileOf("pid:box"))];
    expect(raw.fstat(kept(raw.ioctl(user, "NS_GET_PARENT")))).toEqual(raw.fstat(own("user")));
    expect(raw.fstat(kept(raw.ioctl(pid, "NS_GET_PARENT")))).toEqual(raw.fstat(own("pid")));
    expect(raw.fstat(kept(raw.ioctl(pid, "NS_GET_USERNS")))).toEqual(raw.fstat(user));
    expect(raw.ioctl(user, "NS_GET_OWNER_UID")).toBe(1000);
    expect(raw.ioctl(own("user"), "NS_GET_OWNER_UID")).toBe(0);
  });

  test("pids are translated there and back", needs("kernel:pid-translation"), () => {
    using kernel = draw();
    const keeper = kernel.world.keepers.get("pid:box");
    const outside = keeper === undefined ? 0 : kernel.pidOf(keeper);
    const pid = open(kernel.fileOf("pid:box"));
    expect(raw.ioctl(pid, "NS_GET_PID_FROM_PIDNS", 1)).toBe(outside);
    expect(raw.ioctl(pid, "NS_GET_TGID_FROM_PIDNS", 1)).toBe(outside);
    expect(raw.ioctl(pid, "NS_GET_PID_IN_PIDNS", outside)).toBe(1);
    expect(raw.ioctl(pid, "NS_GET_TGID_IN_PIDNS", outside)).toBe(1);
  });

  test("each descriptor that an ioctl gives is O_RDONLY and close-on-exec, and no child has it", () => {
    using kernel = draw();
    const given = [
      raw.ioctl(open(kernel.fileOf("user:box")), "NS_GET_PARENT"),
      raw.ioctl(open(kernel.fileOf("pid:box")), "NS_GET_PARENT"),
      raw.ioctl(own("net"), "NS_GET_USERNS"),
    ].map(kept);
    const O_ACCMODE = 3;
    expect(given.map((fd) => raw.fcntl(fd, "F_GETFL") & O_ACCMODE)).toEqual([0, 0, 0].map(() => constants.O_RDONLY));
    expect(given.map((fd) => raw.fcntl(fd, "F_GETFD"))).toEqual([1, 1, 1].map(() => CONSTANTS.FD_CLOEXEC));
    // The ones that `open` gave are closed in it as well.
    const { stdout } = spawnSync("ls", ["-l", "/proc/self/fd"], { encoding: "utf8" });
    expect(stdout).toContain("/proc/");
    expect(stdout).not.toMatch(/(user|pid|net):\[/);
  });
});
