import { S32_MAX, unsigned } from "../procfs/decimal.ts";
import { PID_MAX_OF_EACH, type NamespaceId } from "../abi/ids.ts";
import type { PidTold } from "../kernel/attributes.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import type { Outcome } from "../rules/outcome.ts";
import { hasSince } from "../rules/kernel-changes.ts";
import { indexSnapshot } from "../snapshot/index-snapshot.ts";
import type { Answer, NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import { Doorway } from "./doorway.ts";
import { AT_ONCE, inPieces } from "./in-pieces.ts";
import { openKnown, type KnownIn } from "./open-known.ts";

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
  const wanted = snapshot.namespaces.filter(isWanted).map(({ id }) => id);
  if (wanted.length === 0) return snapshot;
  using doorway = new Doorway(observer, { mayEnter: enter });
  const found = new Map<NamespaceId, PidFacts>();
  for (const ids of inPieces(wanted, AT_ONCE)) {
    for (const [id, told] of tell({ observer, index, doorway }, ids)) found.set(id, factsOf(told, tellsMost));
  }
  return {
    ...snapshot,
    namespaces: snapshot.namespaces.map((record) => ({ ...record, ...found.get(record.id) })),
  };
}

/** What became of one: that it could not be reached, or what was told there; undefined: there is nobody to send. */
type PidTelling = { readonly call: "setns" | "openat" | "clone3"; readonly told: Outcome<PidTold> } | undefined;

function tell(known: KnownIn, ids: readonly NamespaceId[]): readonly (readonly [NamespaceId, PidTelling])[] {
  const telling = known.doorway.telling(undefined);
  // A drawn world, no native half.
  if (!telling.ok && telling.errno === "ENOSYS") return [];
  if (!telling.ok) return ids.map((id) => [id, { call: "setns", told: telling }]);
  const files: NsFile[] = [];
  try {
    const opened = ids.map((id) => {
      const file = openKnown(known, id);
      if (file.ok) files.push(file.value);
      return { id, file };
    });
    const answers = telling.value.pidNamespaces(files).values();
    return opened.map(({ id, file }) => {
      if (!file.ok) return [id, { call: "openat", told: file }];
      const { value } = answers.next();
      return [id, value && { call: "clone3", told: value }];
    });
  } finally {
    for (const file of files) file[Symbol.dispose]();
  }
}

function factsOf(telling: PidTelling, tellsMost: boolean): PidFacts {
  if (telling === undefined) return {};
  const { call, told } = telling;
  if (!told.ok) return { pidMax: { refused: told.errno, call } };
  const { state, pidMax } = told.value;
  return { ...(state === "unborn" && { unborn: true }), ...(tellsMost && numberIn(pidMax)) };
}

function numberIn(text: string | undefined): { pidMax?: Answer<number> } {
  const value = text === undefined ? undefined : unsigned(text, S32_MAX);
  return value === undefined ? {} : { pidMax: { value } };
}
