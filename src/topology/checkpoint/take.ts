import { withAttributes } from "../../discover/attributes.ts";
import { discover, type DiscoverStamp } from "../../discover/discover.ts";
import { withEnteredMaps } from "../../discover/entered-maps.ts";
import { withEnteredPids } from "../../discover/entered-pids.ts";
import type { Observer } from "../../kernel/observer.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { indexSnapshot, type SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { Snapshot } from "../../snapshot/types.ts";
import { encodeTopology } from "../image/encode.ts";
import type { Topology } from "../topology.ts";
import { capture, type Captured } from "./capture.ts";
import { checkpoint, type Checkpoint } from "./checkpoint.ts";
import { evidenceOf } from "./evidence.ts";
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
  /** Whether whose namespaces are is to be read: roots that are named by containers are found by it. */
  readonly traces?: boolean;
}

/** So many namespaces are entered at most: more than any kernel allows one user by default. */
const MOST_ENTERED = 1_000_000;

/** A machine that can be looked at again and again. */
export interface Looking {
  /** What is there, without what namespaces say of themselves. */
  readonly look: () => Promise<Snapshot>;
  /** The same with what the captured namespaces say; no others are asked. */
  readonly tell: (seen: Snapshot) => Snapshot;
}

/** One look at a machine. */
export const lookFor = (
  observer: Observer,
  { stamp, enter, files = [], traces = true }: LookWish,
): Promise<Outcome<Snapshot>> =>
  discover(observer, { status: true, cgroups: true, allSources: true, enter, files, traces }, stamp);

/** A look with what the captured namespaces say of themselves. */
export function told(
  observer: Observer,
  seen: Snapshot,
  { roots, enter }: Pick<LookWish, "roots" | "enter">,
): Snapshot {
  const index = indexSnapshot(seen);
  const set = rootSet(index, roots(index));
  if ("why" in set) return seen;
  const only = new Set(capture(index, set).namespaces.keys());
  const mapped = withEnteredPids(observer, withEnteredMaps(observer, seen, { only, enter }), { only, enter });
  return withAttributes(observer, mapped, { only, enter, numbers: true, most: MOST_ENTERED });
}

/** Two looks that agree, or why there are none. */
export type Agreed =
  | { readonly ok: true; readonly topology: Topology }
  | Extract<Checkpoint, { ok: false }>
  | { readonly ok: false; readonly looks: number; readonly before: string; readonly after: string };

/** So often it is looked: what starts and ends every few milliseconds will not hold still. */
const MOST_LOOKS = 6;

/**
 * Looks until two looks in a row show the same: then what was seen was there at one time, between the two, and so was what
 * namespaces were asked then. Nothing is stopped. `before` and `after` are the first record that the last two have differently.
 */
export async function agreedCheckpoint({ look, tell }: Looking, roots: RootsIn): Promise<Agreed> {
  let difference = { before: "", after: "" };
  let before = await look();
  for (let looks = 2; looks <= MOST_LOOKS; looks++) {
    const first = capturedIn(before, roots);
    if ("fault" in first) return first;
    const image = tell(before);
    const after = await look();
    const second = capturedIn(after, roots);
    if ("fault" in second) return second;
    const found = evidenceOf(first) === evidenceOf(second) ? undefined : firstDifference(before, after, roots);
    if (found === undefined) return checkpoint(image, roots(indexSnapshot(image)));
    difference = found;
    before = after;
  }
  return { ok: false, looks: MOST_LOOKS, ...difference };
}

function capturedIn(snapshot: Snapshot, roots: RootsIn): Captured | Extract<Checkpoint, { ok: false }> {
  const index = indexSnapshot(snapshot);
  const set = rootSet(index, roots(index));
  return "why" in set ? { ok: false, fault: set } : capture(index, set);
}

/** Of the images that two looks give, and so of what a person could care about; undefined: there is none. */
function firstDifference(
  before: Snapshot,
  after: Snapshot,
  roots: RootsIn,
): { readonly before: string; readonly after: string } | undefined {
  const [first, second] = [recordsIn(before, roots), recordsIn(after, roots)];
  const nth = Array.from({ length: Math.max(first.length, second.length) }).findIndex(
    (_, line) => first[line] !== second[line],
  );
  return nth < 0 ? undefined : { before: first[nth] ?? "", after: second[nth] ?? "" };
}

/** One record a line, with the kernel's own numbers: another process under the same number is another. */
function recordsIn(snapshot: Snapshot, roots: RootsIn): readonly string[] {
  const taken = checkpoint(snapshot, roots(indexSnapshot(snapshot)));
  if (!taken.ok) return [];
  const { origin: _when, ...lasting } = taken.topology;
  return encodeTopology(lasting).split("\n");
}
