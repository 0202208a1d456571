import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createNamespaces } from "../src/inside/create.ts";
import { socketIn } from "../src/inside/socket.ts";
import { spawnIn } from "../src/inside/spawn.ts";
import { count, median, ROUNDS, type Bench } from "./bench.ts";

const SPAWNS = 100;
const SOCKETS = 2000;
const AT_ONCE = 50;

/** Commands and sockets in another network namespace, beside those of this one: what going there costs. */
export const bench: Bench = {
  name: "inside",
  async measure() {
    using made = await createNamespaces({ kinds: ["net"] });
    const commands = async (start: () => ChildProcess): Promise<number> => {
      const before = performance.now();
      for (let done = 0; done < SPAWNS; done++) await once(start(), "exit");
      return (performance.now() - before) / SPAWNS;
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
    for (let round = 0; round < ROUNDS; round++) {
      plain.push(await commands(() => spawn("true", [], { stdio: "ignore" })));
      inside.push(await commands(() => spawnIn(made.net, "true", [], { stdio: "ignore" })));
      rates.push(await sockets());
    }
    const ms = (value: number): string => `${value.toFixed(2)} ms`;
    return {
      columns: ["what", "measured"],
      rows: [
        ["spawn, true", ms(median(plain))],
        ["spawnIn a network namespace, true", ms(median(inside))],
        ["spawnIn / spawn", (median(inside) / median(plain)).toFixed(2)],
        ["socketIn, sockets a second", count(Math.round(median(rates)))],
      ],
      remarks: [
        `Medians of ${ROUNDS} rounds of ${SPAWNS} commands, one after the other, and of ${count(SOCKETS)} sockets.`,
      ],
    };
  },
};
