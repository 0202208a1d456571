import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { allIds } from "../../src/kernel/call.ts";
import { must } from "../../src/kernel/build-world.ts";
import { KernelFault } from "../../src/kernel/model/allocation.ts";
import { boot } from "../../src/kernel/model/boot.ts";
import { allocationsOf, step } from "../../src/kernel/model/step.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { hasChange, hasSince, KERNEL_CHANGES, type KernelChange } from "../../src/rules/kernel-changes.ts";
import { refused } from "../../src/rules/outcome.ts";
import { ioctl, open, setns } from "../kernel-cases/script.ts";

test.each(Object.keys(KERNEL_CHANGES) as KernelChange[])(
  "%s is there from its release on, and not before",
  (change) => {
    const { since } = KERNEL_CHANGES[change];
    const [major = 0, minor = 0] = since.split(".").map(Number);
    expect(hasChange(since, change)).toBe(true);
    expect(hasChange(`${since}.44-fc`, change)).toBe(true);
    expect(hasChange(`${major + 1}.0`, change)).toBe(true);
    // The first of the series before: later ones of it may have got the change too.
    expect(hasChange(`${minor === 0 ? major - 1 : major}.${minor === 0 ? 99 : minor - 1}.0`, change)).toBe(false);
  },
);

interface Change {
  readonly since: string;
  readonly also?: readonly string[];
  readonly lost?: readonly string[];
}

/** As measured, or read in the main line's log: what is changed here without another measurement is a mistake. */
const DATED = {
  "map-of-340-extents": "4.15",
  "setns-takes-pidfds": "5.8",
  "denied-links-stay-shut": "3.0 not 5.10.262",
  "root-map-needs-setfcap": "5.12 5.10.223",
  "same-ids-change-nothing": "6.3 5.10.223 6.1.176",
  "cookies-of-networks": "5.14",
  "memory-keeps-time": "6.2",
  "exec-enters-time": "6.2",
  "clone3-makes-time": "6.3 5.10.223 6.1.176",
  "limits-take-no-sign": "5.14",
  "first-network-comes-first": "5.18",
  "ended-processes-have-no-files": "6.9 5.10.262 6.1.176",
  "pidfds-of-peers": "6.5",
  "pidfds-are-files": "6.9",
  "pidfds-of-threads": "6.9",
  "pidfd-command-first": "6.13",
  "handles-want-their-place-first": "6.12",
  "gone-mounts-are-enoent": "6.12",
  "failed-unshare-keeps-root": "7.0 5.10.262 6.1.176 6.12.107 6.18.44 6.19.14",
  "pid-max-by-namespace": "6.14",
  "securebits-for-exec": "6.14",
  "unused-numbers-are-enotty": "6.16",
  "unused-numbers-are-esrch": "7.1 6.18.44 7.0.13",
  "exec-compares-new-ids": "6.16",
  "handles-are-read-first": "6.17",
  "root-of-pidfs": "6.17",
  "initial-inodes-are-fixed": "6.18",
  "handles-of-namespaces": "6.18",
  "mount-walk-needs-sight": "7.0 6.12.107 6.18.44 6.19.14",
  "short-struct-is-enotty": "6.18",
  "handles-by-id-alone": "6.19",
  "unused-namespaces-sleep": "6.19",
  "mount-walk-writes": "6.19",
  "namespaces-are-listed": "6.19",
  "handles-need-sight": "7.0 6.19.14",
  "zombies-stay-guarded": "7.1 5.10.262 6.1.176 6.12.94 6.18.44 7.0.13",
  "unborn-pid-namespaces-open": "7.1",
  "first-process-may-fail": "7.1",
  "clone-checks-its-signal": "7.1",
  "map-numbers-stop-at-64-bits": "7.2",
  "zombies-keep-their-files": "7.2",
  "shared-root-joins-no-mounts": "7.3 6.12.117",
  "thread-number-is-enoent": "6.18",
  "perfmon-apart": "5.8",
  "bpf-apart": "5.8",
  "checkpoint-restore-apart": "5.9",
  "forwarding-takes-net-admin": "5.15",
  "next-ids-for-restore": "5.16",
  "raw-sockets-mark": "5.17",
  "ipc-limits-by-owner": "6.9 6.1.104 6.6.45",
  "syslog-alone-reads-log": "6.9",
  "perfmon-sees-memory": "6.15",
} as const satisfies Record<KernelChange, string>;

test("each change came, came to older series, and was lost, with the releases that were measured", () => {
  const told = Object.entries<Change>(KERNEL_CHANGES).map(([name, { since, also = [], lost = [] }]) => [
    name,
    [since, ...also, ...lost.map((release) => `not ${release}`)].join(" "),
  ]);
  expect(Object.fromEntries(told)).toEqual(DATED);
});

