import type { NamespaceId } from "../../abi/ids.ts";
import { isSearched } from "../gaps.ts";
import { holdersOf } from "../holders.ts";
import { HOLDING } from "../holding.ts";
import type { SnapshotIndex } from "../index-snapshot.ts";
import { SOURCES, type NamespaceRecord, type Source } from "../types.ts";

/** Namespaces that one look has and the other has not. */
export interface OnlyThere {
  /** The other would have seen them. */
  readonly surely: readonly NamespaceRecord[];
  /** What showed them was not read so far in the other look: they may be there too. */
  readonly maybe: readonly NamespaceRecord[];
}

/**
 * Tells those apart. `index` is the look that has them; `isLess`, whether the other one read a source less far. One that was
 * seen as parent or owner alone is as sure as what it was seen by. `allListed`: the kernel listed to the other look all that
 * are in use, so that one which it listed here and not there is not.
 */
export function onlyThere(
  index: SnapshotIndex,
  records: readonly NamespaceRecord[],
  { isLess, allListed }: { readonly isLess: (source: Source) => boolean; readonly allListed: boolean },
): OnlyThere {
  const only = new Map(records.map((record) => [record.id, record]));
  const known = new Map<NamespaceId, boolean>();
  const isMaybe = (id: NamespaceId): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    // A circle, which no right snapshot has, ends here.
    known.set(id, false);
    const holders = holdersOf(index, id);
    const isTold = allListed && only.get(id)?.listed === true;
    const isUnread = holders.length === 0 ? SEARCHED.some(isLess) : holders.some(isMissed);
    known.set(id, !isTold && isUnread);
    return !isTold && isUnread;
  };
  const isMissed = (holder: ReturnType<typeof holdersOf>[number]): boolean => {
    const sources: readonly Source[] = HOLDING[holder.kind].sources;
    if (sources.some(isLess)) return true;
    return (holder.kind === "child" || holder.kind === "owned") && only.has(holder.namespace.id)
      ? isMaybe(holder.namespace.id)
      : false;
  };
  return { surely: records.filter(({ id }) => !isMaybe(id)), maybe: records.filter(({ id }) => isMaybe(id)) };
}

const SEARCHED: readonly Source[] = SOURCES.filter(isSearched);
