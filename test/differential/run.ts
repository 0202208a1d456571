import fc from "fast-check";
import type { Said } from "./compare.ts";
import { Counts } from "./counts.ts";
import { sequence, type DraftCall } from "./draft-call.ts";
import type { Bound } from "./draw-people.ts";
import type { Ground, Start } from "./ground.ts";
import type { Pair } from "./pair.ts";
import { shorter } from "./shorter.ts";
import { story } from "./story.ts";

export interface RunWish {
  readonly seed: number;
  readonly runs: number;
  readonly limitMs: number;
  readonly starts: readonly Start[];
  /** Told after each sequence. */
  progress?(runs: number, counts: Counts): void;
}

export interface RunResult {
  readonly runs: number;
  readonly counts: Counts;
  readonly ms: number;
  /** The shortest sequence found on which the two sides differ, and how: ready to be printed. */
  readonly difference: string | undefined;
}

/** Plays random sequences on both sides until one differs, or the runs or the time are over. */
export function run(ground: Ground, { seed, runs, limitMs, starts, progress }: RunWish): RunResult {
  const counts = new Counts();
  const begun = performance.now();
  let played = 0;
  const property = fc.property(fc.constantFrom(...starts), sequence({ least: 5, most: 40 }), (start, drafts) => {
    const { difference, history } = playTwice(ground, start, drafts);
    for (const said of history) counts.add(said);
    progress?.(++played, counts);
    return difference === undefined;
  });
  // Leaving out calls, with others still choosing among what there is, shortens better than fast-check knows how to.
  const limits = { interruptAfterTimeLimit: limitMs, endOnFailure: true };
  const { counterexample } = fc.check(property, { seed, numRuns: runs, ...limits });
  const ms = performance.now() - begun;
  if (counterexample === null) return { runs: played, counts, ms, difference: undefined };
  const [start, drafts] = counterexample;
  return { runs: played, counts, ms, difference: `seed ${seed}\n${shortStory(ground, start, drafts)}` };
}

interface Played {
  readonly history: readonly Said[];
  readonly difference: string | undefined;
}

/** A difference that does not come again was the machine's: a call that had to wait too long for a CPU. */
function playTwice(ground: Ground, start: Start, drafts: readonly DraftCall[]): Played {
  const first = playDrafts(ground, start, drafts);
  return first.difference === undefined ? first : playDrafts(ground, start, drafts);
}

const playDrafts = (ground: Ground, start: Start, drafts: readonly DraftCall[]): Played =>
  play(ground.pair(start), drafts, (pair, draft) => pair.play(draft));
const playCalls = (ground: Ground, start: Start, calls: readonly Bound[]): Played =>
  play(ground.pair(start), calls, (pair, call) => pair.playBound(call));

function play<T>(pair: Pair, items: readonly T[], one: (pair: Pair, item: T) => string | undefined): Played {
  for (const item of items) {
    const difference = one(pair, item);
    if (difference !== undefined) return { history: pair.history, difference };
  }
  return { history: pair.history, difference: pair.compareState() };
}

/** First with calls that choose anew among what is left, then call by call. */
function shortStory(ground: Ground, start: Start, drafts: readonly DraftCall[]): string {
  const few = shorter(drafts, (some) => playDrafts(ground, start, some).difference !== undefined);
  const { history } = playDrafts(ground, start, few);
  const fewest = shorter<Bound>(history, (some) => playCalls(ground, start, some).difference !== undefined);
  const last = playCalls(ground, start, fewest);
  return story(start, last.history, last.difference ?? "the difference did not come again");
}
