import { languageOf } from "../messages/sentence.ts";
import type { Context } from "./context.ts";
import { headStart } from "./head-start.ts";
import { leave } from "./leave.ts";
import { outputTo } from "./output.ts";
import { ownWords } from "./own-words.ts";
import { program } from "./program.ts";

/** The program `nsatlas`: the only place that knows of the process it is. */
const language = languageOf(process.env);

async function main(): Promise<void> {
  const context: Context = {
    env: process.env,
    out: outputTo(1),
    err: outputTo(2),
    language,
    now: () => new Date(),
    openObserver: async (procRoot) =>
      (await import("../library/this-machine.ts")).observeThisMachine(procRoot, language, headStart()),
    become: async (plan) => (await import("./enter/become.ts")).become(plan),
  };
  leave(await program(ownWords(), context), context);
}

void main();
