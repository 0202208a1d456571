import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { namespaceId } from "../../src/abi/ids.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import type { Root } from "../../src/topology/checkpoint/roots.ts";
import { checkpoint } from "../../src/topology/checkpoint/checkpoint.ts";
import { lookFor, told } from "../../src/topology/checkpoint/take.ts";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { anyTopology } from "../support/arbitrary-topology.ts";
import { needs } from "../support/needs.ts";
import fc from "../support/property.ts";
import { theAddon } from "../support/the-addon.ts";
import { Restored } from "./restored.ts";

/** CapBnd of this process: nobody in our own user namespace can have more. */
const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0"}`);

/** What discovery finds of a restore, from its processes and bind mounts on. */
async function lookAt(restored: Restored): Promise<Topology> {
  const observer = new LiveObserver(theAddon());
  const { processes, mounts } = restored.entry;
  const roots: readonly Root[] = [
    ...processes.map(({ pid }) => ({ of: "process", pid }) as const),
    ...mounts.map(({ path }) => {
      const { dev, ino } = statSync(path, { bigint: true });
      return { of: "namespace", id: namespaceId(dev, ino) } as const;
    }),
  ];
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const wish = { roots: () => roots, stamp, enter: true };
  const seen = await lookFor(observer, wish);
  if (!seen.ok) throw new Error(seen.errno);
  const taken = checkpoint(told(observer, seen.value, wish), roots);
  if (!taken.ok) throw new Error(taken.fault.why);
  return taken.topology;
}

/** A long run: NSATLAS_RUNS says how many. */
const RUNS = Number(process.env["NSATLAS_RUNS"] ?? 50);
const TIME_LIMIT_MS = 300_000 + RUNS * 2_000;

describe("random topologies on the running kernel", needs("root", "native", "kernel:pidfd-namespaces"), () => {
  test(
    "are restored, found again, and the same",
    async () => {
      await fc.assert(
        fc.asyncProperty(anyTopology({ steps: 20, bounding }), async (topology) => {
          fc.pre(topology.processes.length > 0);
          using restored = new Restored(topology);
          const found = await lookAt(restored);
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
        fc.asyncProperty(anyTopology({ steps: 20, bounding }), async (topology) => {
          fc.pre(topology.processes.length > 0);
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

/** What is found of it while it is there; then it is taken away, since it has the numbers and places that another one needs. */
async function restoredOnce(topology: Topology): Promise<Topology> {
  using restored = new Restored(topology);
  return await lookAt(restored);
}
