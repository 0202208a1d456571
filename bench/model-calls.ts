/** Calls a second of the model, and how that depends on the size of the world. */
import type { Call, TaskName, Value } from "../src/kernel/call.ts";
import type { ModelActor } from "../src/kernel/model/actor.ts";
import type { Outcome } from "../src/rules/outcome.ts";
import { machineOf, PER_POD } from "./model/pods.ts";
import { chance, names, SCENES, type Stage } from "./model/scenes.ts";
import { count, median, ROUNDS, type Bench } from "./bench.ts";

const SIZES = [100, 1_000, 10_000] as const;
const CALLS = 50_000;
const WARM_UP = 4;

/** How often each call was carried out and refused. */
type Tally = Map<Call["op"], { done: number; refused: number }>;

/** A world that plays scenes, as many as there is time for. */
function player(size: number): { play: (calls: number, tally?: Tally) => number; actor: ModelActor } {
  const { actor, pods } = machineOf(size / PER_POD.namespaces);
  const random = chance(size);
  const calls: { made: number; tally?: Tally | undefined } = { made: 0 };
  const stage: Stage = {
    first: actor.first,
    pods,
    fresh: names(),
    pick: (some) => some[Math.floor(random() * some.length)] ?? missing(),
    call: (caller: TaskName, call: Call): Outcome<Value> => {
      calls.made++;
      const outcome = actor.call(caller, call);
      if (calls.tally !== undefined) tell(calls.tally, call, outcome);
      return outcome;
    },
  };
  const play = (most: number, tally?: Tally): number => {
    calls.tally = tally;
    const before = calls.made;
    while (calls.made < before + most) stage.pick(SCENES)(stage);
    return calls.made - before;
  };
  return { play, actor };
}

function missing(): never {
  throw new Error("nothing to pick from");
}

function tell(tally: Tally, { op }: Call, outcome: Outcome<Value>): void {
  const row = tally.get(op) ?? { done: 0, refused: 0 };
  tally.set(op, row);
  if (outcome.ok) row.done++;
  else row.refused++;
}

export const bench: Bench = {
  name: "model-calls",
  // Room for what the calls make anew, in MiB: Node's usual 16 is full so often with a large world that more is copied.
  nodeOptions: ["--max-semi-space-size=128"],
  async measure() {
    const rows = SIZES.map((size) => ({ size, ...player(size), tally: new Map() as Tally, seconds: [] as number[] }));
    for (const { play, tally } of rows) for (let turn = 0; turn < WARM_UP; turn++) play(CALLS, tally);
    const sizesBefore = rows.map(({ actor: { world } }) => `${world.namespaces.size} ${world.tasks.size}`);
    // In turns, so that whatever else the machine does meets all sizes alike.
    for (let round = 0; round < ROUNDS; round++) {
      for (const row of rows) {
        const start = process.cpuUsage();
        const made = row.play(CALLS);
        row.seconds.push(process.cpuUsage(start).user / 1e6 / made);
      }
    }
    for (const [at, { actor }] of rows.entries()) {
      const { namespaces, tasks } = actor.world;
      if (`${namespaces.size} ${tasks.size}` !== sizesBefore[at]) throw new Error("the scenes left something behind");
    }
    const least = median(rows[0]?.seconds ?? []);
    const table = rows.map(({ actor: { world }, seconds }) => [
      count(world.namespaces.size),
      count(world.tasks.size),
      (median(seconds) * 1e6).toFixed(2),
      count(Math.round(1 / median(seconds))),
      (median(seconds) / least).toFixed(2),
    ]);
    const tally = rows[1]?.tally ?? new Map();
    const all = [...tally.values()];
    const [done, refused] = [sum(all.map((row) => row.done)), sum(all.map((row) => row.refused))];
    const share = ((100 * refused) / (done + refused)).toFixed(0);
    const kinds = [...tally]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([op, row]) => `${op} ${percent(row, done + refused)}`);
    return {
      columns: ["namespaces", "processes", "µs a call", "calls a second", "against the smallest"],
      rows: table,
      remarks: [`${share} % of the calls are refused. Their kinds, in per cent: ${kinds.join(", ")}.`],
    };
  },
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const percent = ({ done, refused }: { done: number; refused: number }, all: number): string =>
  ((100 * (done + refused)) / all).toFixed(1);
