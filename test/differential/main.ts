import { parseArgs } from "node:util";
import { loadNative } from "../../src/kernel/live/load-native.ts";
import { exhaust } from "./exhaustive/exhaust.ts";
import { exhaustiveSummary } from "./exhaustive/exhaustive-summary.ts";
import { Ground, type Start } from "./ground.ts";
import { thousands } from "./numbers.ts";
import { recordRun, type Recorded } from "./record.ts";
import { run } from "./run.ts";
import { summaryOf } from "./summary.ts";

const USAGE = `npm run differential -- [--runs N] [--seed N] [--minutes N] [--user] [--record]
                 npm run differential -- --exhaustive [--bound N] [--user] [--record]

Plays random sequences of calls on the model and on the running kernel, side by side, until one differs.
  --runs N      stop after so many sequences
  --seed N      the same sequences again
  --minutes N   stop after so long (1)
  --exhaustive  every situation instead, up to symmetry, of user and pid namespaces
  --bound N     so many of them are made, besides the initial ones (4)
  --user        as root: the first task is always an ordinary user's
  --record      write the summary to docs/differential.md
`;
/** Of an ordinary user that root stands in for. */
const USER_ID = 1000;
const MS_PER_MINUTE = 60_000;
const TELL_EVERY_MS = 2000;

/** The program; gives its exit code. */
export function main(words: readonly string[], root: string): number {
  const options = readWords(words);
  const loaded = loadNative();
  if (options === undefined || "missing" in loaded) {
    process.stderr.write(options === undefined ? USAGE : "this machine has no native half: build it first\n");
    return 2;
  }
  using ground = new Ground(loaded.native);
  const { title, seed, summary, difference } = options.exhaustive
    ? exhaustively(ground, options)
    : randomly(ground, options);
  process.stdout.write(`${summary}\n`);
  if (difference !== undefined) {
    process.stdout.write(`\n${difference}\n`);
    return 1;
  }
  if (options.record) recordRun(root, { title, seed, summary });
  return 0;
}

type Options = NonNullable<ReturnType<typeof readWords>>;
interface Report extends Recorded {
  readonly difference: string | undefined;
}

function randomly(ground: Ground, { seed, runs, minutes, user }: Options): Report {
  const progress = teller("sequences");
  const result = run(ground, { seed, runs, limitMs: minutes * MS_PER_MINUTE, starts: startsOf(user), progress });
  return { title: titleOf(user), seed, summary: summaryOf(result), difference: result.difference };
}

function exhaustively(ground: Ground, { bound, user }: Options): Report {
  const [start = { uid: USER_ID }] = startsOf(user);
  const result = exhaust(ground, { bound, start, progress: teller("worlds") });
  const title = `Every situation, ${start.uid === 0 ? "as root" : "as an ordinary user"}`;
  return { title, seed: undefined, summary: exhaustiveSummary(result, bound), difference: result.difference };
}

function readWords(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        runs: { type: "string", default: `${Number.MAX_SAFE_INTEGER}` },
        seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
        minutes: { type: "string", default: "1" },
        exhaustive: { type: "boolean", default: false },
        bound: { type: "string", default: "4" },
        user: { type: "boolean", default: false },
        record: { type: "boolean", default: false },
      },
    });
    const [runs, seed, bound] = [Number(values.runs), Number(values.seed), Number(values.bound)];
    const minutes = Number(values.minutes);
    if (![runs, seed, bound].every(Number.isSafeInteger) || !(minutes > 0)) return undefined;
    return { runs, seed, minutes, bound, exhaustive: values.exhaustive, user: values.user, record: values.record };
  } catch {
    return undefined;
  }
}

const isRoot = (): boolean => process.geteuid?.() === 0;

/** Root starts as either; whoever is not root can only be itself. */
function startsOf(user: boolean): readonly Start[] {
  if (!isRoot()) return [{ uid: process.geteuid?.() ?? USER_ID }];
  return user ? [{ uid: USER_ID }] : [{ uid: 0 }, { uid: 0 }, { uid: USER_ID }];
}

function titleOf(user: boolean): string {
  if (!isRoot()) return "The whole program as an ordinary user";
  return user ? "As root, with an ordinary user's first task" : "As root";
}

/** Says on stderr how far it has come. */
function teller(what: "sequences" | "worlds"): (runs: number, counts: { calls: number; succeeded: number }) => void {
  const begun = performance.now();
  let told = begun;
  return (runs, { calls, succeeded }) => {
    const now = performance.now();
    if (now < told + TELL_EVERY_MS) return;
    told = now;
    const seconds = (now - begun) / 1000;
    const share = Math.round((100 * succeeded) / calls);
    const speed = thousands(Math.round(calls / seconds));
    process.stderr.write(
      `${Math.round(seconds)} s: ${thousands(runs)} ${what}, ${thousands(calls)} calls, ${speed} a second, ${share} % succeeded\n`,
    );
  };
}
