import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { withOwnMounts } from "../../scripts/own-mounts.js";
import { hasEnded, processMark } from "../../scripts/process-mark.js";
import { needs } from "../support/needs.ts";
import { RUN_PREFIX } from "../support/run.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Fixtures {
  readonly file: string;
  readonly names?: string;
  readonly ci: boolean;
  /** Where the run makes its folder. */
  readonly below?: string;
}

function commandOf({ file, names = "", ci, below = tmpdir() }: Fixtures) {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const config = join(ROOT, "test/project/fixtures/vitest.config.ts");
  return {
    words: [vitest, "run", "--config", config, file, "-t", names],
    options: {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", TMPDIR: below, NSATLAS_CI: ci ? "1" : "0", NSATLAS_SUMMARY: undefined },
    },
  };
}

/** Runs tests of fixtures/, in a run of their own: those of a file whose names match. */
function runFixtures(fixtures: Fixtures) {
  const { words, options } = commandOf(fixtures);
  const { status, stdout } = spawnSync(process.execPath, words, { ...options, encoding: "utf8" });
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

const mountinfo = (): string => readFileSync("/proc/self/mountinfo", "utf8");

describe("a run that was killed", needs("root"), () => {
  test("is swept up by the next one: its mounts, its processes, its files", { timeout: 60_000 }, async () => {
    // What vitest itself leaves goes with it.
    using below = temporaryFolder();
    const fixtures = { file: "tests.fixture", ci: false, below: below.path };
    const { words, options } = commandOf({ ...fixtures, names: "waits to be killed" });
    const run = spawn(process.execPath, words, { ...options, stdio: "ignore" });
    const folder = join(below.path, `${RUN_PREFIX}${processMark(run.pid)}`);
    const ready = join(folder, "ready");
    while (!existsSync(ready) || readFileSync(ready, "utf8") === "") await sleep(100);
    const left = processMark(Number(readFileSync(ready, "utf8")));
    const ended = once(run, "close");
    run.kill("SIGKILL");
    await ended;
    expect(mountinfo()).toContain(join(folder, "pin"));
    expect(hasEnded(left)).toBe(false);

    expect(runFixtures({ ...fixtures, names: "passes" }).verdict.status).toBe(0);
    expect(mountinfo()).not.toContain(folder);
    expect(hasEnded(left)).toBe(true);
    expect(existsSync(folder)).toBe(false);
  });

  test("leaves no mount where npm test started it: they are in a mount namespace of the run's own", () => {
    const [program = "", ...words] = withOwnMounts(["readlink", "/proc/self/ns/mnt"]);
    const inside = execFileSync(program, words, { encoding: "utf8" }).trim();
    expect(inside).toMatch(/^mnt:/);
    expect(inside).not.toBe(readlinkSync("/proc/self/ns/mnt"));
  });
});

describe("a run that goes on", needs(), () => {
  test("is left alone by another, as is one that is counted elsewhere", () => {
    expect(hasEnded(processMark())).toBe(false);
    const [pid = "", began = "", numbers = ""] = processMark().split("-");
    expect(hasEnded(`${pid}-${Number(began) + 1}-${numbers}`)).toBe(true);
    expect(hasEnded(`${pid}-${Number(began) + 1}-1`)).toBe(false);
    expect(hasEnded("summary")).toBe(false);
  });
});
