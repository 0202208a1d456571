import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createNamespaces } from "../src/inside/create.ts";
import { socketIn } from "../src/inside/socket.ts";
import { spawnIn } from "../src/inside/spawn.ts";
import { count, median, ROUNDS, type Bench } from "./bench.ts";

const PAIRS = 700;
const SOCKETS = 2000;
const AT_ONCE = 50;

/** Commands and sockets in another network namespace, beside those of this one: what going there costs. */
export const bench: Bench = {
  name: "inside",
  async measure() {
    using made = await createNamespaces({ kinds: ["net"] });
    const starts = {
      plain: () => spawn("true", [], { stdio: "ignore" }),
      inside: () => spawnIn(made.net, "true", [], { stdio: "ignore" }),
    };
    const ms = async (start: () => ChildProcess): Promise<number> => {
      const before = performance.now();
      await once(start(), "exit");
      return performance.now() - before;
    };
    const sockets = async (): Promise<number> => {
      const before = performance.now();
      for (let done = 0; done < SOCKETS; done += AT_ONCE) {
        const some = await Promise.all(
          Array.from({ length: AT_ONCE }, () => socketIn(made.net, { type: "raw", socket: { domain: 2, type: 1 } })),
        );
        for (const one of some) one[Symbol.dispose]();
      }
      return (SOCKETS * 1000) / (performance.now() - before);
    };
    const [plain, inside, rates]: [number[], number[], number[]] = [[], [], []];
    const quotients: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      // What else the machine does comes and goes: the two take turns, and each goes first as often.
      const early = pair % 2 === 0 ? await ms(starts.plain) : undefined;
      const there = await ms(starts.inside);
      const here = early ?? (await ms(starts.plain));
      plain.push(here);
      inside.push(there);
      quotients.push(there / here);
    }
    for (let round = 0; round < ROUNDS; round++) rates.push(await sockets());
    const text = (value: number): string => `${value.toFixed(2)} ms`;
    return {
      columns: ["what", "measured"],
      rows: [
        ["spawn, true", text(median(plain))],
        ["spawnIn a network namespace, true", text(median(inside))],
        ["spawnIn / spawn", median(quotients).toFixed(2)],
        ["socketIn, sockets a second", count(Math.round(median(rates)))],
      ],
      remarks: [
        `Medians of ${PAIRS} pairs of commands, one after the other, each pair with its quotient, and of ${ROUNDS} rounds of ${count(SOCKETS)} sockets.`,
      ],
    };
  },
};
