import { loadNative } from "../../src/kernel/live/load-native.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { answersSummary, pairsSummary } from "../caps/live/pages.ts";
import { comparePairs } from "../caps/live/pairs.ts";
import { run as compareMany } from "../caps/live/run.ts";
import { pairsOfCases } from "./case-pairs.ts";
import { exhaust } from "./exhaustive/exhaust.ts";
import { exhaustiveSummary } from "./exhaustive/exhaustive-summary.ts";
import { Ground } from "./ground.ts";
import { exhaustiveTitle, readWords, startsOf, titleOf, USAGE, type Options } from "./options.ts";
import { recordRun, type Recorded } from "./record.ts";
import { run } from "./run.ts";
import { summaryOf } from "./summary.ts";
import { counter, teller } from "./teller.ts";
import { roundTrips, topologiesSummary } from "./topologies.ts";

const MS_PER_MINUTE = 60_000;

/** The program; gives its exit code: 1 where the two sides differ. */
export async function main(words: readonly string[], root: string): Promise<number> {
  const options = readWords(words);
  const loaded = loadNative();
  if (options === undefined || "missing" in loaded) {
    process.stderr.write(options === undefined ? USAGE : "this machine has no native half: build it first\n");
    return 2;
  }
  if (options.can > 0 || options.pairs > 0 || options.topologies > 0)
    return compareAnswers(loaded.native, options, root);
  using ground = new Ground(loaded.native);
  return finish(options.exhaustive ? exhaustively(ground, options) : await randomly(ground, options), options, root);
}

/** Prints what it came to, and puts it down where that is wished for. */
function finish({ title, seed, summary, difference }: Report, options: Options, root: string): number {
  process.stdout.write(`${summary}\n`);
  if (difference !== undefined) {
    process.stdout.write(`\n${difference}\n`);
    return 1;
  }
  if (options.record) recordRun(root, { title, seed, summary });
  return 0;
}

interface Report extends Recorded {
  readonly difference: string | undefined;
}

/** What nsatlas can says, and what it restores, against what the kernel does: as root, who can have any ids and capabilities. */
async function compareAnswers(native: Native, options: Options, root: string): Promise<number> {
  if (process.geteuid?.() !== 0) {
    process.stderr.write("it takes processes with all kinds of ids and capabilities: be root\n");
    return 2;
  }
  const { seed, topologies } = options;
  if (topologies > 0) {
    const result = await roundTrips({ seed, topologies, isStopped: stopper(), progress: counter("topologies") });
    const title = "Random topologies, restored on the running kernel";
    return finish({ title, seed, summary: topologiesSummary(result), difference: result.difference }, options, root);
  }
  if (options.pairs > 0) {
    const result = await comparePairs(native, { seed, pairs: options.pairs, isStopped: stopper() });
    const title = "Who may enter which namespace, and open its file";
    return finish({ title, seed, summary: pairsSummary(result), difference: result.difference }, options, root);
  }
  const result = await compareMany(native, { seed, answers: options.can, isStopped: stopper() });
  const title = "What can answers, tried";
  return finish({ title, seed, summary: answersSummary(result), difference: result.difference }, options, root);
}

/** Whether somebody has wished for the end. */
function stopper(): () => boolean {
  let isStopped = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isStopped = true));
  return () => isStopped;
}

async function randomly(ground: Ground, options: Options): Promise<Report> {
  const { seed, runs, minutes } = options;
  const limits = { seed, runs, limitMs: minutes * MS_PER_MINUTE, isStopped: stopper() };
  const result = await run(ground, { ...limits, starts: startsOf(options), progress: teller("sequences") });
  for (const once of result.passing) process.stdout.write(`Once, and not again: ${once}\n`);
  const summary = summaryOf(result, pairsOfCases());
  return { title: titleOf(options), seed, summary, difference: result.difference };
}

function exhaustively(ground: Ground, options: Options): Report {
  const [start] = startsOf(options);
  const { bound } = options;
  const result = exhaust(ground, { bound, start, progress: teller("worlds") });
  return {
    title: exhaustiveTitle(start),
    seed: undefined,
    summary: exhaustiveSummary(result, bound),
    difference: result.difference,
  };
}
