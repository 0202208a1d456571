import { spawnSync } from "node:child_process";

/** What one program of bench/ measures. */
export interface Bench {
  /** Names it on the command line, and its part of docs/performance.md. */
  readonly name: string;
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

/**
 * Wall time in milliseconds of each program, of each round: all run in turns, so many times, and the fastest of a round counts,
 * which other programs on the machine disturb least.
 */
export function inTurns<Name extends string>(
  things: Readonly<Record<Name, CommandLine>>,
  runs: number,
): readonly ((name: Name) => number)[] {
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

function timed([program, words]: CommandLine): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, words, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} gave ${status}: ${stderr}`);
  return took;
}

/** 12345 is "12,345". */
export const count = (value: number): string => value.toLocaleString("en");
