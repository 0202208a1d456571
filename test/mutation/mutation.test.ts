import { expect, test } from "vitest";
import { seedOf } from "../support/seed.ts";
import { ROOT } from "../support/sources.ts";
import { allMutants } from "./build.ts";
import { EQUIVALENT, sayEquivalent } from "./equivalent.ts";
import type { Mutant } from "./mutants.ts";
import { mutantText, runMutation, survivors } from "./run.ts";

const LIMIT_MS = 8_000;
const TIMEOUT_MS = 180_000;

test("a sample of the mutants of the rules is noticed", { timeout: TIMEOUT_MS }, async () => {
  const seed = seedOf("NSATLAS_MUTATION_SEED");
  const choose = (all: readonly Mutant[]): readonly Mutant[] => shuffled(all, seed);
  const result = await runMutation({ root: ROOT, choose, limitMs: LIMIT_MS });
  expect(survivors(result).map(mutantText), `NSATLAS_MUTATION_SEED=${seed}`).toEqual([]);
  expect(result.stale).toEqual([]);
});

test("each entry of the list of equivalent mutants stands for one that there is", () => {
  const all = allMutants(ROOT);
  const meant = new Set(all.flatMap((mutant) => sayEquivalent(EQUIVALENT, mutant)));
  expect(EQUIVALENT.filter((entry) => !meant.has(entry))).toEqual([]);
});

/** In an order that follows from the seed. Source: Fisher and Yates, with the generator of Park and Miller. */
function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const order = [...all];
  let state = (seed % 2_147_483_646) + 1;
  for (let left = order.length - 1; left > 0; left--) {
    state = (state * 48_271) % 2_147_483_647;
    const at = state % (left + 1);
    const [one, two] = [order[at], order[left]];
    if (one !== undefined && two !== undefined) [order[at], order[left]] = [two, one];
  }
  return order;
}
