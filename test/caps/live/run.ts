import fc from "fast-check";
import { openLiveActor, type LiveActor } from "../../../src/kernel/live/actor.ts";
import type { Native } from "../../../src/kernel/live/native.ts";
import { anyLoss, without, type Loss } from "../less-evidence.ts";
import { anyChoice, anyStage } from "./any-stage.ts";
import { agrees, told } from "./compare.ts";
import { look, lookAs } from "./look.ts";
import { buildStage, type StageWish } from "./stage.ts";
import { Tally } from "./tally.ts";
import { askedOf, knows, namedIn, tried, trialOf, type Choice, type Trial } from "./trial.ts";

export interface RunWish {
  /** Of the first world; each further one has the next number. */
  readonly seed: number;
  /** So many answers are compared at least. */
  readonly answers: number;
  isStopped?(): boolean;
  progress?(worlds: number, tally: Tally): void;
}

export interface RunResult {
  readonly tally: Tally;
  readonly worlds: number;
  /** Answers that less evidence made unknown. */
  readonly unknown: number;
  readonly ms: number;
  /** The smallest world found in which an answer and the kernel differ, and how: ready to be printed. */
  readonly difference: string | undefined;
}

interface Round {
  readonly wish: StageWish;
  readonly choices: readonly Choice[];
  readonly losses: readonly Loss[];
}
// Without bias: each world is the first one of its seed, and those are all small otherwise.
const anyRound: fc.Arbitrary<Round> = fc.noBias(
  fc.record({
    wish: anyStage,
    choices: fc.array(anyChoice, { minLength: 1, maxLength: 16 }),
    losses: fc.array(anyLoss, { minLength: 1, maxLength: 6 }),
  }),
);

/** Random people in random worlds try random things; the answers about them, given before, have to be the kernel's. */
export async function run(native: Native, wish: RunWish): Promise<RunResult> {
  const { seed, answers, isStopped = () => false, progress } = wish;
  using actor = openLiveActor(native, { privateMounts: true });
  const tally = new Tally();
  const begun = performance.now();
  let unknown = 0;
  let worlds = 0;
  const result = (difference?: string): RunResult => {
    return { tally, worlds, unknown, ms: performance.now() - begun, difference };
  };
  for (let seen = 0; seen < answers && !isStopped(); seen = tally.compared) {
    const property = fc.asyncProperty(anyRound, async (round) => {
      unknown += await play(native, actor, round, tally);
    });
    const details = await fc.check(property, { seed: seed + worlds, numRuns: 1 });
    worlds += 1;
    if (details.failed) {
      const again = `Again, as it was found: npm run differential -- --can 1 --seed ${seed + worlds - 1}`;
      const error: unknown = details.errorInstance;
      return result(`${error instanceof Error ? error.message : String(error)}\n\n${again}`);
    }
    progress?.(worlds, tally);
  }
  return result();
}

/** Somebody who is nobody in particular, and sees little of others. */
const ORDINARY = 1000;

/** Throws where an answer is wrong; gives how many became unknown with less evidence. */
async function play(native: Native, actor: LiveActor, round: Round, tally: Tally): Promise<number> {
  const stage = buildStage(actor, round.wish);
  const everybody = [...stage.people, ...stage.built.keepers.values()];
  const index = await look(native, actor, everybody);
  const ordinary = await lookAs(ORDINARY, native, actor, everybody);
  const trials = round.choices.flatMap((choice) => trialOf(stage, choice) ?? []);
  let unknown = 0;
  for (const trial of inOrder(trials)) {
    const answer = askedOf(index, stage, trial);
    // What a trial is about stays; of anything else there may be nothing.
    const less = without(index, round.losses, namedIn(index, stage, trial));
    const guesses = [
      { by: "With less evidence", seen: less, guess: askedOf(less, stage, trial) },
      ...(knows(ordinary, stage, trial)
        ? [{ by: `As uid ${ORDINARY} sees it`, seen: ordinary, guess: askedOf(ordinary, stage, trial) }]
        : []),
    ];
    const heard = tried(stage, trial);
    if (heard === undefined) continue;
    const compared = { trial, answer, heard };
    if (!agrees(stage, compared)) throw new Error(told(stage, index, compared));
    for (const { by, seen, guess } of guesses) {
      const how = agrees(stage, { answer: guess, heard }) ? undefined : by;
      const isMute = guess.verdict === "unknown" && guess.missing.length === 0;
      const wrong = isMute ? `${by} it does not say what is missing` : how;
      if (wrong !== undefined) throw new Error(`${wrong}. ${told(stage, seen, { ...compared, answer: guess })}`);
      if (guess.verdict === "unknown" && answer.verdict !== "unknown") unknown += 1;
    }
    tally.add(compared);
  }
  return unknown;
}

/** Maps last: who has written one has changed the world. */
const inOrder = (trials: readonly Trial[]): readonly Trial[] =>
  trials.toSorted((a, b) => Number(a.operation.endsWith("-map")) - Number(b.operation.endsWith("-map")));
