import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";

/** Runs tests of fixtures/, in a run of their own: those of a file whose names match. */
function runFixtures({ file, names = "", ci }: { file: string; names?: string; ci: boolean }) {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const config = join(ROOT, "test/project/fixtures/vitest.config.ts");
  const { status, stdout } = spawnSync(process.execPath, [vitest, "run", "--config", config, file, "-t", names], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", NSATLAS_CI: ci ? "1" : "0", NSATLAS_SUMMARY: undefined },
  });
  return { stdout, verdict: { status, lastLine: stdout.trimEnd().split("\n").at(-1) } };
}

describe("a run of the tests", { timeout: 30_000 }, () => {
  test("ends with a plain line, and with 0 where all pass", () => {
    const { verdict } = runFixtures({ file: "tests.fixture", names: "passes", ci: true });
    expect(verdict).toEqual({ status: 0, lastLine: "1 passed, 0 failed" });
  });

  test("fails for a file that does not load", () => {
    const { stdout, verdict } = runFixtures({ file: "broken.fixture", ci: false });
    expect(stdout).not.toContain("SKIPPED");
    expect(verdict).toEqual({ status: 1, lastLine: "0 passed, 1 failed" });
  });

  test("fails for what a test leaves behind, though the test passes", needs(), () => {
    const { stdout, verdict } = runFixtures({ file: "tests.fixture", names: "leaves", ci: false });
    expect(stdout).toMatch(/^FAILED: left behind: process \d+, .*sleep$/m);
    expect(stdout).toMatch(/^FAILED: left behind: file .*\/forgotten$/m);
    expect(verdict).toEqual({ status: 1, lastLine: "1 passed, 2 failed" });
  });

  test("names the skipped tests, each under its reason", () => {
    const { stdout, verdict } = runFixtures({ file: "tests.fixture", names: "skipped", ci: false });
    expect(stdout).toContain(
      "SKIPPED: this kernel has no NS_GET_ID\n  test/project/fixtures/tests.fixture.ts > outer > inner >",
    );
    expect(stdout).toContain(
      "SKIPPED: needs strace (Debian package strace)\n  test/project/fixtures/tests.fixture.ts >",
    );
    expect(verdict).toEqual({ status: 0, lastLine: "0 passed, 0 failed, 3 skipped" });
  });

  test("in CI, fails for a skip unless it is for what the kernel lacks", () => {
    const { stdout, verdict } = runFixtures({ file: "tests.fixture", names: "skipped", ci: true });
    expect(stdout.match(/^FAILED: .*/gm)).toEqual([
      expect.stringMatching(/skipped for a package: needs strace \(Debian package strace\)$/),
      expect.stringMatching(/skipped for nothing: it does not say what it needs/),
    ]);
    expect(verdict).toEqual({ status: 1, lastLine: "0 passed, 2 failed, 1 skipped" });
  });
});
