import { describe, expect, test } from "vitest";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import { needs } from "../support/needs.ts";
import fc from "../support/property.ts";
import { anyRestorable, restoredOnce } from "./round-trip.ts";

/** A long run: NSATLAS_RUNS says how many; `npm run differential -- --topologies N` also tells what they were. */
const RUNS = Number(process.env["NSATLAS_RUNS"] ?? 50);
const TIME_LIMIT_MS = 300_000 + RUNS * 2_000;

describe("random topologies on the running kernel", needs("root", "native", "kernel:pidfd-namespaces"), () => {
  test(
    "are restored, found again, and the same",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRestorable(), async (topology) => {
          const found = await restoredOnce(topology);
          expect(report(compareTopologies(topology, found))).toEqual([]);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    TIME_LIMIT_MS,
  );

  test(
    "what is found of them restores to what is found of that",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyRestorable(), async (topology) => {
          const first = await restoredOnce(topology);
          const second = await restoredOnce(first);
          expect(report(compareTopologies(first, second))).toEqual([]);
        }),
        { numRuns: Math.ceil(RUNS / 5), endOnFailure: true },
      );
    },
    TIME_LIMIT_MS,
  );
});
