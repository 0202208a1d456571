import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { seedOf } from "../../support/seed.ts";
import { theAddon } from "../../support/the-addon.ts";
import { comparePairs } from "./pairs.ts";

const PAIRS = 1000;

describe("can enter and open-ns-file", { ...needs("root", "native", "user-namespaces"), timeout: 120_000 }, () => {
  test("say what the kernel does, of every holder and every namespace of random worlds", async () => {
    const seed = seedOf("NSATLAS_DIFFERENTIAL_SEED");
    const { difference, tally } = await comparePairs(theAddon(), { seed, pairs: PAIRS });
    expect(difference).toBeUndefined();
    expect(tally.pairs).toBeGreaterThanOrEqual(PAIRS);
    // Of each kind of namespace some let in and others did not.
    const oneSided = [...tally.rows].filter(([, { yes, no }]) => yes === 0 || no === 0).map(([asked]) => asked);
    expect([tally.rows.size, oneSided]).toEqual([9, []]);
  });
});
