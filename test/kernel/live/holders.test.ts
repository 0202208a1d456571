import { SLOTS } from "../../../src/kernel/live/holder-wire.ts";
import { constants, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { ERRNOS } from "../../../src/abi/errnos.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { filled, pointing, room } from "../../../src/kernel/live/holder-arguments.ts";
import { close, getpid, open, read, wait4, writeFile } from "../../../src/kernel/live/holder-calls.ts";
import { cloneArgs } from "../../../src/kernel/live/holder-clone.ts";
import type { Holder, Holders } from "../../../src/kernel/live/holders.ts";
import { ok, refused } from "../../../src/rules/outcome.ts";
import { needs } from "../../support/needs.ts";
import { childOf, clone3, openTestHolders, stateOf } from "./holder-support.ts";

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_VFORK, CLONE_THREAD, CLONE_PARENT } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
const NEWPID = NAMESPACE_KINDS.pid.flag;
/** Exit status as wait4(2) has it: the code in the second byte, or the signal. */
const exited = (code: number): number => code << 8;
const killed = CONSTANTS.SIGKILL;

describe("a started holder", needs("native"), () => {
  test("makes calls under the pid that it says, as the dispatcher's child", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(holders.syscall(holder, "getpid")).toEqual({ state: "done", ret: holder.pid, out: [] });
    expect(holders.syscall(holder, "getppid")).toMatchObject({ ret: holders.pid });
    expect(holders.living).toEqual([holder]);
  });

  test("has no descriptors but the three parked ones, so its own begin at 0", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(readdirSync(`/proc/${holder.pid}/fd`)).toHaveLength(3);
    expect(open({ holders, holder }, "/", constants.O_RDONLY)).toEqual(ok(0));
    expect(open({ holders, holder }, "/", constants.O_RDONLY)).toEqual(ok(1));
    expect(close({ holders, holder }, 0)).toEqual(ok(0));
    expect(close({ holders, holder }, 0)).toEqual(refused("EBADF"));
  });

  test("passes numbers as they are, be they negative, large, or a bad address", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(holders.syscall(holder, "read", [-1, 0, 1])).toMatchObject({ ret: -ERRNOS.EBADF });
    expect(holders.syscall(holder, "pipe2", [1, 0])).toMatchObject({ ret: -ERRNOS.EFAULT });
    expect(
      holders.syscall(holder, "lseek", [open({ holders, holder }, "/proc/self/mem", 0).ok ? 0 : -1, 2n ** 40n, 0]),
    ).toMatchObject({ ret: 2 ** 40 });
    expect(holders.syscall(holder, 0xffff)).toMatchObject({ ret: -ERRNOS.ENOSYS });
    expect(() => holders.syscall(holder, "close", [0.5])).toThrow(RangeError);
    expect(() => holders.syscall(holder, "close", [1, 2, 3, 4, 5, 6, 7])).toThrow(RangeError);
  });

  test("brings back what a call writes, to several places and through pointers in structs", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const ends = holders.syscall(holder, "pipe2", [room(8), 0]);
    expect(ends).toMatchObject({ ret: 0, out: [new Uint8Array(Int32Array.of(0, 1).buffer)] });
    // struct iovec: address, length.
    const iovecs = new Uint8Array(new BigUint64Array([0n, 3n, 0n, 2n]).buffer);
    const from = pointing(iovecs, [
      [0, new Uint8Array([1, 2, 3])],
      [16, new Uint8Array([4, 5])],
    ]);
    expect(holders.syscall(holder, "writev", [1, from, 2])).toMatchObject({ ret: 5 });
    const into = pointing(iovecs, [
      [0, room(3)],
      [16, filled(new Uint8Array([9, 9]))],
    ]);
    expect(holders.syscall(holder, "readv", [0, into, 2])).toMatchObject({
      ret: 5,
      out: [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5])],
    });
  });

  test("starts a room with zeros, whatever the last call left there", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    holders.syscall(holder, "getcwd", [filled(new Uint8Array(4096).fill(7)), 4096]);
    expect(holders.syscall(holder, "getcwd", [room(4096), 1])).toEqual({
      state: "done",
      ret: -ERRNOS.ERANGE,
      out: [new Uint8Array(4096)],
    });
  });

  test("takes data up to the size of its area, and refuses more before anything is sent", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const caller = { holders, holder };
    open(caller, "/dev/null", constants.O_WRONLY);
    expect(holders.syscall(holder, "write", [0, new Uint8Array(16_384), 16_384])).toMatchObject({ ret: 16_384 });
    expect(() => holders.syscall(holder, "write", [0, new Uint8Array(16_385), 16_385])).toThrow(RangeError);
    expect(() => holders.syscall(holder, "read", [0, room(16_385), 1])).toThrow(RangeError);
    expect(getpid(caller)).toEqual(ok(holder.pid));
  });

  test("does not make calls that return twice", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(() => holders.syscall(holder, "clone3", cloneArgs({}))).toThrow(TypeError);
    expect(() => holders.syscall(holder, "clone", [0, 0, 0, 0, 0])).toThrow(TypeError);
  });

  test("goes on after an exec, with the same pid and the descriptors that stay open", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const caller = { holders, holder };
    open(caller, "/", constants.O_RDONLY);
    open(caller, "/", constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
    expect(holders.exec(holder)).toEqual({ state: "done", ret: 0, out: [] });
    expect(getpid(caller)).toEqual(ok(holder.pid));
    expect(close(caller, 0)).toEqual(ok(0));
    expect(close(caller, 1)).toEqual(refused("EBADF"));
    expect(holders.exec(holder)).toMatchObject({ ret: 0 });
    const child = clone3(holders, holder);
    expect(getpid({ holders, holder: child })).toEqual(ok(child.pid));
  });

  test("keeps to one CPU with its client where that is asked, which gets its own back", () => {
    const own = readAffinity();
    {
      using holders = openTestHolders({ oneCpu: true });
      expect(readAffinity()).toMatch(/^\d+$/);
      expect(getpid({ holders, holder: holders.start() }).ok).toBe(true);
    }
    expect(readAffinity()).toBe(own);
  });
});

