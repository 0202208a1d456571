import { languageOf } from "../messages/sentence.ts";
import { headStart } from "./head-start.ts";
import { outputTo } from "./output.ts";
import { program } from "./program.ts";

/** The program `nsatlas`: the only place that knows of the process it is. */
const language = languageOf(process.env);

async function main(): Promise<void> {
  const code = await program(process.argv.slice(2), {
    env: process.env,
    out: outputTo(1),
    err: outputTo(2),
    language,
    now: () => new Date(),
    openObserver: async (procRoot) =>
      (await import("../library/this-machine.ts")).observeThisMachine(procRoot, language, headStart()),
    become: async (plan) => (await import("./enter/become.ts")).become(plan),
  });
  // All output is written by then. To let Node end by itself would take another half a millisecond.
  process.exit(code);
}

void main();
