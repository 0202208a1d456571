import { readdirSync, readFileSync } from "node:fs";
import { createNamespaces } from "../src/inside/create.ts";
import { socketIn } from "../src/inside/socket.ts";
import { spawnIn } from "../src/inside/spawn.ts";
import { count, type Bench } from "./bench.ts";

const MANY = 10_000;
const AT_ONCE = 4;
/** So many first, for what is made once and kept. */
const FEW = 20;
/** Every so manieth command cannot be found. */
const MISSING = 5;

/** What the program has of the kernel. */
interface Held {
  readonly descriptors: number;
  readonly threads: number;
  readonly children: number;
}

function held(): Held {
  const threads = readdirSync("/proc/self/task");
  const children = threads.flatMap(
    (tid) => readFileSync(`/proc/self/task/${tid}/children`, "utf8").match(/\d+/g) ?? [],
  );
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    threads: threads.length,
    children: children.length,
  };
}

/** What is left of very many commands and sockets in another network namespace: nothing, or this throws. */
export const bench: Bench = {
  name: "leaks",
  async measure() {
    using made = await createNamespaces({ kinds: ["net"] });
    const things = {
      "spawnIn, commands": async (nth: number): Promise<void> => {
        const child = spawnIn(made.net, nth % MISSING === 0 ? "no-such-command" : "true", [], { stdio: "ignore" });
        child.on("error", () => {});
        await new Promise((resolve) => child.once("close", resolve));
      },
      "socketIn, sockets": async (): Promise<void> => {
        const socket = await socketIn(made.net, { type: "raw", socket: { domain: 2, type: 1 } });
        socket[Symbol.dispose]();
      },
    };
    const rows: string[][] = [];
    for (const [what, one] of Object.entries(things)) {
      const many = async (times: number): Promise<void> => {
        for (let nth = 0; nth < times; nth++) await one(nth);
      };
      await many(FEW);
      const [before, start] = [held(), performance.now()];
      await Promise.all(Array.from({ length: AT_ONCE }, () => many(MANY / AT_ONCE)));
      const [after, seconds] = [held(), (performance.now() - start) / 1000];
      const told = (kind: keyof Held): string => `${before[kind]}, ${after[kind]}`;
      rows.push([what, count(MANY), seconds.toFixed(1), told("descriptors"), told("threads"), told("children")]);
      if (JSON.stringify(before) !== JSON.stringify(after))
        throw new Error(`something is left: ${rows.at(-1)?.join(" | ")}`);
    }
    return {
      columns: ["what", "how many", "s", "descriptors before, after", "threads", "children"],
      rows,
      remarks: [`${AT_ONCE} at once; every ${MISSING}th command could not be found.`],
    };
  },
};
