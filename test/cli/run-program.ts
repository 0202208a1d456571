import { EXIT, type ExitCode } from "../../src/cli/exit-codes.ts";
import type { Context, Output } from "../../src/cli/context.ts";
import type { Plan } from "../../src/enter/step.ts";
import { program } from "../../src/cli/program.ts";
import type { Observer } from "../../src/kernel/observer.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { loadNative } from "../../src/kernel/live/load-native.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { ok } from "../../src/rules/outcome.ts";
import type { Language } from "../../src/messages/sentence.ts";

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly language?: Language;
  /** A terminal of this many columns on standard output; a pipe where it is absent. */
  readonly columns?: number;
  /** Whether standard error is a terminal. */
  readonly isWatched?: true;
  /** The running kernel where it is absent. */
  readonly observer?: Observer;
  /** What the clock says; 1970 where it is absent. */
  readonly now?: Date;
}

const ERR_COLUMNS = 80;

/** `nsatlas WORDS…` in this process, its output collected. */
export async function runProgram(words: readonly string[], setting: Setting = {}): Promise<Ran> {
  const { env = { LANG: "C.UTF-8" }, language = "en", columns, isWatched, observer, now = new Date(0) } = setting;
  const [out, err] = [collect(columns), collect(isWatched && ERR_COLUMNS)];
  const context: Context = {
    env,
    language,
    out,
    err,
    now: () => now,
    openObserver: async (procRoot) => observer ?? openLive(procRoot),
    become: (plan) => startBeside(plan, out, err),
  };
  const exit = await program(words, context);
  return { exit, out: out.text(), err: err.text() };
}

/** This process has tests to run: the launcher is started beside it. */
async function startBeside(plan: Plan, out: Output, err: Output): Promise<Outcome<ExitCode>> {
  const { launch } = await import("../enter/launch.ts");
  const done = launch(plan.steps, { plan });
  out.write(done.out);
  err.write(done.err);
  return ok(done.code === 0 ? EXIT.done : EXIT.no);
}

function openLive(procRoot: string): Observer {
  const loaded = loadNative();
  return new LiveObserver("native" in loaded ? loaded.native : undefined, procRoot);
}

function collect(columns: number | undefined): Output & { text(): string } {
  const parts: string[] = [];
  return {
    columns,
    isTerminal: columns !== undefined,
    write: (text) => void parts.push(text),
    text: () => parts.join(""),
  };
}