test("releases compare number by number", () => {
  expect(hasSince("6.18.44-fc", "6.9")).toBe(true);
  expect(hasSince("5.10", "5.9")).toBe(true);
  expect(hasSince("4.9", "4.11")).toBe(false);
});

/** What the calls answered on kernels that were posted and never released so. */
describe("a posted kernel", () => {
  const parentOfInitial = (release: string, link: "user" | "pid" | "net") => {
    const actor = new ModelActor({ release });
    must(actor, actor.first, open(actor.first, link));
    return actor.call(actor.first, ioctl(0, "NS_GET_PARENT"));
  };
  test("version 1 of the ioctls says ENOENT of the initial namespaces, version 3 and Linux 4.9 EPERM", () => {
    for (const link of ["user", "pid"] as const) {
      expect(parentOfInitial("ioctl-ns-v1", link)).toEqual(refused("ENOENT", "initial-has-none"));
      expect(parentOfInitial("ioctl-ns-v3", link)).toEqual(refused("EPERM", "parent-outside-view"));
      expect(parentOfInitial("4.9", link)).toEqual(parentOfInitial("ioctl-ns-v3", link));
    }
    expect(parentOfInitial("ioctl-ns-v1", "net")).toEqual(refused("EINVAL", "kind-does-not-nest"));
  });
  test("versions 1 and 3 of the ioctls have no NS_GET_NSTYPE and no NS_GET_OWNER_UID; Linux 4.11 has", () => {
    for (const request of ["NS_GET_NSTYPE", "NS_GET_OWNER_UID"] as const) {
      for (const release of ["ioctl-ns-v1", "ioctl-ns-v3", "4.10"]) {
        const actor = new ModelActor({ release });
        must(actor, actor.first, open(actor.first, "user"));
        expect(actor.call(actor.first, ioctl(0, request))).toEqual(refused("ENOTTY", "call-unknown-to-kernel"));
      }
      const actor = new ModelActor({ release: "4.11" });
      must(actor, actor.first, open(actor.first, "user"));
      expect(actor.call(actor.first, ioctl(0, request)).ok).toBe(true);
    }
  });
  test("setns of May 2011 asks for the capability before it looks at the descriptor; today's looks first", () => {
    const without = (release: string) => {
      const actor = new ModelActor({ release });
      must(actor, actor.first, { op: "setresuid", ids: allIds(1000) });
      return actor.call(actor.first, setns(77));
    };
    expect(without("setns-2011-05")).toEqual(refused("EPERM", "no-admin-over-target"));
    expect(without("6.18")).toEqual(refused("EBADF", "bad-descriptor"));
  });
  test("setns of May 2011 joins uts, ipc and net alone, with nstype as the guard that it is today", () => {
    const actor = new ModelActor({ release: "setns-2011-05" });
    must(actor, actor.first, open(actor.first, "net"));
    must(actor, actor.first, open(actor.first, "mnt"));
    expect(actor.call(actor.first, { op: "setns", fd: 0, nstype: NAMESPACE_KINDS.uts.flag })).toEqual(
      refused("EINVAL", "nstype-differs"),
    );
    expect(actor.call(actor.first, setns(0, "net")).ok).toBe(true);
    expect(actor.call(actor.first, setns(1))).toEqual(refused("EINVAL", "not-a-namespace-file"));
    expect(actor.call(actor.first, setns(9))).toEqual(refused("EBADF", "bad-descriptor"));
  });
  test("setns of May 2011 uses a set of namespaces that could not be made; since then it is ENOMEM, and nothing changes", () => {
    const machine = (release: string) => {
      const world = boot({ release });
      return step(world, world.first, open(world.first, "net"))[0];
    };
    const failure = { at: 1, errno: "ENOMEM" } as const;
    const [posted, released] = [machine("setns-2011-05"), machine("3.0")];
    expect(allocationsOf(posted, posted.first, setns(0))).toBe(1);
    expect(() => step(posted, posted.first, setns(0), failure)).toThrow(KernelFault);
    expect(step(released, released.first, setns(0), failure)).toEqual([released, refused("ENOMEM", "out-of-memory")]);
    // What is refused before, is refused as ever: there is nothing to fail.
    expect(step(posted, posted.first, setns(9), failure)[1]).toEqual(refused("EBADF", "bad-descriptor"));
    expect(step(posted, posted.first, setns(0))[1]).toEqual({ ok: true, value: 0 });
  });
});
