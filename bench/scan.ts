import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import { limitOf } from "../src/discover/cost.ts";
import { loadNative } from "../src/kernel/live/load-native.ts";
import { scan } from "../src/kernel/live/scan.ts";
import { count, median, ROUNDS, type Bench } from "./bench.ts";
import { Load, Programs } from "./machine/machine.ts";

const PROCESSES = 5000;
const MOST_THREADS = 4;

/** The scan of all processes in Node beside a program in C that makes the same system calls in as many threads. */
export const bench: Bench = {
  name: "scan",
  async measure() {
    using programs = new Programs();
    const loaded = loadNative();
    if ("missing" in loaded) throw new Error("the native half has to be built");
    const { native } = loaded;
    const threads = Math.min(availableParallelism(), MOST_THREADS);
    const proc = openSync("/proc", constants.O_RDONLY);
    const ours = async (): Promise<number> => {
      const start = performance.now();
      const wish = { commandLines: "first", cgroups: false, everyDevice: false, ownPids: true } as const;
      const seen = await scan(
        native,
        { raw: proc },
        { ...wish, threads: limitOf("threads", {}), descriptors: limitOf("descriptors", {}) },
      );
      if (!seen.ok) throw new Error(seen.errno);
      return performance.now() - start;
    };
    const theirs = (): number => {
      const { stderr } = spawnSync(programs.path("lb"), ["list", String(threads)], { encoding: "utf8" });
      return Number(/ ms=([\d.]+)/.exec(stderr)?.[1]);
    };
    const rows: string[][] = [];
    for (const descriptors of [0, 5]) {
      await using _ = await Load.begin(programs, { processes: PROCESSES, own: 10, descriptors });
      const [c, node, quotients]: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round <= ROUNDS; round++) {
        const [one, other] = [theirs(), await ours()];
        if (round === 0) continue;
        c.push(one);
        node.push(other);
        quotients.push(other / one);
      }
      rows.push([
        `${count(PROCESSES)} processes, ${descriptors} descriptors each`,
        median(c).toFixed(1),
        median(node).toFixed(1),
        median(quotients).toFixed(2),
      ]);
    }
    closeSync(proc);
    return {
      columns: ["what", "C: ms", "Node: ms", "quotient"],
      rows,
      remarks: [`${threads} threads each; medians of ${ROUNDS} pairs, each pair with its quotient.`],
    };
  },
};