describe("many calls", needs("native"), () => {
  test("sent together are answered in order, whoever makes them and however many frames they take", () => {
    using holders = openTestHolders();
    const three = [holders.start(), holders.start(), holders.start()];
    const calls = Array.from({ length: 3000 }, (_, i) => three.slice(i % 3, (i % 3) + 1)).flat();
    const answers = holders.batch(calls.map((holder) => ({ holder, call: "getpid" })));
    expect(answers.map((answer) => answer.state === "done" && answer.ret)).toEqual(calls.map(({ pid }) => pid));
    const large = holders.batch(
      calls.slice(0, 20).map((holder) => ({ holder, call: "getcwd", args: [room(16_000), 16_000] })),
    );
    expect(large.every((answer) => answer.state === "done" && answer.ret > 1)).toBe(true);
  });

  test("of a holder that ends in their midst are answered to the last", () => {
    using holders = openTestHolders();
    const [first, second] = [holders.start(), holders.start()];
    const answers = holders.batch([
      { holder: first, call: "getpid" },
      { holder: first, call: "exit_group", args: [3] },
      { holder: first, call: "getpid" },
      { holder: second, call: "getpid" },
    ]);
    expect(answers.map(({ state }) => state)).toEqual(["done", "died", "died", "done"]);
    expect(holders.living).toEqual([second]);
    expect(() => holders.syscall(first, "getpid")).toThrow(TypeError);
  });
});

