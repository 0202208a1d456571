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
