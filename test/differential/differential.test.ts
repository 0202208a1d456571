import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { seedOf } from "../support/seed.ts";
import { theAddon } from "../support/the-addon.ts";
import { Ground, type Start } from "./ground.ts";
import { run, type RunResult } from "./run.ts";

const RUN_MS = 28_000;
/** Shortening a sequence that differs takes its time too. */
const LIMIT_MS = 120_000;
const ANY_NUMBER_OF_RUNS = Number.MAX_SAFE_INTEGER;

describe("random sequences of calls", () => {
  test(
    "come out alike on the model and the running kernel, as root",
    { ...needs("root", "native"), timeout: LIMIT_MS },
    () => {
      expectAlike([{ uid: 0 }]);
    },
  );

  const asUser = { ...needs("native", "user-namespaces"), timeout: LIMIT_MS };
  test("come out alike on the model and the running kernel, as an ordinary user", asUser, () => {
    expectAlike([{ uid: process.geteuid?.() === 0 ? 1000 : (process.geteuid?.() ?? 1000) }]);
  });
});

function expectAlike(starts: readonly Start[]): void {
  using ground = new Ground(theAddon());
  const seed = seedOf("NSATLAS_DIFFERENTIAL_SEED");
  const result = run(ground, { seed, runs: ANY_NUMBER_OF_RUNS, limitMs: RUN_MS, starts });
  expect(result.difference).toBeUndefined();
  expect(shareOfSuccess(result)).toBeGreaterThan(1 / 3);
}

const shareOfSuccess = ({ counts }: RunResult): number => counts.succeeded / counts.calls;
