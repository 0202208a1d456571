import type { NamespaceId } from "../abi/ids.ts";
import type { Observer } from "../kernel/observer.ts";
import { indexSnapshot } from "../snapshot/index-snapshot.ts";
import type { Answer, IdMaps, NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import { Doorway } from "./doorway.ts";
import { mapsOf } from "./maps.ts";
import { openKnown } from "./open-known.ts";

/**
 * A snapshot with the maps of those user namespaces that no process is in, whose maps no file shows: a process of ours enters
 * each. Where it may not, the errno of that stands in place of the first refusal.
 */
export function withEnteredMaps(
  observer: Observer,
  snapshot: Snapshot,
  { only, enter }: { readonly only: ReadonlySet<NamespaceId>; readonly enter: boolean },
): Snapshot {
  const isMissing = ({ id, maps }: NamespaceRecord): boolean =>
    only.has(id) && maps !== undefined && "refused" in maps && maps.reason === "no-member-to-read-from";
  if (!enter || !snapshot.namespaces.some(isMissing)) return snapshot;
  const index = indexSnapshot(snapshot);
  using doorway = new Doorway(observer, { mayEnter: true });
  const read = (record: NamespaceRecord): Answer<IdMaps> | undefined => {
    const telling = doorway.telling(undefined);
    // There is nobody to send: a drawn world, no native half.
    if (!telling.ok) return undefined;
    const opened = openKnown({ observer, index, doorway }, record.id);
    if (!opened.ok) return { refused: opened.errno, call: "openat" };
    using file = opened.value;
    const told = telling.value.idMaps(file);
    if (!told.ok) return { refused: told.errno, call: "setns" };
    const value = mapsOf(told.value, snapshot.viewpoint.namespaces.user);
    return value === undefined ? { refused: "EBADMSG", call: "read" } : { value };
  };
  return {
    ...snapshot,
    namespaces: snapshot.namespaces.map((record) => {
      const maps = isMissing(record) ? read(record) : undefined;
      return maps === undefined ? record : { ...record, maps };
    }),
  };
}
