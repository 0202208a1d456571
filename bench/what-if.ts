/** How long what-if takes to make a world of a snapshot, and to answer in it; by the size of the machine. */
import { discover } from "../src/discover/discover.ts";
import { ModelObserver } from "../src/kernel/model/observer.ts";
import { carryOut } from "../src/what-if/carry-out.ts";
import { readCalls } from "../src/what-if/grammar.ts";
import { seenProcess } from "../src/what-if/processes.ts";
import { situationSeen } from "../src/what-if/seen/world.ts";
import { count, median, ROUNDS, type Bench } from "./bench.ts";
import { machineOf, PER_POD } from "./model/pods.ts";

const SIZES = [100, 1_000, 10_000] as const;
const CALLS = readCalls("unshare user net; clone pid as box; box: setns self/user user; open 5/net");

export const bench: Bench = {
  name: "what-if",
  async measure() {
    const rows = await Promise.all(
      SIZES.map(async (size) => {
        const { actor } = machineOf(size / PER_POD.namespaces);
        const stamp = { producer: { name: "bench", version: "0" }, takenAt: new Date(0) };
        const seen = await discover(new ModelObserver(() => actor.world, actor.first), { status: true }, stamp);
        if (!seen.ok) throw new Error(seen.errno);
        return { snapshot: seen.value, build: [] as number[], answer: [] as number[] };
      }),
    );
    for (let round = 0; round < ROUNDS; round++) {
      for (const { snapshot, build, answer } of rows) {
        const start = performance.now();
        const situation = situationSeen(snapshot);
        const built = performance.now();
        carryOut(situation, CALLS, seenProcess(situation, "self"));
        build.push(built - start);
        answer.push(performance.now() - built);
      }
    }
    return {
      columns: ["namespaces", "processes", "ms to build", "µs a process", "ms for four calls"],
      rows: rows.map(({ snapshot, build, answer }) => [
        count(snapshot.namespaces.length),
        count(snapshot.processes.length),
        median(build).toFixed(1),
        ((median(build) * 1000) / snapshot.processes.length).toFixed(1),
        median(answer).toFixed(2),
      ]),
      remarks: [],
    };
  },
};
