import { Ground, type Start } from "../differential/ground.ts";
import { run } from "../differential/run.ts";
import { seedOf } from "../support/seed.ts";
import type { Part } from "./part.ts";
import { ORDINARY } from "./program.ts";

/** Sequences of each kind of first task; `npm run differential` plays many more, on the running kernel. */
const RUNS = 50;
/** More differences say little more. */
const MOST_DIFFERENCES = 3;
/** So long may a call take on an emulated machine that others keep busy. */
const CALL_LIMIT_MS = 60_000;

const STARTS: readonly (readonly [who: string, start: Start])[] = [
  ["root", { uid: 0 }],
  ["an ordinary user", { uid: ORDINARY }],
];

/** The differential test: random calls on this kernel and on the model of its release, side by side. */
export const randomCalls: Part = {
  name: "random calls",
  seconds: 60,
  async *run({ native, release }) {
    using ground = new Ground(native, { kernel: release, callLimitMs: CALL_LIMIT_MS });
    const seed = seedOf("NSATLAS_DIFFERENTIAL_SEED");
    for (const [who, start] of STARTS) {
      const end = seed + RUNS;
      let played = 0;
      let calls = 0;
      for (let [next, differences] = [seed, 0]; next < end && differences < MOST_DIFFERENCES; differences++) {
        const wish = { seed: next, runs: end - next, limitMs: Number.MAX_SAFE_INTEGER, starts: [start] };
        const { runs, counts, difference } = await run(ground, wish);
        next += runs;
        played += runs;
        calls += counts.calls;
        if (difference === undefined) break;
        yield { id: `random calls: seed ${next - 1}, as ${who}`, says: difference, should: "alike" };
      }
      const says = `${played} sequences, ${calls} calls`;
      yield { id: `random calls: as ${who}`, says, should: calls > RUNS ? says : "more calls" };
    }
  },
};
