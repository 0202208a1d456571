import { count, ROUNDS, type Bench } from "./bench.ts";
import { Load, NSATLAS, Programs, turnsOf } from "./machine/machine.ts";

/** Processes, and per cent of them that have a namespace of their own; how often lsns runs, which takes a minute for the second. */
const MACHINES = [
  { processes: 5000, own: 10, rounds: ROUNDS },
  { processes: 20_000, own: 50, rounds: 3 },
] as const;

/** `nsatlas list` beside lsns, as whole commands. */
export const bench: Bench = {
  name: "list",
  async measure() {
    using programs = new Programs();
    const rows: string[][] = [];
    for (const { processes, own, rounds } of MACHINES) {
      await using _ = await Load.begin(programs, { processes, own });
      const ours = { nsatlas: [NSATLAS, ["list"]] } as const;
      // In turns with lsns where that is short; where it is long, it says nothing about what the machine did meanwhile.
      const both = turnsOf(programs, { ...ours, lsns: ["lsns", []] }, rounds === ROUNDS ? ROUNDS : rounds - 1);
      const nsatlas = rounds === ROUNDS ? both.get("nsatlas") : turnsOf(programs, ours).get("nsatlas");
      const lsns = both.get("lsns");
      if (nsatlas === undefined || lsns === undefined) throw new Error("nothing was measured");
      rows.push([
        `${count(processes)}, ${count((processes * own) / 100)}`,
        nsatlas.ms.toFixed(0),
        nsatlas.cpu.toFixed(0),
        nsatlas.memory.toFixed(0),
        count(Math.round(lsns.ms)),
        count(Math.round(lsns.cpu)),
        (lsns.ms / nsatlas.ms).toFixed(1),
      ]);
    }
    return {
      columns: [
        "processes, with their own",
        "ms",
        "ms of CPU time",
        "MiB",
        "lsns: ms",
        "ms of CPU time",
        "times faster",
      ],
      rows,
      remarks: [`Medians of ${ROUNDS}, of lsns among 20,000 processes of 2; a first run of each does not count.`],
    };
  },
};
