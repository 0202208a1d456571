import fc from "fast-check";
import { KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { canEnter } from "../../../src/caps/enter.ts";
import { openLiveActor, type LiveActor } from "../../../src/kernel/live/actor.ts";
import type { TaskName } from "../../../src/kernel/call.ts";
import type { Native } from "../../../src/kernel/live/native.ts";
import type { SnapshotIndex } from "../../../src/snapshot/index-snapshot.ts";
import { anyCrowd } from "./any-stage.ts";
import { agrees, told, type Compared } from "./compare.ts";
import { look } from "./look.ts";
import type { RunWish } from "./run.ts";
import { buildStage, type Stage, type StageWish } from "./stage.ts";
import { askedOf, tried, type Trial } from "./trial.ts";

/** What was asked of a pair: to enter the namespace, or to open its file through a process that is in it. */
export type Asked = `enter ${NamespaceKind}` | "open its file";

/** How often the answer and the kernel said the same; `otherwise`: what the answer takes for granted is not so. */
export interface Counted {
  yes: number;
  no: number;
  unknown: number;
  otherwise: number;
}

export class PairTally {
  readonly rows = new Map<Asked, Counted>();
  pairs = 0;
  worlds = 0;
  holders = 0;
  namespaces = 0;

  add(asked: Asked, { answer: { verdict }, heard }: Compared): void {
    const row = this.rows.get(asked) ?? { yes: 0, no: 0, unknown: 0, otherwise: 0 };
    this.rows.set(asked, row);
    row[verdict === "yes" && heard === "no" ? "otherwise" : verdict] += 1;
  }
}

export interface PairsResult {
  readonly tally: PairTally;
  readonly ms: number;
  readonly difference: string | undefined;
}

/** In random worlds every holder tries to enter every namespace, and to open its file; the answers have to be the kernel's. */
export async function comparePairs(native: Native, wish: Omit<RunWish, "answers"> & { readonly pairs: number }) {
  const { seed, pairs, isStopped = () => false } = wish;
  using actor = openLiveActor(native, { privateMounts: true });
  const tally = new PairTally();
  const begun = performance.now();
  const result = (difference?: string): PairsResult => ({ tally, ms: performance.now() - begun, difference });
  while (tally.pairs < pairs && !isStopped()) {
    const property = fc.asyncProperty(fc.noBias(anyCrowd), (crowd) => play(native, actor, crowd, tally));
    const at = seed + tally.worlds;
    const details = await fc.check(property, { seed: at, numRuns: 1 });
    if (details.failed) {
      const error: unknown = details.errorInstance;
      const again = `Again, as it was found: npm run differential -- --pairs 1 --seed ${at}`;
      return result(`${error instanceof Error ? error.message : String(error)}\n\n${again}`);
    }
  }
  return result();
}

async function play(native: Native, actor: LiveActor, wish: StageWish, tally: PairTally): Promise<void> {
  const stage = buildStage(actor, wish);
  const index = await look(native, actor, [...stage.people, ...stage.built.keepers.values()]);
  // Who sits in a drawn namespace was there before the descriptors were.
  const holders = [actor.first, ...stage.people];
  const names = [...stage.built.fds.keys()];
  for (const who of holders) {
    for (const name of names) {
      entered(stage, index, { who, name }, tally);
      opened(stage, index, { who, name }, tally);
      tally.pairs += 1;
    }
  }
  tally.worlds += 1;
  tally.holders += holders.length;
  tally.namespaces += names.length;
}

interface Pair {
  readonly who: TaskName;
  readonly name: string;
}

function entered(stage: Stage, index: SnapshotIndex, { who, name }: Pair, tally: PairTally): void {
  const kind = KINDS.find((one) => name.startsWith(`${one}:`)) ?? "user";
  const trial: Trial = { who, operation: `setns-${kind}`, on: { namespace: name } };
  const answer = askedOf(index, stage, trial);
  const process = index.processes.get(stage.actor.pidOf(who));
  const id = stage.ids.get(name);
  const enter = process === undefined || id === undefined ? undefined : canEnter(index, { process }, [id]);
  if (enter === undefined) throw new Error(`${name} was not seen`);
  judge(stage, index, { trial, answer: { ...answer, verdict: enter.verdict } }, `enter ${kind}`, tally);
}

function opened(stage: Stage, index: SnapshotIndex, { who, name }: Pair, tally: PairTally): void {
  const task = stage.built.keepers.get(name);
  if (task === undefined || task === who) return;
  const trial: Trial = { who, operation: "open-ns-file", on: { task } };
  judge(stage, index, { trial, answer: askedOf(index, stage, trial) }, "open its file", tally);
}

function judge(
  stage: Stage,
  index: SnapshotIndex,
  asked: Omit<Compared, "heard">,
  what: Asked,
  tally: PairTally,
): void {
  const heard = tried(stage, asked.trial);
  if (heard === undefined) return;
  const compared = { ...asked, heard };
  if (!agrees(stage, compared)) throw new Error(told(stage, index, compared));
  tally.add(what, compared);
}
