import { readdirSync, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { discover, type DiscoverWish } from "../../src/discover/discover.ts";
import type { Observer } from "../../src/kernel/observer.ts";
import { untruths } from "./truths.ts";

/** What came of many looks at a machine that changes. */
export interface Looks {
  readonly looks: number;
  readonly seconds: number;
  /** What was impossible, each once with how often; empty where all is well. */
  readonly wrong: Readonly<Record<string, number>>;
  /** Descriptors and children of this process that it did not have after the first looks. */
  readonly leftOpen: number;
  readonly children: number;
  /** By how much its memory grew since the first looks: of the heap, and of all. */
  readonly heapMiB: number;
  readonly residentMiB: number;
  /** What all looks together saw, and what ended under their eyes. */
  readonly seen: Readonly<Record<"namespaces" | "processes" | "threads" | "descriptors" | "pins" | "vanished", number>>;
}

/** The ways to look, in turns. */
const WISHES: readonly DiscoverWish[] = [
  { commandLines: true, cgroups: true },
  { status: true, allSources: true },
  { enter: false },
  { without: ["threads", "descriptors"] },
  { commandLines: true, without: ["mounts"] },
];
/** The first looks fill caches: what they leave is no leak. */
const WARM_UP = 20;
const MIB = 1024 * 1024;
const MOST_KINDS = 20;

export async function lookOften(observer: Observer, looks: number): Promise<Looks> {
  const wrong = new Map<string, number>();
  const seen = { namespaces: 0, processes: 0, threads: 0, descriptors: 0, pins: 0, vanished: 0 };
  const began = performance.now();
  let before = await measure();
  for (let nth = 0; nth < looks; nth++) {
    if (nth === Math.min(WARM_UP, looks >> 1)) before = await measure();
    const stamp = { producer: { name: "churn", version: "0" }, takenAt: new Date() };
    const look = await discover(observer, WISHES[nth % WISHES.length] ?? {}, stamp);
    const faults = look.ok ? untruths(look.value) : [`the look was refused: ${look.errno}`];
    for (const fault of faults) {
      const key = wrong.size < MOST_KINDS ? fault : "more";
      wrong.set(key, (wrong.get(key) ?? 0) + 1);
    }
    if (!look.ok) continue;
    for (const part of ["namespaces", "processes", "threads", "descriptors", "pins"] as const) {
      seen[part] += look.value[part].length;
    }
    for (const { vanished } of look.value.coverage) seen.vanished += vanished;
  }
  const seconds = (performance.now() - began) / 1000;
  const after = await measure();
  return {
    looks,
    seconds,
    wrong: Object.fromEntries(wrong),
    leftOpen: after.open - before.open,
    children: after.children,
    heapMiB: (after.heap - before.heap) / MIB,
    residentMiB: (after.resident - before.resident) / MIB,
    seen,
  };
}

async function measure() {
  // What is closed in the background is closed by then.
  for (let nth = 0; nth < 3; nth++) await turn();
  globalThis.gc?.();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  const tasks = readdirSync("/proc/self/task").map((tid) => readFileSync(`/proc/self/task/${tid}/children`, "utf8"));
  return {
    open: readdirSync("/proc/self/fd").length,
    children: tasks.join(" ").split(" ").filter(Boolean).length,
    heap,
    resident,
  };
}
