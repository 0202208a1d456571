import { constants, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { NSFS_IOCTLS, requestNumber } from "../../../src/abi/ioctls.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import {
  capset,
  chdir,
  chroot,
  close,
  fcntl,
  fstat,
  ioctl,
  kill,
  mount,
  open,
  pidfdOpen,
  prctl,
  readlink,
  setgroups,
  sethostname,
  setns,
  setresuid,
  umount2,
  unshare,
  write,
  writeFile,
} from "../../../src/kernel/live/holder-calls.ts";
import { ok, refused } from "../../../src/rules/outcome.ts";
import { needs } from "../../support/needs.ts";
import { ORDINARY_USER } from "../../support/ordinary-user.ts";
import { becomeOrdinary, clone3, linkOf, openTestHolders } from "./holder-support.ts";

/** unshare moves the caller itself, but for these two: their children. */
const MOVED: Partial<Record<NamespaceKind, ProcLink>> = { pid: "pid_for_children", time: "time_for_children" };
const PRIVILEGED = KINDS.filter((kind) => kind !== "user");
const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
const flagOf = (kind: NamespaceKind): number => NAMESPACE_KINDS[kind].flag;

describe("root", needs("native", "root"), () => {
  test.each(PRIVILEGED)("moves one holder to a new %s namespace, and back by setns; others stay", (kind) => {
    using holders = openTestHolders();
    const [holder, other] = [holders.start(), holders.start()];
    const caller = { holders, holder };
    const link = MOVED[kind] ?? kind;
    // A pid namespace shows no link before it has a process.
    const look = (): string | undefined => {
      const outcome = readlink(caller, `/proc/self/ns/${link}`);
      return outcome.ok ? outcome.value : outcome.errno;
    };
    const before = linkOf(holder, link);
    const own = open(caller, `/proc/self/ns/${kind}`, constants.O_RDONLY);
    expect(own).toEqual(ok(0));
    expect(unshare(caller, flagOf(kind))).toEqual(ok(0));
    expect(look()).not.toBe(before);
    if (kind !== "pid") expect(look()).toBe(linkOf(holder, link));
    expect(linkOf(other, link)).toBe(before);
    expect(setns(caller, 0, flagOf(kind))).toEqual(ok(0));
    expect(look()).toBe(before);
    expect(linkOf(holder, link)).toBe(before);
  });

  test("may lie in other namespaces with each thread", () => {
    using holders = openTestHolders();
    const leader = holders.start();
    const flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    const thread = clone3(holders, leader, { flags, exitSignal: 0 });
    expect(unshare({ holders, holder: thread }, flagOf("net"))).toEqual(ok(0));
    expect(linkOf(thread, "net")).not.toBe(linkOf(leader, "net"));
    expect(linkOf(thread, "uts")).toBe(linkOf(leader, "uts"));
    expect(sethostname({ holders, holder: leader }, "")).toMatchObject({ ok: true });
    expect(unshare({ holders, holder: thread }, flagOf("user"))).toEqual(refused("EINVAL"));
  });

  test("becomes an ordinary user in one holder alone", () => {
    using holders = openTestHolders();
    const [holder, other] = [holders.start(), holders.start()];
    becomeOrdinary({ holders, holder });
    expect(holders.syscall(holder, "geteuid")).toMatchObject({ ret: ORDINARY_USER.uid });
    expect(holders.syscall(other, "geteuid")).toMatchObject({ ret: 0 });
    expect(unshare({ holders, holder }, flagOf("uts"))).toEqual(refused("EPERM"));
    expect(setresuid({ holders, holder }, { real: 0, effective: -1, saved: -1 })).toEqual(refused("EPERM"));
    expect(prctl({ holders, holder }, CONSTANTS.PR_GET_DUMPABLE)).toEqual(ok(0));
    expect(holders.exec(holder)).toMatchObject({ ret: 0 });
    expect(prctl({ holders, holder }, CONSTANTS.PR_GET_DUMPABLE)).toEqual(ok(1));
  });

  test("drops its capabilities in one holder", () => {
    using holders = openTestHolders();
    const caller = { holders, holder: holders.start() };
    expect(capset(caller, { effective: 0n, permitted: 1n << 21n, inheritable: 0n })).toEqual(ok(0));
    expect(unshare(caller, flagOf("uts"))).toEqual(refused("EPERM"));
    expect(readFileSync(`/proc/${caller.holder.pid}/status`, "utf8")).toContain("CapPrm:\t0000000000200000");
    expect(capset(caller, { effective: 1n << 21n, permitted: 1n << 21n, inheritable: 0n })).toEqual(ok(0));
    expect(unshare(caller, flagOf("uts"))).toEqual(ok(0));
    expect(capset(caller, { effective: 1n << 40n, permitted: 1n << 40n, inheritable: 0n })).toEqual(refused("EPERM"));
  });

  test("mounts, chroots and pins a namespace where no one else sees it", () => {
    using holders = openTestHolders();
    const [holder, other] = [holders.start(), holders.start()];
    const caller = { holders, holder };
    expect(unshare(caller, flagOf("mnt"))).toEqual(ok(0));
    const [MS_REC, MS_PRIVATE, MS_BIND] = [0x4000, 0x40000, 0x1000];
    expect(mount(caller, { source: "none", target: "/", flags: MS_REC | MS_PRIVATE })).toEqual(ok(0));
    expect(mount(caller, { source: "tmpfs", target: "/mnt", type: "tmpfs", data: "size=64k" })).toEqual(ok(0));
    const file = open(caller, "/mnt/pin", constants.O_CREAT | constants.O_WRONLY);
    expect(file).toEqual(ok(0));
    expect(close(caller, 0)).toEqual(ok(0));
    expect(mount(caller, { source: "/proc/self/ns/uts", target: "/mnt/pin", flags: MS_BIND })).toEqual(ok(0));
    const pin = open(caller, "/mnt/pin", constants.O_RDONLY);
    expect(pin).toEqual(ok(0));
    expect(fstat(caller, 0)).toMatchObject({ value: { ino: BigInt(linkOf(other, "uts").slice(5, -1)) } });
    expect(ioctl(caller, 0, requestNumber(NSFS_IOCTLS.NS_GET_NSTYPE))).toEqual(ok(flagOf("uts")));
    expect(fcntl(caller, 0, CONSTANTS.F_GETFD)).toEqual(ok(0));
    expect(chdir(caller, "/mnt")).toEqual(ok(0));
    expect(umount2(caller, "/mnt")).toEqual(refused("EBUSY"));
    expect(chroot(caller, "/mnt")).toEqual(ok(0));
    expect(open(caller, "/proc", constants.O_RDONLY)).toEqual(refused("ENOENT"));
    expect(unshare(caller, flagOf("user"))).toEqual(refused("EPERM"));
    // The program is reachable all the same.
    expect(holders.exec(holder)).toMatchObject({ ret: 0 });
    expect(open({ holders, holder: other }, "/mnt/pin", constants.O_RDONLY)).toEqual(refused("ENOENT"));
  });

  test("takes a holder to its new time namespace by exec", needs("kernel:time-namespaces"), () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const before = linkOf(holder, "time");
    expect(unshare({ holders, holder }, flagOf("time"))).toEqual(ok(0));
    expect(linkOf(holder, "time")).toBe(before);
    expect(holders.exec(holder)).toMatchObject({ ret: 0 });
    expect(linkOf(holder, "time")).not.toBe(before);
    expect(linkOf(holder, "time")).toBe(linkOf(holder, "time_for_children"));
  });
});

