import type { Observer } from "../kernel/observer.ts";
import { UnsupportedError } from "../errors.ts";
import { NOT_LINUX } from "../messages/commands.ts";
import { languageOf } from "../messages/sentence.ts";
import { outputTo } from "./output.ts";
import { program } from "./program.ts";

/** The program `nsatlas`: the only place that knows of the process it is. */
const language = languageOf(process.env);

// All output is written when `program` is done; setting the code lets Node end by itself.
process.exitCode = await program(process.argv.slice(2), {
  env: process.env,
  out: outputTo(1),
  err: outputTo(2),
  language,
  now: () => new Date(),
  openObserver,
});

/** The running kernel, with or without the native half. */
async function openObserver(procRoot: string): Promise<Observer> {
  if (process.platform !== "linux") {
    throw new UnsupportedError(NOT_LINUX[language]({ system: process.platform }), { feature: "namespaces" });
  }
  const [{ LiveObserver }, { loadNative }] = await Promise.all([
    import("../kernel/live/observer.ts"),
    import("../kernel/live/load-native.ts"),
  ]);
  const loaded = loadNative();
  return new LiveObserver("native" in loaded ? loaded.native : undefined, procRoot);
}
