import { describe, expect, test } from "vitest";
import { attempt, NameError, openNamespace, SyscallError, type Namespace } from "../../src/index.ts";
import { must, processIn } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { KERNELS, KERNELS_AND_DEVICES } from "./kernels.ts";

/** What an error says, apart from its message. */
async function refusal(call: () => unknown): Promise<Partial<SyscallError>> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const { code, syscall, rule, reason, hint } = error;
    // Every message has the call, the errno and, where there is one, the reason and the hint.
    for (const part of [code, syscall, reason ?? "", hint ?? ""]) expect(error.message).toContain(part);
    return { code, syscall, rule, reason, hint };
  }
  throw new Error("nothing was refused");
}

/** The same rows for the model and for the running kernel: errno, rule, reason and hint are one. */
describe.each(KERNELS_AND_DEVICES)("what $kernel refuses", ({ needs, draw }) => {
  describe("has its errno, a rule, a reason and a hint:", needs, () => {
    test("EPERM, the parent or owner of an initial namespace: that it is initial is only said in the sentence", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      using user = await openNamespace("self/user", { observer });
      using pid = await openNamespace("self/pid", { observer });
      expect(await refusal(() => user.parent())).toEqual({
        code: "EPERM",
        syscall: "ioctl NS_GET_PARENT",
        rule: "parent-outside-view",
        reason:
          "The parent is neither the caller's own namespace nor one below it, so the kernel does not show it. " +
          "user:[4026531837] is the initial one: there is nothing above it.",
        hint: "Ask from an ancestor of that namespace; the machine's first one has no parent.",
      });
      expect(await refusal(() => user.openOwner())).toMatchObject({
        code: "EPERM",
        rule: "owner-outside-view",
        reason: expect.stringContaining("user:[4026531837] is the initial one"),
        hint: "Ask from the owning user namespace or one above it.",
      });
      expect(await refusal(() => pid.openParent())).toMatchObject({
        code: "EPERM",
        rule: "parent-outside-view",
        reason: expect.stringContaining("pid:[4026531836] is the initial one"),
      });
      // It has an owner, which the caller sees.
      expect(pid.owner()).toEqual(user.identity);
    });

    test("ENOENT: no such process, no such link, no such file, no such name", async () => {
      using kernel = draw("");
      const open = (ref: string) => refusal(() => openNamespace(ref, { observer: kernel.observer }));
      expect(await open("4194303/net")).toEqual({
        code: "ENOENT",
        syscall: "openat",
        rule: "no-such-process",
        reason: "No process has this number here: it ended, or /proc hides it.",
        hint: expect.stringContaining("shows processes that are there"),
      });
      expect(await open("/nonexistent")).toMatchObject({
        code: "ENOENT",
        hint: expect.stringContaining("Check the path"),
      });
      expect(await open("net:nonexistent")).toMatchObject({
        code: "ENOENT",
        reason: expect.stringContaining("under /run/netns"),
      });
    });

    test("ENOENT: a process that has ended but for its parent's wait has left its namespaces", async () => {
      using kernel = draw("");
      const { actor, observer } = kernel;
      const zombie = taskName("zombie");
      must(actor, actor.first, { op: "clone", flags: 0, as: zombie });
      const pid = kernel.pidOf(zombie);
      must(actor, zombie, { op: "exit" });
      expect(await refusal(() => openNamespace(`${pid}/net`, { observer }))).toMatchObject({
        code: "ENOENT",
        reason: expect.stringMatching(/zombie|only waits for its parent/),
      });
      using user = await openNamespace(`${pid}/user`, { observer });
      using own = await openNamespace("self/user", { observer });
      expect(user.id).toBe(own.id);
    });

    test("EBADF: a descriptor that is not open", async () => {
      using kernel = draw("");
      expect(await refusal(() => openNamespace("fd:1000000", { observer: kernel.observer }))).toEqual({
        code: "EBADF",
        syscall: "openat",
        rule: "bad-descriptor",
        reason: "nsatlas was started without such a descriptor.",
        hint: "Let the shell open it: nsatlas show fd:7 7</run/netns/blue",
      });
    });

    test("ENOTTY: a folder, a text", async () => {
      using kernel = draw("");
      const open = (ref: string) => refusal(() => openNamespace(ref, { observer: kernel.observer }));
      expect(await open("/proc")).toEqual({
        code: "ENOTTY",
        syscall: "ioctl NS_GET_NSTYPE",
        rule: "not-a-namespace-file",
        reason: "It is a directory, not a namespace file.",
        hint: "Name a file of /proc/PID/ns, or a bind mount of one.",
      });
      expect(await open("net:/proc/self/uid_map")).toMatchObject({
        code: "ENOTTY",
        reason: "It is a regular file, not a namespace file.",
      });
    });

    test("another kind than the REF or the caller says is a NameError, and nothing stays open", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      const error = await openNamespace("net:/proc/self/ns/uts", { observer }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(NameError);
      expect(error).toMatchObject({
        rule: "other-kind",
        text: "net:/proc/self/ns/uts",
        candidates: ["uts:[4026531838]"],
        message: "/proc/self/ns/uts is uts:[4026531838], not of kind net.",
      });
      await expect(openNamespace("self/uts", { observer, kind: "net" })).rejects.toThrow("not of kind net");
      await expect(openNamespace("net:[4026531838]", { observer })).rejects.toMatchObject({ rule: "other-kind" });
    });

    test("a number that nothing has is a NameError", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      for (const ref of ["net:[1]", "net:[0:77/4026531833]", "net:id:18446744073709551615", "18446744073709551615"]) {
        await expect(openNamespace(ref, { observer })).rejects.toMatchObject({ name: "NameError", rule: "not-seen" });
      }
    });

    test("the errors speak French where they are asked to", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      using user = await openNamespace("self/user", { observer, language: "fr" });
      expect((await refusal(() => user.parent())).reason).toContain("user:[4026531837] est l'initial");
      await expect(openNamespace("x", { observer, language: "fr" })).rejects.toThrow(
        "« x » ne désigne aucun espace de noms.",
      );
    });
  });
});