describe("an ordinary user", needs("native", "user-namespaces"), () => {
  test("makes a user namespace with all others in it, and maps itself", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const caller = { holders, holder };
    becomeOrdinary(caller);
    const before = KINDS.map((kind) => readlink(caller, `/proc/self/ns/${kind}`));
    const [uid, gid] = [holders.syscall(holder, "getuid"), holders.syscall(holder, "getgid")];
    if (uid.state !== "done" || gid.state !== "done") throw new Error("no ids");
    // After setresuid it is not dumpable, and its own files belong to root.
    expect(prctl(caller, CONSTANTS.PR_SET_DUMPABLE, 1)).toEqual(ok(0));
    const all = KINDS.reduce((bits, kind) => bits | flagOf(kind), 0);
    expect(unshare(caller, all)).toEqual(ok(0));
    const after = KINDS.map((kind) => readlink(caller, `/proc/self/ns/${MOVED[kind] ?? kind}`));
    expect(after.filter((link, i) => link === before[i])).toEqual([]);
    const write = (file: string, text: string) => writeFile(caller, `/proc/self/${file}`, text, constants.O_WRONLY);
    expect(write("gid_map", `0 ${gid.ret} 1`)).toMatchObject({ write: refused("EPERM") });
    expect(write("setgroups", "deny")).toMatchObject({ write: ok(4) });
    expect(write("gid_map", `0 ${gid.ret} 1`)).toMatchObject({ write: { ok: true } });
    expect(write("uid_map", `0 ${uid.ret} 1`)).toMatchObject({ write: { ok: true } });
    expect(holders.syscall(holder, "getuid")).toMatchObject({ ret: 0 });
    expect(setgroups(caller, [])).toEqual(refused("EPERM"));
    expect(sethostname(caller, "atlas")).toEqual(ok(0));
    const init = clone3(holders, holder);
    expect(holders.syscall(init, "getpid")).toMatchObject({ ret: 1 });
    // Its parent is still in the pid namespace outside, and numbers it from there.
    expect(pidfdOpen(caller, init.pid)).toEqual(ok(0));
    expect(kill(caller, init.pid, 0)).toEqual(ok(0));
    expect(pidfdOpen({ holders, holder: init }, init.pid)).toEqual(refused("ESRCH"));
  });

  test("nests user namespaces as deep as the kernel lets it", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const caller = { holders, holder };
    becomeOrdinary(caller);
    prctl(caller, CONSTANTS.PR_SET_DUMPABLE, 1);
    const id = holders.syscall(holder, "getuid");
    const gid = holders.syscall(holder, "getgid");
    if (id.state !== "done" || gid.state !== "done") throw new Error("no ids");
    let depth = 0;
    while (unshare(caller, flagOf("user")).ok) {
      depth++;
      writeFile(caller, "/proc/self/setgroups", "deny", constants.O_WRONLY);
      expect(writeFile(caller, "/proc/self/uid_map", `${id.ret} ${id.ret} 1`, constants.O_WRONLY).write).toMatchObject({
        ok: true,
      });
      expect(
        writeFile(caller, "/proc/self/gid_map", `${gid.ret} ${gid.ret} 1`, constants.O_WRONLY).write,
      ).toMatchObject({ ok: true });
    }
    expect(unshare(caller, flagOf("user"))).toEqual(refused("ENOSPC"));
    expect(depth).toBe(33);
    expect(write(caller, -1, "")).toEqual(refused("EBADF"));
  });
});
