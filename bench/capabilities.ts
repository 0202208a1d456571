/** How fast it is told who has which capability, on a machine of 20,000 processes and 2,000 user namespaces. */
import { CapabilityHolders } from "../src/caps/holders-of.ts";
import { can } from "../src/caps/can.ts";
import { capsOver } from "../src/caps/caps-over.ts";
import { groundOf } from "../src/caps/ground.ts";
import { peopleOf } from "../src/caps/people.ts";
import { powerOver, verdictOn } from "../src/caps/power.ts";
import { reach } from "../src/caps/reach/reach.ts";
import { crowd } from "../test/caps/crowd.ts";
import { count, median, ROUNDS, type Bench } from "./bench.ts";

const NAMESPACES = 2_000;
const PROCESSES = 20_000;
const QUESTIONS = 2_000;

export const bench: Bench = {
  name: "capabilities",
  async measure() {
    const times = {
      everybody: [] as number[],
      one: [] as number[],
      can: [] as number[],
      pairs: [] as number[],
      reach: [] as number[],
    };
    let [pairs, held] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      // A new snapshot each time: nothing of it is at hand.
      const index = crowd({ processes: PROCESSES, namespaces: NAMESPACES, distinct: NAMESPACES });
      const start = performance.now();
      const ground = groundOf(index);
      const holders = new CapabilityHolders(index, "CAP_SYS_ADMIN");
      for (let node = 0; node < ground.nodes.length; node++) held += holders.over(node).groups.length;
      times.everybody.push(performance.now() - start);

      const people = [...peopleOf(index).values()].flatMap(({ all }) => all);
      const walks = performance.now();
      pairs = 0;
      for (let node = 0; node < ground.nodes.length; node++) {
        for (let nth = node % PART; nth < people.length; nth += PART) {
          const caller = people[nth]?.caller;
          if (caller === undefined) continue;
          if (verdictOn(powerOver(ground, caller, node), caller, "CAP_SYS_ADMIN") === "yes") held += 1;
          pairs += 1;
        }
      }
      times.pairs.push(((performance.now() - walks) * 1e3) / pairs);

      const asked = performance.now();
      for (let nth = 0; nth < QUESTIONS; nth++) {
        const process = index.snapshot.processes[(nth * 7) % PROCESSES];
        const namespace = index.snapshot.namespaces[(nth * 3) % NAMESPACES];
        if (process !== undefined && namespace !== undefined) capsOver(index, { process }, namespace.id);
      }
      times.one.push((performance.now() - asked) / QUESTIONS);

      const answered = performance.now();
      for (let nth = 0; nth < QUESTIONS; nth++) {
        const process = index.snapshot.processes[(nth * 7) % PROCESSES];
        const namespace = index.snapshot.namespaces[(nth * 3) % NAMESPACES];
        if (process === undefined || namespace === undefined) continue;
        const resource = { namespace: namespace.id };
        can(index, { process }, { operation: "setns-user", resource });
      }
      times.can.push((performance.now() - answered) / QUESTIONS);

      // It has CAP_SETUID, and so may be anybody.
      const [, first] = index.snapshot.processes;
      const left = performance.now();
      if (first !== undefined) reach(index, { process: first });
      times.reach.push(performance.now() - left);
    }
    if (held === 0) throw new Error("somebody has it");
    const walk = median(times.pairs);
    return {
      columns: ["question", "time", "a second"],
      rows: [
        ["who has CAP_SYS_ADMIN, over every namespace", `${median(times.everybody).toFixed(0)} ms`, ""],
        ["one process over one namespace, with the proof", `${median(times.one).toFixed(3)} ms`, ""],
        ["may one process join one namespace, with the proof", `${median(times.can).toFixed(3)} ms`, ""],
        ["what one process with CAP_SETUID reaches", `${median(times.reach).toFixed(0)} ms`, ""],
        [`a walk, over ${count(pairs)} distinct pairs`, `${walk.toFixed(3)} µs`, count(Math.round(1e6 / walk))],
      ],
      remarks: [`${count(PROCESSES)} processes and ${count(NAMESPACES)} user namespaces, in chains of eight.`],
    };
  },
};
/** Of all pairs of credentials and user namespaces one in so many is asked, each once. */
const PART = 16;
