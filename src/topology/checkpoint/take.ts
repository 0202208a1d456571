import { withAttributes } from "../../discover/attributes.ts";
import { discover, type DiscoverStamp } from "../../discover/discover.ts";
import { withEnteredMaps } from "../../discover/entered-maps.ts";
import type { Observer } from "../../kernel/observer.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { indexSnapshot, type SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { Snapshot } from "../../snapshot/types.ts";
import { encodeTopology } from "../image/encode.ts";
import type { Topology } from "../topology.ts";
import { capture } from "./capture.ts";
import { checkpoint, type Checkpoint } from "./checkpoint.ts";
import { rootSet, type Root } from "./roots.ts";

/** What the roots are in one look: who names a container finds others in the next one. */
export type RootsIn = (index: SnapshotIndex) => readonly Root[];

export interface LookWish {
  readonly roots: RootsIn;
  readonly stamp: DiscoverStamp;
  /** Whether processes of ours may enter namespaces to ask what only somebody inside is told. */
  readonly enter: boolean;
  /** Namespace files to look at besides: nothing else may lead to what roots name. */
  readonly files?: readonly string[];
}

/** So many namespaces are entered at most: more than any kernel allows one user by default. */
const MOST_ENTERED = 1_000_000;

/** One look at a machine, with what the captured namespaces say of themselves; no others are asked. */
export async function lookFor(
  observer: Observer,
  { roots, stamp, enter, files = [] }: LookWish,
): Promise<Outcome<Snapshot>> {
  const seen = await discover(observer, { status: true, cgroups: true, allSources: true, enter, files }, stamp);
  if (!seen.ok) return seen;
  const index = indexSnapshot(seen.value);
  const set = rootSet(index, roots(index));
  if ("why" in set) return seen;
  const only = new Set(capture(index, set).namespaces.keys());
  const mapped = withEnteredMaps(observer, seen.value, { only, enter });
  return ok(withAttributes(observer, mapped, { only, enter, most: MOST_ENTERED }));
}

/** Two looks that agree, or why there are none. */
export type Agreed =
  | { readonly ok: true; readonly topology: Topology }
  | Extract<Checkpoint, { ok: false }>
  | { readonly ok: false; readonly looks: number; readonly before: string; readonly after: string };

/** So often it is looked: what starts and ends every few milliseconds will not hold still. */
const MOST_LOOKS = 6;

/**
 * Looks until two looks in a row show the same: then what was seen was there at one time, between the two. Nothing is stopped.
 * `before` and `after` are the first record that the last two have differently.
 */
export async function agreedCheckpoint(look: () => Promise<Snapshot>, roots: RootsIn): Promise<Agreed> {
  let before: readonly string[] | undefined;
  let difference = { before: "", after: "" };
  for (let looks = 1; looks <= MOST_LOOKS; looks++) {
    const snapshot = await look();
    const taken = checkpoint(snapshot, roots(indexSnapshot(snapshot)));
    if (!taken.ok) return taken;
    const after = recordsOf(taken.topology);
    const nth = before === undefined ? -1 : firstDifference(before, after);
    if (before !== undefined && nth < 0) return taken;
    difference = { before: before?.[nth] ?? "", after: after[nth] ?? "" };
    before = after;
  }
  return { ok: false, looks: MOST_LOOKS, ...difference };
}

/** One record a line, with the kernel's own numbers: another process under the same number is another. */
function recordsOf(topology: Topology): readonly string[] {
  const { origin: _when, ...lasting } = topology;
  return encodeTopology(lasting).split("\n");
}

/** -1: there is none. */
function firstDifference(a: readonly string[], b: readonly string[]): number {
  if (a.length < b.length) return firstDifference(b, a);
  return a.findIndex((line, nth) => line !== b[nth]);
}
