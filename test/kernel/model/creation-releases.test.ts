import { describe, expect, test } from "vitest";
import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { taskName, type Call } from "../../../src/kernel/call.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import type { Clone3Arguments } from "../../../src/rules/clone3-arguments.ts";
import { refused } from "../../../src/rules/outcome.ts";
import { unshare } from "../../kernel-cases/script.ts";

const clone = (flags: number, args?: Clone3Arguments): Call => ({
  op: "clone",
  as: taskName("child"),
  flags,
  ...(args === undefined ? {} : { args }),
});
/** What root's call gives on a kernel of that release, after others. */
function on(release: string, call: Call, ...before: readonly Call[]): unknown {
  using actor = new ModelActor({ release });
  for (const one of before) must(actor, actor.first, one);
  return actor.call(actor.first, call);
}
const works = expect.objectContaining({ ok: true });

describe("what a kernel's release decides about making namespaces", () => {
  test("Linux 5.5: clone3 takes numbers; before, its struct has no room for them", () => {
    const wish = clone(0, { setTid: [500] });
    expect(on("5.4", wish)).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.5", wish)).toEqual(works);
  });

  test("each struct of clone3 ends where that of its release ends", () => {
    for (const [release, size] of [
      ["5.3", 64],
      ["5.4", 64],
      ["5.5", 80],
      ["5.6", 80],
      ["5.7", 88],
    ] as const) {
      // Junk in the last byte of what the kernel knows is its affair; behind that it is unknown.
      expect(on(release, clone(0, { size: size + 1, junkBehind: true }))).toEqual(
        refused("E2BIG", "struct-unknown-to-kernel"),
      );
      expect(on(release, clone(0, { size, junkBehind: true }))).toEqual(works);
    }
    // Whatever there is of numbers lies beyond the first struct.
    expect(on("5.4", clone(0, { setTid: [], setTidSize: 1 }))).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.4", clone(0, { setTidSize: 1 }))).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.4", clone(0, { setTid: [500], setTidSize: 0 }))).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.4", clone(0, { size: 64, setTid: [500] }))).toEqual(works);
    expect(on("5.4", clone(0, { size: 65, setTid: [500] }))).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.4", clone(0, { size: 65, setTid: "bad-round-address" }))).toEqual(works);
    expect(on("5.6", clone(0, { cgroup: 256 }))).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.6", clone(0, { size: 81, cgroup: 256 }))).toEqual(works);
    expect(on("5.6", clone(0, { size: 81, cgroup: 1 }))).toEqual(refused("E2BIG", "struct-unknown-to-kernel"));
    expect(on("5.7", clone(0, { cgroup: 256 }))).toEqual(works);
  });

  test("Linux 6.2: whoever shares memory keeps the time namespace; before, it could not be cloned", () => {
    const vfork = clone(CLONE_FLAGS.CLONE_VM | CLONE_FLAGS.CLONE_VFORK);
    expect(on("6.1", vfork, unshare("time"))).toEqual(refused("EINVAL", "time-for-children-pending"));
    expect(on("6.2", vfork, unshare("time"))).toEqual(works);
    expect(on("6.1", vfork)).toEqual(works);
    expect(on("6.1", clone(0), unshare("time"))).toEqual(works);
  });

  test("Linux 6.3: clone3 makes time namespaces", () => {
    expect(on("6.2", clone(NAMESPACE_KINDS.time.flag))).toEqual(refused("EINVAL", "unknown-flag"));
    expect(on("6.3", clone(NAMESPACE_KINDS.time.flag))).toEqual(works);
  });

  test("Linux 6.14: each pid namespace has a pid_max of its own", () => {
    const inside = (release: string): unknown => {
      using actor = new ModelActor({ release });
      const { first } = actor;
      const box = taskName("box");
      must(actor, first, { op: "clone", flags: NAMESPACE_KINDS.pid.flag, as: box });
      must(actor, box, { op: "write-sysctl", name: "pid_max", text: "400" });
      return actor.call(first, { op: "read-sysctl", name: "pid_max" });
    };
    expect(inside("6.13")).toEqual({ ok: true, value: 400 });
    expect(inside("6.14")).toEqual({ ok: true, value: 32_768 });
  });
});
