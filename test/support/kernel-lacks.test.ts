import { readdirSync, readFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { KERNEL_FEATURES, type KernelFeature, type KernelFeatureName } from "./kernel-lacks.ts";
import { openProbe } from "./machine.ts";
import { needs } from "./needs.ts";
import { ROOT } from "./sources.ts";

const rows = Object.entries(KERNEL_FEATURES) as [KernelFeatureName, KernelFeature][];

/** `6.18.44-cloud` is at least `6.18` and not `6.19`. */
function isAtLeast(running: string, since: string): boolean {
  const [major = 0, minor = 0] = running.split(/[.-]/).map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = since.split(".").map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

describe("what this kernel may lack", needs("package:gcc", "package:libc6-dev"), () => {
  // An older kernel may have it carried back. One that is new enough and lacks it shows a mistake: in the row, or in the
  // question, and the tests that were skipped for it would stay skipped for ever.
  test.each(rows.filter(([, { since }]) => isAtLeast(release(), since)))(
    "is not %s, which it is new enough for",
    (name) => {
      expect(inject("lacking")[`kernel:${name}`]).toBeUndefined();
    },
  );

  test("is found by trying: a call that no kernel has is seen to be missing, one that every kernel has is not", () => {
    using probe = openProbe(tmpdir());
    const row = { since: "99.0", why: "nothing" };
    const ask = (question: Pick<KernelFeature, "ask" | "lacking">) => probe.whyLacking({ ...row, ...question });
    expect(ask({ ask: ["ioctl", "/proc/self/ns/uts", 0xb7fe], lacking: "ENOTTY" })).toContain("ENOTTY");
    expect(ask({ ask: ["pidfd-ioctl", 0xfffe], lacking: "ENOTTY" })).toContain("ENOTTY");
    expect(ask({ ask: ["access", "/proc/self/ns/none"], lacking: "ENOENT" })).toContain("ENOENT");
    expect(ask({ ask: ["access", "/proc/self/ns/user"], lacking: "ENOENT" })).toBeUndefined();
  });

  test("has no row that no test needs", () => {
    const paths = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" });
    const tests = paths.filter((path) => path.endsWith(".test.ts"));
    const text = tests.map((path) => readFileSync(join(ROOT, "test", path), "utf8")).join("\n");
    expect(rows.map(([name]) => name).filter((name) => !text.includes(`"kernel:${name}"`))).toEqual([]);
  });
});
