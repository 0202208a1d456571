import { spawnSync } from "node:child_process";

/** What one program of bench/ measures. */
export interface Bench {
  /** Names it on the command line, and its part of docs/performance.md. */
  readonly name: string;
  /** What Node is given, of its options. */
  readonly nodeOptions?: readonly string[];
  measure(): Promise<Measured>;
}

export interface Measured {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below the table. */
  readonly remarks: readonly string[];
}

/** How often each thing is measured; the median counts. */
export const ROUNDS = 7;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A program and its words. */
export type CommandLine = readonly [program: string, words: readonly string[]];

/** What each thing took in one round. */
export type Round<Name extends string> = (name: Name) => number;

/** What one thing took, less what others took, round by round; the median, as a table has it. */
export const less = <Name extends string>(rounds: readonly Round<Name>[], name: Name, ...others: readonly Name[]) =>
  median(rounds.map((round) => others.reduce((took, other) => took - round(other), round(name)))).toFixed(1);

/** Reading what it names costs Node 20 twice its own start. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/**
 * Wall time in milliseconds of each program, of each round: all run in turns, so many times, and the fastest of a round counts,
 * which other programs on the machine disturb least.
 */
export function inTurns<Name extends string>(
  things: Readonly<Record<Name, CommandLine>>,
  runs: number,
): readonly Round<Name>[] {
  return Array.from({ length: ROUNDS }, () => {
    const best = new Map<string, number>();
    for (let nth = 0; nth < runs; nth++) {
      for (const [name, line] of Object.entries<CommandLine>(things)) {
        best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, timed(line)));
      }
    }
    return (name) => best.get(name) ?? Number.NaN;
  });
}

/**
 * CPU time in milliseconds of one run of each program, of each round, its children's included: the mean of so many runs. What
 * else the machine does adds little to it, where it doubles the wall time.
 */
export function cpuInTurns<Name extends string>(
  things: Readonly<Record<Name, CommandLine>>,
  runs: number,
): readonly Round<Name>[] {
  return Array.from({ length: ROUNDS }, () => {
    const took = new Map<string, number>();
    for (const [name, line] of Object.entries<CommandLine>(things)) took.set(name, cpuOf(line, runs));
    return (name) => took.get(name) ?? Number.NaN;
  });
}

/** By the shell's own `time`, to a thousandth of a second for all runs together. */
function cpuOf([program, words]: CommandLine, runs: number): number {
  const script = `TIMEFORMAT='%3U %3S'; time for ((i = 0; i < ${runs}; i++)); do "$@" >/dev/null 2>&1 || exit; done`;
  const env = { ...ENVIRONMENT, LC_ALL: "C" };
  const { status, stderr } = spawnSync("bash", ["-c", script, "bash", program, ...words], { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} gave ${status}`);
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(" ").map(Number);
  return ((user + system) * 1000) / runs;
}

function timed([program, words]: CommandLine): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, words, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    env: ENVIRONMENT,
  });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} gave ${status}: ${stderr}`);
  return took;
}

/** What `inTurns` of so many runs measured, for below a table. */
export const turns = (runs: number): string =>
  `${ROUNDS} rounds of ${runs} runs each in turns; of a round the fastest, and the mean of the CPU time; of the rounds the median.`;

/** 12345 is "12,345". */
export const count = (value: number): string => value.toLocaleString("en");