describe("the end of a holder", needs("native"), () => {
  test("is answered when it is a zombie, which stays until somebody reaps it", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(holders.exit(holder, { code: 7 })).toBe("done");
    expect(stateOf(holder.pid)).toBe("Z");
    expect(holders.reap(holder.pid)).toEqual({ pid: holder.pid, status: exited(7) });
    expect(stateOf(holder.pid)).toBeUndefined();
    expect(holders.reap(holder.pid)).toEqual({ pid: -ERRNOS.ECHILD, status: 0 });
  });

  test("is its parent's to wait for", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const child = clone3(holders, parent);
    expect(wait4({ holders, holder: parent }, -1, CONSTANTS.WNOHANG)).toEqual(ok({ pid: 0, status: 0 }));
    expect(holders.exit(child, { code: 5 })).toBe("done");
    expect(holders.reap(child.pid)).toMatchObject({ pid: -ERRNOS.ECHILD });
    expect(wait4({ holders, holder: parent }, -1)).toEqual(ok({ pid: child.pid, status: exited(5) }));
    expect(wait4({ holders, holder: parent }, -1)).toEqual(refused("ECHILD"));
  });

  test("leaves its children to the dispatcher", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const child = clone3(holders, parent);
    expect(holders.kill(parent)).toBe("done");
    expect(holders.reap(-1)).toEqual({ pid: parent.pid, status: killed });
    expect(holders.syscall(child, "getppid")).toMatchObject({ ret: holders.pid });
    expect(holders.reap(child.pid)).toEqual({ pid: 0, status: 0 });
    holders.exit(child);
    expect(holders.reap(child.pid)).toEqual({ pid: child.pid, status: 0 });
  });

  test("is noticed at the next call, however it came", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    process.kill(holder.pid, "SIGTERM");
    expect(holders.syscall(holder, "getpid")).toEqual({ state: "died" });
    const bad = holders.start();
    // It unmaps the memory that it stands on.
    expect(holders.syscall(bad, "munmap", [0x400000, 0x100000])).toEqual({ state: "died" });
    const executing = holders.start();
    expect(holders.syscall(executing, "execve", ["/bin/true", pointing(new Uint8Array(16), [[0, "true"]]), 0])).toEqual(
      { state: "died" },
    );
  });

  test("makes room for another, so their number in all has no limit", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    for (let i = 0; i < 600; i++) {
      const child = clone3(holders, parent);
      expect(holders.exit(child)).toBe("done");
      expect(wait4({ holders, holder: parent }, child.pid)).toMatchObject({ ok: true });
    }
    const crowd = Array.from({ length: SLOTS - 1 }, () => clone3(holders, parent));
    expect(new Set(crowd.map(({ pid }) => pid)).size).toBe(SLOTS - 1);
    expect(() => clone3(holders, parent)).toThrow(RangeError);
    expect(crowd.map((holder) => getpid({ holders, holder }))).toEqual(crowd.map(({ pid }) => ok(pid)));
  });
});

describe("a call that takes long", needs("native"), () => {
  test("times out, and is answered later", () => {
    using holders = openTestHolders();
    const [reader, writer] = pipeBetween(holders);
    const args = [0, room(5), 5];
    expect(holders.syscall(reader, "read", args, { limitMs: 20 })).toEqual({ state: "timedOut" });
    expect(holders.await(reader, { limitMs: 0 })).toEqual({ state: "timedOut" });
    expect(() => holders.syscall(reader, "getpid")).toThrow(TypeError);
    holders.syscall(writer, "write", [1, "hello", 5]);
    expect(holders.await(reader)).toEqual({ state: "done", ret: 5, out: [new TextEncoder().encode("hello")] });
    expect(() => holders.await(reader)).toThrow(TypeError);
    expect(getpid({ holders, holder: reader })).toEqual(ok(reader.pid));
  });

  test("does not keep its holder from being killed", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const sleeper = {
      holder,
      call: "nanosleep",
      args: [new Uint8Array(new BigInt64Array([1000n, 0n]).buffer), 0],
    } as const;
    const begin = performance.now();
    expect(holders.batch([{ ...sleeper, limitMs: 50 }])).toEqual([{ state: "timedOut" }]);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(50);
    expect(holders.kill(holder)).toBe("done");
    expect(holders.reap(holder.pid)).toEqual({ pid: holder.pid, status: killed });
  });

  test("ends with its holder, which somebody else kills", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(holders.syscall(holder, "ppoll", [0, 0, 0, 0], { limitMs: 0 })).toEqual({ state: "timedOut" });
    process.kill(holder.pid, "SIGKILL");
    expect(holders.await(holder)).toEqual({ state: "died" });
  });
});

