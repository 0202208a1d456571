import { S32_MAX, unsigned } from "../procfs/decimal.ts";
import { PID_MAX_OF_EACH, type NamespaceId } from "../abi/ids.ts";
import type { Observer } from "../kernel/observer.ts";
import { hasSince } from "../rules/kernel-changes.ts";
import { indexSnapshot } from "../snapshot/index-snapshot.ts";
import type { Answer, NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import { Doorway } from "./doorway.ts";
import { openKnown } from "./open-known.ts";

type PidFacts = Pick<NamespaceRecord, "unborn" | "pidMax">;

/**
 * A snapshot with what only somebody born in a pid namespace sees: its kernel.pid_max; and of those that no process is in,
 * whether there was none yet. A process of ours is born in each, unless it would be the first one.
 */
export function withEnteredPids(
  observer: Observer,
  snapshot: Snapshot,
  { only, enter }: { readonly only: ReadonlySet<NamespaceId>; readonly enter: boolean },
): Snapshot {
  const index = indexSnapshot(snapshot);
  const tellsMost = hasSince(snapshot.viewpoint.kernel.release, PID_MAX_OF_EACH);
  const isWanted = ({ id, kind, unborn }: NamespaceRecord): boolean =>
    kind === "pid" && only.has(id) && unborn !== true && (tellsMost || (index.members.get(id) ?? []).length === 0);
  if (!snapshot.namespaces.some(isWanted)) return snapshot;
  using doorway = new Doorway(observer, { mayEnter: enter });
  const read = ({ id }: NamespaceRecord): PidFacts => {
    const telling = doorway.telling(undefined);
    // There is nobody to send: a drawn world, no native half.
    if (!telling.ok && telling.errno === "ENOSYS") return {};
    const opened = telling.ok ? openKnown({ observer, index, doorway }, id) : telling;
    if (!opened.ok) return { pidMax: { refused: opened.errno, call: telling.ok ? "openat" : "setns" } };
    using file = opened.value;
    const told = telling.ok ? telling.value.pidNamespace(file) : telling;
    if (!told.ok) return { pidMax: { refused: told.errno, call: "clone3" } };
    const { state, pidMax } = told.value;
    return { ...(state === "unborn" && { unborn: true }), ...(tellsMost && numberIn(pidMax)) };
  };
  return {
    ...snapshot,
    namespaces: snapshot.namespaces.map((record) => (isWanted(record) ? { ...record, ...read(record) } : record)),
  };
}

function numberIn(text: string | undefined): { pidMax?: Answer<number> } {
  const value = text === undefined ? undefined : unsigned(text, S32_MAX);
  return value === undefined ? {} : { pidMax: { value } };
}
