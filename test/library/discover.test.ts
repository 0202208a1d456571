import { describe, expect, test } from "vitest";
import {
  decodeSnapshot,
  discover,
  encodeSnapshot,
  explainReason,
  holdersOf,
  indexSnapshot,
  isReason,
  KINDS,
  nameOf,
  openNamespace,
  ownerChain,
  redact,
  REASONS,
  VERSION,
} from "../../src/index.ts";
import { KERNELS, KERNELS_AND_DEVICES } from "./kernels.ts";

const DRAWING = "user:init\n  user:one by 1000\n    user:two\nnet:box of user:two\npid:init\n  pid:box of user:one";

describe.each(KERNELS_AND_DEVICES)("on $kernel", ({ needs, draw }) => {
  describe("discover", needs, () => {
    test("finds what was drawn, and each namespace opens with the identity it was found with", async () => {
      using kernel = draw(DRAWING);
      const { observer } = kernel;
      const snapshot = await discover({ observer });
      expect(snapshot).toMatchObject({ producer: { name: "nsatlas", version: VERSION }, redacted: false });
      const index = indexSnapshot(snapshot);
      for (const name of ["user:one", "user:two", "net:box", "pid:box", "user:init"] as const) {
        using ns = await openNamespace(kernel.refOf(name), { observer });
        const record = index.namespaces.get(ns.id);
        expect(record?.kind).toBe(ns.kind);
        if (record !== undefined) expect(nameOf(record)).toBe(String(ns));
        expect(holdersOf(index, ns.id).length).toBeGreaterThan(0);
      }
      using box = await openNamespace(kernel.refOf("net:box"), { observer });
      using two = box.openOwner();
      const record = index.namespaces.get(box.id);
      const chain = record === undefined ? [] : ownerChain(index, record).namespaces.map(({ id }) => id);
      expect(chain).toEqual([two, ...two.ancestors()].map(({ id }) => id));
    });

    test("what it gives is written, read again, and redacted", async () => {
      using kernel = draw(DRAWING);
      const snapshot = await discover({ observer: kernel.observer, commandLines: true, cgroups: true });
      expect(await decodeSnapshot(encodeSnapshot(snapshot))).toEqual(indexSnapshot(snapshot).snapshot);
      expect(redact(snapshot)).toMatchObject({ redacted: true, names: [] });
      await expect(decodeSnapshot("{")).rejects.toMatchObject({ name: "FormatError" });
    });

    test("its refusals have reasons that can be put into words", async () => {
      using kernel = draw("");
      const { namespaces } = await discover({ observer: kernel.observer });
      const user = namespaces.find(({ kind }) => kind === "user");
      const reason = user !== undefined && "refused" in user.owner ? user.owner.reason : undefined;
      expect(reason).toBe("owner-outside-view");
      if (reason === undefined) return;
      expect(explainReason(reason)).toBe(REASONS[reason].en);
      expect(explainReason(reason, "fr")).toBe(REASONS[reason].fr);
    });
  });
});

test("every reason has a sentence in both languages", () => {
  for (const reason of Object.keys(REASONS).filter(isReason)) {
    expect(explainReason(reason, "en")).toMatch(/\.$/);
    expect(explainReason(reason, "fr")).not.toBe(explainReason(reason, "en"));
  }
  expect(KINDS).toHaveLength(8);
});

const [, LIVE] = KERNELS;
describe("on this machine", LIVE.needs, () => {
  test("a folder that is no procfs is refused, with what to do", async () => {
    await expect(discover({ procRoot: "/tmp" })).rejects.toMatchObject({
      name: "SyscallError",
      code: "ENODEV",
      subject: "/tmp",
      reason: "No proc file system is mounted there, and nsatlas reads namespaces from one.",
    });
    await expect(discover({ procRoot: "/nonexistent" })).rejects.toMatchObject({ code: "ENOENT" });
  });
});