describe("a cloned holder", needs("native"), () => {
  test("may be a process made by either call, with its number and its pidfd", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const answer = holders.clone(parent, {
      call: "clone3",
      args: cloneArgs({ flags: CLONE_FLAGS.CLONE_PIDFD, pidfd: true }),
    });
    expect(answer).toMatchObject({ state: "done", ret: childOf(answer).pid, out: [new Uint8Array(4)] });
    const legacy = holders.clone(parent, { call: "clone", args: [CONSTANTS.SIGCHLD, 0, 0, 0, 0] });
    expect(legacy).toMatchObject({ state: "done", ret: childOf(legacy).pid });
    const sibling = clone3(holders, parent, { flags: CLONE_PARENT, exitSignal: 0 });
    expect(holders.syscall(sibling, "getppid")).toMatchObject({ ret: holders.pid });
  });

  test("is not there where the kernel refused", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const refusedCall = holders.clone(parent, { call: "clone3", args: cloneArgs({ flags: CLONE_SIGHAND }) });
    expect(refusedCall).toEqual({ state: "done", ret: -ERRNOS.EINVAL, out: [] });
    expect(holders.clone(parent, { call: "clone3", args: [1, 88] })).toMatchObject({ ret: -ERRNOS.EFAULT });
    expect(holders.living).toEqual([parent]);
  });

  test("may be a thread, which shares and ends as threads do", () => {
    using holders = openTestHolders();
    const leader = holders.start();
    const thread = clone3(holders, leader, { flags: THREAD, exitSignal: 0 });
    expect(thread).toMatchObject({ pid: leader.pid });
    expect(readdirSync(`/proc/${leader.pid}/task`).map(Number)).toEqual([leader.tid, thread.tid]);
    expect(holders.syscall(thread, "gettid")).toMatchObject({ ret: thread.tid });
    // They share descriptors.
    expect(open({ holders, holder: leader }, "/", constants.O_RDONLY)).toEqual(ok(0));
    expect(close({ holders, holder: thread }, 0)).toEqual(ok(0));
    const second = clone3(holders, thread, { flags: THREAD, exitSignal: 0 });
    expect(holders.exit(thread, { threadOnly: true })).toBe("done");
    expect(readdirSync(`/proc/${leader.pid}/task`).map(Number)).toEqual([leader.tid, second.tid]);
    // The first thread is a zombie while others go on.
    expect(holders.exit(leader, { threadOnly: true })).toBe("done");
    expect(stateOf(leader.pid)).toBe("Z");
    expect(getpid({ holders, holder: second })).toEqual(ok(leader.pid));
    expect(holders.reap(leader.pid)).toEqual({ pid: 0, status: 0 });
    expect(holders.exit(second, { code: 9 })).toBe("done");
    expect(holders.reap(leader.pid)).toEqual({ pid: leader.pid, status: exited(9) });
  });

  test("ends with all its threads, and becomes the first when it executes", () => {
    using holders = openTestHolders();
    const leader = holders.start();
    const [one, two] = [THREAD, THREAD].map((flags) => clone3(holders, leader, { flags, exitSignal: 0 }));
    if (one === undefined || two === undefined) throw new Error("no threads");
    expect(holders.exec(one)).toMatchObject({ ret: 0 });
    expect(holders.syscall(leader, "getpid")).toEqual({ state: "died" });
    expect(holders.syscall(two, "getpid")).toEqual({ state: "died" });
    expect(holders.syscall(one, "gettid")).toMatchObject({ ret: leader.pid });
    expect(holders.exit(one)).toBe("done");
    expect(stateOf(leader.pid)).toBe("Z");
  });

  test("may share memory without being a thread", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const child = clone3(holders, parent, { flags: CLONE_VM });
    expect(child.pid).not.toBe(parent.pid);
    expect(getpid({ holders, holder: child })).toEqual(ok(child.pid));
    expect(getpid({ holders, holder: parent })).toEqual(ok(parent.pid));
    expect(holders.exit(parent)).toBe("done");
    expect(getpid({ holders, holder: child })).toEqual(ok(child.pid));
  });

  test("made by vfork keeps its parent waiting until it ends or executes", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const vfork = { call: "clone3", args: cloneArgs({ flags: CLONE_VM | CLONE_VFORK }), suspends: true } as const;
    const letGo = [(child: Holder) => holders.exit(child), (child: Holder) => holders.exec(child).state];
    for (const end of letGo) {
      const answer = holders.clone(parent, vfork);
      const child = childOf(answer);
      expect(answer.state).toBe("timedOut");
      expect(holders.await(parent, { limitMs: 10 })).toEqual({ state: "timedOut" });
      expect(getpid({ holders, holder: child })).toEqual(ok(child.pid));
      expect(end(child)).toBe("done");
      expect(holders.await(parent)).toEqual({ state: "done", ret: child.pid, out: [] });
    }
  });
});

