import { CHECKPOINT } from "../messages/topology-text.ts";
import { indexSnapshot } from "../snapshot/index-snapshot.ts";
import { checkpoint as checkpointOf } from "../topology/checkpoint/checkpoint.ts";
import {
  agreedCheckpoint,
  lookFor,
  told,
  type Agreed,
  type Looking,
  type LookWish,
} from "../topology/checkpoint/take.ts";
import type { Topology } from "../topology/topology.ts";
import { VERSION } from "../version.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { noProc } from "./file-failure.ts";
import type { Place } from "./place.ts";
import type { ExternalWish } from "./restore/readings.ts";
import { fromFile } from "./seen.ts";
import { observerOf } from "./target.ts";
import { nameRoots, rootFailure, type NamedRoots } from "./topology-roots.ts";

/** What an image is to be of. */
export interface Wanted {
  readonly operands: readonly string[];
  readonly names: readonly string[];
  readonly externals: readonly ExternalWish[];
  readonly enter: boolean;
  readonly place: Place;
  /** Whether what is looked at stands still meanwhile; `stopped` is told how many did. */
  readonly freeze?: { stopped(count: number): void };
}

/** Of the machine by looks that agree; a snapshot and a drawn world hold still. */
export async function takeImage(
  running: Running,
  { operands, names, externals, enter, place, freeze }: Wanted,
): Promise<Topology> {
  const { language } = running;
  const stamp = { producer: { name: "nsatlas", version: VERSION }, takenAt: running.now() };
  if (place.from !== undefined) {
    const snapshot = await fromFile(running, place.from);
    const named = nameRoots({ operands, names, externals }, undefined, language);
    const taken = checkpointOf(snapshot, named.roots(indexSnapshot(snapshot)));
    return imageOf(taken, named, running);
  }
  const observer = await observerOf(running, place);
  const named = nameRoots({ operands, names, externals }, observer, language);
  const wish: LookWish = { roots: named.roots, stamp, enter, files: named.files, traces: names.length > 0 };
  const looking: Looking = {
    async look() {
      const seen = await lookFor(observer, wish);
      if (seen.ok) return seen.value;
      throw noProc(seen.errno, observer.procRoot, language);
    },
    tell: (seen) => told(observer, seen, wish),
  };
  const agreed = (): Promise<Agreed> => agreedCheckpoint(looking, named.roots);
  if (freeze === undefined) return imageOf(await agreed(), named, running);
  const { standingStill } = await import("./freeze/standing-still.ts");
  const { given, stopped } = await standingStill(running, { look: looking.look, roots: named.roots }, agreed);
  freeze.stopped(stopped);
  return imageOf(given, named, running);
}

function imageOf(taken: Agreed, named: NamedRoots, { language }: Running): Topology {
  if (taken.ok) return taken.topology;
  if ("fault" in taken) throw rootFailure(taken.fault, named, language);
  const { looks, before, after } = taken;
  throw new CommandFailure({
    exit: EXIT.unknown,
    code: "UNKNOWN",
    reason: CHECKPOINT.unstable[language]({ looks }),
    details: [
      CHECKPOINT.before[language]({ record: before.trim() }),
      CHECKPOINT.after[language]({ record: after.trim() }),
    ],
    hint: CHECKPOINT["unstable-hint"][language],
  });
}
