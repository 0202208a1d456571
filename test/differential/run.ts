import { setImmediate } from "node:timers/promises";
import type { Said } from "./compare.ts";
import { Counts } from "./counts.ts";
import { sequenceOf, type DraftCall } from "./draft-call.ts";
import type { Bound } from "./draw-people.ts";
import type { Ground, Start } from "./ground.ts";
import type { Pair } from "./pair.ts";
import { shorter } from "./shorter.ts";
import { story } from "./story.ts";

export interface RunWish {
  /** The seed of the first sequence; each further one has the next number. */
  readonly seed: number;
  readonly runs: number;
  readonly limitMs: number;
  readonly starts: readonly Start[];
  /** Whether somebody wants it to come to its end. */
  isStopped?(): boolean;
  /** Told after each sequence. */
  progress?(runs: number, counts: Counts): void;
}

export interface RunResult {
  readonly runs: number;
  readonly counts: Counts;
  readonly ms: number;
  /** The shortest sequence found on which the two sides differ, and how: ready to be printed. */
  readonly difference: string | undefined;
  /** Differences that did not come again when the same sequence was played anew: the machine's, not the model's. */
  readonly passing: readonly string[];
}

/** Plays random sequences on both sides until one differs, or the runs or the time are over. */
export async function run(ground: Ground, wish: RunWish): Promise<RunResult> {
  const { seed, runs, limitMs, starts, isStopped = () => false, progress } = wish;
  const counts = new Counts();
  const passing: string[] = [];
  const begun = performance.now();
  const result = (played: number, difference?: string): RunResult => {
    return { runs: played, counts, ms: performance.now() - begun, difference, passing };
  };
  for (let at = 0; at < runs; at++) {
    // Signals are heard between two turns.
    await setImmediate();
    if (isStopped() || performance.now() - begun > limitMs) return result(at);
    const { start, drafts } = sequenceOf(seed + at, starts);
    const first = attempt(() => playDrafts(ground, start, drafts));
    if (first instanceof Error || first.difference !== undefined) {
      await setImmediate();
      // Ctrl-C ends the holders, too: that is no difference.
      if (isStopped()) return result(at);
      if (first instanceof Error) throw first;
      if (playDrafts(ground, start, drafts).difference !== undefined) {
        return result(at + 1, shortStory(ground, { start, seed: seed + at }, drafts));
      }
      passing.push(`seed ${seed + at}: ${first.difference}`);
    }
    for (const said of first.history) counts.add(said);
    progress?.(at + 1, counts);
  }
  return result(runs);
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface Played {
  readonly history: readonly Said[];
  readonly difference: string | undefined;
  readonly pair: Pair;
}

const playDrafts = (ground: Ground, start: Start, drafts: readonly DraftCall[]): Played =>
  play(ground.pair(start), drafts, (pair, draft) => pair.play(draft));
const playCalls = (ground: Ground, start: Start, calls: readonly Bound[]): Played =>
  play(ground.pair(start), calls, (pair, call) => pair.playBound(call));

function play<T>(pair: Pair, items: readonly T[], one: (pair: Pair, item: T) => string | undefined): Played {
  for (const item of items) {
    const difference = one(pair, item);
    if (difference !== undefined) return { history: pair.history, difference, pair };
  }
  return { history: pair.history, difference: pair.compareState(), pair };
}

/** First with calls that choose anew among what is left, then call by call. */
function shortStory(ground: Ground, { start, seed }: Beginning, drafts: readonly DraftCall[]): string {
  const few = shorter(drafts, (some) => playDrafts(ground, start, some).difference !== undefined);
  const drawn = playDrafts(ground, start, few);
  const fewest = shorter<Bound>(drawn.pair.made, (some) => playCalls(ground, start, some).difference !== undefined);
  const played = playCalls(ground, start, fewest);
  // Calls that chose among what there was may show what the same calls alone do not.
  const { history, difference = "It did not come again.", pair } = played.difference === undefined ? drawn : played;
  return story({ start, seed, history, world: pair.worldBefore, difference });
}

interface Beginning {
  readonly start: Start;
  readonly seed: number;
}
