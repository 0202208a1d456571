import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { seedOf } from "../../support/seed.ts";
import { theAddon } from "../../support/the-addon.ts";
import { run } from "./run.ts";

const ANSWERS = 500;

describe("the answers of can", { ...needs("root", "native", "user-namespaces"), timeout: 120_000 }, () => {
  test("are the kernel's: random people in random namespaces try random things, and less evidence never misleads", async () => {
    const seed = seedOf("NSATLAS_DIFFERENTIAL_SEED");
    const { difference, tally, unknown } = await run(theAddon(), { seed, answers: ANSWERS });
    expect(difference).toBeUndefined();
    expect(tally.compared).toBeGreaterThanOrEqual(ANSWERS);
    expect(tally.bothWays.length).toBeGreaterThan(20);
    expect(unknown).toBeGreaterThan(0);
  });
});
