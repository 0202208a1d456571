import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { seedOf } from "../support/seed.ts";
import { theAddon } from "../support/the-addon.ts";
import { Ground, type Start } from "./ground.ts";
import { run } from "./run.ts";

const RUN_MS = 20_000;
/** Shortening a sequence that differs takes its time too. */
const LIMIT_MS = 120_000;
const ANY_NUMBER_OF_RUNS = Number.MAX_SAFE_INTEGER;

describe("random sequences of calls", () => {
  const asRoot = { ...needs("root", "native", "kernel:namespace-id"), timeout: LIMIT_MS };
  test("come out alike on the model and the running kernel, as root", asRoot, () => expectAlike([{ uid: 0 }]));

  const asUser = { ...needs("native", "user-namespaces", "kernel:namespace-id"), timeout: LIMIT_MS };
  test("come out alike on the model and the running kernel, as an ordinary user", asUser, () => {
    const uid = process.geteuid?.() ?? 0;
    return expectAlike([{ uid: uid === 0 ? 1000 : uid }]);
  });
});

async function expectAlike(starts: readonly Start[]): Promise<void> {
  using ground = new Ground(theAddon());
  const seed = seedOf("NSATLAS_DIFFERENTIAL_SEED");
  const { difference, counts } = await run(ground, { seed, runs: ANY_NUMBER_OF_RUNS, limitMs: RUN_MS, starts });
  expect(difference).toBeUndefined();
  expect(counts.succeeded / counts.calls).toBeGreaterThan(1 / 3);
}