describe("pid namespaces", needs("native", "root"), () => {
  test("nest; holders say both numbers", () => {
    using holders = openTestHolders();
    const outer = holders.start();
    const init = clone3(holders, outer, { flags: NEWPID });
    const inner = clone3(holders, init, { flags: NEWPID });
    const second = clone3(holders, inner, { setTid: [77] });
    const thread = clone3(holders, second, { flags: THREAD, exitSignal: 0, setTid: [99] });
    expect([init, inner, second, thread].map((holder) => getpid({ holders, holder }))).toEqual([
      ok(1),
      ok(1),
      ok(77),
      ok(77),
    ]);
    expect(holders.syscall(thread, "gettid")).toMatchObject({ ret: 99 });
    for (const { pid, tid } of [init, inner, second, thread]) {
      expect(readdirSync(`/proc/${pid}/task`).map(Number)).toContain(tid);
    }
    expect(thread.pid).toBe(second.pid);
    expect(thread.tid).not.toBe(second.tid);
  });

  test("end with their first process; all in them are answered as dead", () => {
    using holders = openTestHolders();
    const outer = holders.start();
    const init = clone3(holders, outer, { flags: NEWPID });
    const members = Array.from({ length: 5 }, () => clone3(holders, init));
    const busy = clone3(holders, init);
    holders.syscall(busy, "ppoll", [0, 0, 0, 0], { limitMs: 0 });
    expect(holders.kill(init)).toBe("done");
    expect(members.map((member) => holders.syscall(member, "getpid").state)).toEqual(members.map(() => "died"));
    expect(holders.await(busy)).toEqual({ state: "died" });
    // The dead namespace takes nobody in any more: its parent's next clone goes there only after setns, so this is fine.
    expect(getpid({ holders, holder: clone3(holders, outer) }).ok).toBe(true);
  });

  test("are not gone before a zombie in them is reaped by its parent outside", () => {
    using holders = openTestHolders();
    const outer = holders.start();
    const caller = { holders, holder: outer };
    const init = clone3(holders, outer, { flags: NEWPID });
    const ns = open(caller, `/proc/${init.pid}/ns/pid`, constants.O_RDONLY);
    expect(holders.syscall(outer, "setns", [ns.ok ? ns.value : -1, NEWPID])).toMatchObject({ ret: 0 });
    const guest = clone3(holders, outer);
    expect(holders.kill(init, { limitMs: 50 })).toBe("timedOut");
    expect(holders.syscall(guest, "getpid").state).toBe("died");
    expect(wait4(caller, guest.pid)).toEqual(ok({ pid: guest.pid, status: killed }));
    expect(holders.kill(init)).toBe("done");
  });
});

test("a clone that was pending when its holder was killed leaves no slot behind", needs("native"), () => {
  using holders = openTestHolders();
  const parent = holders.start();
  const answer = holders.clone(parent, {
    call: "clone3",
    args: cloneArgs({ flags: CLONE_VM | CLONE_VFORK }),
    suspends: true,
  });
  expect(holders.kill(parent)).toBe("done");
  expect(getpid({ holders, holder: childOf(answer) })).toEqual(ok(childOf(answer).pid));
});

test("a uid_map is written as three calls, each with its errno", needs("native", "user-namespaces"), () => {
  using holders = openTestHolders();
  const holder = holders.start();
  const caller = { holders, holder };
  expect(writeFile(caller, "/proc/self/uid_map", "0 0 1", constants.O_WRONLY)).toMatchObject({
    open: { ok: true },
    write: refused("EPERM"),
    close: ok(0),
  });
  expect(writeFile(caller, "/proc/self/none", "", constants.O_WRONLY)).toEqual({ open: refused("ENOENT") });
  expect(holders.syscall(holder, "unshare", [NAMESPACE_KINDS.user.flag])).toMatchObject({ ret: 0 });
  const uid = process.getuid?.() ?? 0;
  expect(writeFile(caller, "/proc/self/uid_map", `0 ${uid} 1`, constants.O_WRONLY)).toMatchObject({
    write: { ok: true },
  });
  open(caller, "/proc/self/uid_map", constants.O_RDONLY);
  expect(read(caller, 0)).toMatchObject({ value: expect.stringMatching(new RegExp(`^ +0 +${uid} +1\n$`)) });
});

/** Two holders, the first of which has a pipe's reading end as descriptor 0, the other its writing end as 1. */
function pipeBetween(holders: Holders): readonly [Holder, Holder] {
  const first = holders.start();
  holders.syscall(first, "pipe2", [room(8), 0]);
  return [first, clone3(holders, first)];
}

const readAffinity = (): string | undefined =>
  /^Cpus_allowed_list:\t(.*)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
