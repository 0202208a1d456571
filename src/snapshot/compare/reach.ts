import { HOLDER_KINDS, HOLDING } from "../holding.ts";
import type { HolderKind } from "../holders.ts";
import { isSearched, isWholeList, unansweredBy } from "../gaps.ts";
import { toJson } from "../json-text.ts";
import type { Coverage, Snapshot, Source } from "../types.ts";

/** How far two looks read the same sources: what only one of them could see is no difference between them. */
export interface Reaches {
  /** Whether this source was read less far in the later look than in the earlier one. */
  readonly lessAfter: (source: Source) => boolean;
  readonly lessBefore: (source: Source) => boolean;
  /** Sources of which at least one of the two looks did not see all. */
  readonly incomplete: readonly Source[];
  /** Whether the kernel listed to that look all that there are. */
  readonly allListed: { readonly before: boolean; readonly after: boolean };
}

/** How much of a source was read, and what it was refused. */
interface Reach {
  readonly share: "none" | "part" | "all";
  readonly refused: number;
  /** There was more than is read without being asked for, or it would have taken entering. */
  readonly isCut: boolean;
}
const SHARES = { none: 0, part: 1, all: 2 } as const;

export function compareReach(before: Snapshot, after: Snapshot): Reaches {
  const [had, has] = [reachesOf(before), reachesOf(after)];
  const { pid: from } = before.viewpoint.namespaces;
  const { pid: to } = after.viewpoint.namespaces;
  const seesOthers = from !== to;
  const isOther = viewerOf(before) !== viewerOf(after);
  const isWhole = ({ share, refused } = NOTHING): boolean => share === "all" && refused === 0;
  const isLess = (one: ReadonlyMap<Source, Reach>, other: ReadonlyMap<Source, Reach>) => (source: Source) => {
    if (seesOthers && source === "processes") return true;
    const [here, there] = [one.get(source) ?? NOTHING, other.get(source) ?? NOTHING];
    // Two looks may miss as much, and not the same: of two viewers, or where each read as much as is cheap.
    if (here.isCut || (isOther && !isWhole(here))) return true;
    return SHARES[here.share] < SHARES[there.share] || here.refused > there.refused;
  };
  const sources = new Set([...had.keys(), ...has.keys()].filter(isSearched));
  return {
    lessBefore: isLess(had, has),
    lessAfter: isLess(has, had),
    incomplete: isOneLook(before, after)
      ? []
      : [...sources].filter((source) => !isWhole(had.get(source)) || !isWhole(has.get(source))),
    allListed: { before: listsAll(before), after: listsAll(after) },
  };
}

const listsAll = ({ coverage }: Snapshot): boolean => coverage.some((row) => row.seen > 0 && isWholeList(row));

/** What decides how much somebody may see. */
const viewerOf = ({ viewpoint: { uid, capabilities, namespaces } }: Snapshot): string =>
  toJson([uid.effective, capabilities, namespaces.user, namespaces.pid]);

const NOTHING: Reach = { share: "none", refused: 0, isCut: false };

const reachesOf = ({ coverage }: Snapshot): ReadonlyMap<Source, Reach> =>
  new Map(coverage.map((row) => [row.source, reachOf(row)]));

function reachOf(row: Coverage): Reach {
  const { skipped, unsupported, source } = row;
  const refused = unansweredBy(row);
  // An older kernel lists nothing, which hides nothing: each other source says itself what it lacks.
  if (unsupported !== undefined) return { ...NOTHING, share: source === "listing" ? "all" : "none" };
  if (skipped === undefined) {
    return { share: row.notes?.some(isHiding) === true ? "part" : "all", refused, isCut: false };
  }
  const isCut = skipped.why === "costly" || skipped.why === "entering";
  return { share: isCut || skipped.why === "no-call" ? "part" : "none", refused, isCut };
}
const isHiding = (note: string): boolean => note !== "several-devices" && note !== "pin-hides-another-file";

/** The same look twice, maybe once redacted, is compared with itself. */
const isOneLook = (a: Snapshot, b: Snapshot): boolean =>
  a.takenAt === b.takenAt &&
  a.viewpoint.pid === b.viewpoint.pid &&
  a.viewpoint.bootId === b.viewpoint.bootId &&
  toJson(a.coverage) === toJson(b.coverage);

/** The kinds of holder that one look may have missed where the other saw them. */
export const missedKinds = (isLess: (source: Source) => boolean): ReadonlySet<HolderKind> =>
  new Set(HOLDER_KINDS.filter((kind) => HOLDING[kind].sources.some(isLess)));