/** What the running kernel refuses to a process elsewhere is asked in a child: see viewpoints.test.ts. */
describe("what the model refuses to a process elsewhere", () => {
  const [model] = KERNELS;

  test("EACCES: a process of another user, with the very rule", async () => {
    using kernel = model.draw("user:init\n  user:box by 1000");
    const viewer = processIn(kernel.actor, kernel.world, "user:box", taskName("viewer"));
    const { ModelActor, ModelObserver } = await import("../../src/model.ts");
    const { actor } = kernel;
    if (!(actor instanceof ModelActor)) throw new Error("not the model");
    const observer = new ModelObserver(() => actor.world, viewer);
    expect(await refusal(() => openNamespace("1/net", { observer }))).toMatchObject({
      code: "EACCES",
      rule: expect.stringMatching(/^process-/),
    });
    using own = await openNamespace("self/user", { observer });
    expect(attempt(() => own.owner())).toMatchObject({ ok: false, errno: "EPERM", reason: "owner-outside-view" });
    expect(own.ancestors()).toEqual([]);
    using uts: Namespace<"uts"> = await openNamespace("self/uts", { observer });
    // Not the initial user namespace: that has nothing above it, this has an owner that is not shown.
    expect((await refusal(() => uts.owner())).reason).not.toContain("is the initial one");
  });

  test("ENOTTY: a kernel without the call, told from a file that is no namespace", async () => {
    const { drawMachine } = await import("../../src/model.ts");
    const observer = drawMachine("", { release: "4.10" }).observer();
    using user = await openNamespace("self/user", { observer });
    expect(await refusal(() => user.ownerUid())).toEqual({
      code: "ENOTTY",
      syscall: "ioctl NS_GET_OWNER_UID",
      rule: "call-unknown-to-kernel",
      reason: "This kernel does not have the call.",
      hint: "NS_GET_OWNER_UID came with Linux 4.11.",
    });
    expect(user.uniqueId()).toBeUndefined();
  });
});
