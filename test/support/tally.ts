import { writeFileSync } from "node:fs";
import type { SerializedError, TaskMeta } from "vitest";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { findLeftovers } from "./leftovers.ts";
import type { Need } from "./machine.ts";
import "./needs.ts";
import { type Run, runOf } from "./run.ts";

interface Skip {
  readonly test: TestCase;
  /** What it lacked; undefined where it does not say. */
  readonly lacks: TaskMeta["lacks"];
}

/**
 * Comes after vitest's own reporter, which prints failures: says which tests passed at another try only, why tests were
 * skipped and what is left behind, and ends with a plain line, `N passed, N failed[, N skipped]`. With NSATLAS_CI=1, only
 * what this kernel lacks is a reason to skip a test; any other skip counts as a failure.
 */
export default class Tally implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): Promise<void> {
    if (this.#vitest === undefined) throw new Error("the run ended before it began");
    const run = runOf(this.#vitest.config.env);
    const tests = modules.flatMap((module) => [...module.children.allTests()]).filter((test) => !wasFilteredOut(test));
    const skips = tests
      .filter((test) => test.result().state === "skipped")
      .map((test) => ({ test, lacks: lacksOf(test) }));
    const problems = [...skips.flatMap(problemWith), ...(await leftBehind(run))];

    printTries(tests);
    printReasons(skips);
    if (problems.length > 0) console.log(`\n${problems.map((problem) => `FAILED: ${problem}`).join("\n")}`);
    const failed = {
      tests: tests.filter((test) => test.result().state === "failed").length,
      // A file that does not load has no tests that could fail.
      files: modules.filter((module) => module.errors().length > 0).length,
      others: errors.length + problems.length,
    };
    conclude({
      passed: tests.filter((test) => test.result().state === "passed").length,
      failed: failed.tests + failed.files + failed.others,
      skipped: skips.filter((skip) => problemWith(skip).length === 0).length,
    });
  }
}

/** With `-t PATTERN`, the tests that do not match are skipped too; they are no part of the run. */
function wasFilteredOut(test: TestCase): boolean {
  const pattern = test.project.config.testNamePattern;
  // vitest matches the names joined by blanks.
  return pattern !== undefined && !pattern.test(test.fullName.replaceAll(" > ", " "));
}

/** Of the test, or of the nearest `describe` around it that says. */
function lacksOf(test: TestCase): TaskMeta["lacks"] {
  let task: TestCase | TestCase["parent"] = test;
  while (task.type !== "module") {
    const { lacks } = task.meta();
    if (lacks !== undefined) return lacks;
    task = task.parent;
  }
  return undefined;
}

/**
 * What nobody can install: what another release of Debian has today it may not have tomorrow, and which versions of control
 * groups are mounted whoever started the machine has decided.
 */
const NOT_OURS: ReadonlySet<Need> = new Set<Need>([
  "newer-lsns",
  "other-nodes",
  "cgroup-v1",
  "cgroup-v2",
  "mounts-cgroup-v2",
]);

/** Why a skip counts as a failure, in a list of none or one. */
function problemWith({ test, lacks }: Skip): string[] {
  const mayBeMissing = lacks !== undefined && (lacks.need.startsWith("kernel:") || NOT_OURS.has(lacks.need));
  if (process.env["NSATLAS_CI"] !== "1" || mayBeMissing) return [];
  const why = lacks?.why ?? "it does not say what it needs: use needs(…)";
  return [`skipped, and in CI it may not be: ${nameOf(test)}: ${why}`];
}

const leftBehind = async (run: Run): Promise<string[]> =>
  (await findLeftovers(run)).map((thing) => `left behind: ${thing}`);

/** What passed, but not the first time: such a test is not good enough yet (docs/decisions/0024-tries.md). */
function printTries(tests: readonly TestCase[]): void {
  for (const test of tests.filter((one) => one.diagnostic()?.flaky === true)) {
    const why = test.result().errors?.map(({ message }) => `  ${message.split("\n")[0]}\n`) ?? [];
    console.log(`\nAT ANOTHER TRY: ${nameOf(test)}\n${why.join("")}`);
  }
}

/** Each reason once, with the tests under it. */
function printReasons(skips: readonly Skip[]): void {
  const byReason = new Map<string, string[]>();
  for (const { test, lacks } of skips) {
    const reason = lacks?.why ?? "without a reason";
    const names = byReason.get(reason);
    if (names === undefined) byReason.set(reason, [nameOf(test)]);
    else names.push(nameOf(test));
  }
  for (const [reason, names] of byReason)
    console.log(`\nSKIPPED: ${reason}\n${names.map((name) => `  ${name}\n`).join("")}`);
}

const nameOf = (test: TestCase): string => `${test.module.relativeModuleId} > ${test.fullName}`;

/** The plain line. `npm test` prints it itself, when vitest has ended and nothing can come after it. */
function conclude({ passed, failed, skipped }: Record<"passed" | "failed" | "skipped", number>): void {
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  const file = process.env["NSATLAS_SUMMARY"];
  if (file === undefined) console.log(`\n${line}`);
  else writeFileSync(file, line);
  if (failed > 0) process.exitCode = 1;
}
