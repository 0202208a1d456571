import { count, ROUNDS, type Bench } from "./bench.ts";
import { Load, NSATLAS, Programs, turnsOf } from "./machine/machine.ts";

const LOAD = { processes: 8000, own: 10, descriptors: 5 } as const;

/** Everything that is looked at, on a machine whose processes have files open. */
export const bench: Bench = {
  name: "sources",
  async measure() {
    using programs = new Programs();
    await using _ = await Load.begin(programs, LOAD);
    const took = turnsOf(programs, {
      "nsatlas list": [NSATLAS, ["list"]],
      "nsatlas list -o +NAME": [NSATLAS, ["list", "-o", "+NAME"]],
      "nsatlas snapshot": [NSATLAS, ["snapshot", "-o", "-"]],
    });
    return {
      columns: ["what", "ms", "ms of CPU time", "MiB"],
      rows: Array.from(took, ([name, { ms, cpu, memory }]) => [name, ms.toFixed(0), cpu.toFixed(0), memory.toFixed(0)]),
      remarks: [
        `${count(LOAD.processes)} processes with ${LOAD.descriptors} descriptors each, a tenth of them in a namespace of its own; medians of ${ROUNDS}. ` +
          "`list` looks at all sources of namespaces; with NAME also at whose they are, by control groups; a snapshot has the id maps besides, and all command lines.",
      ],
    };
  },
};
