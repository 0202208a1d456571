import type { NamespaceId } from "../abi/ids.ts";
import { LINKS, type ProcLink } from "../abi/proc-links.ts";
import type {
  HoldingMount,
  MountPlace,
  NameRecord,
  NamespaceRecord,
  PinRecord,
  ProcessRecord,
} from "../snapshot/types.ts";
import { holds } from "../snapshot/holders.ts";
import type { OfTasks } from "./still-so.ts";

/** The parts of a snapshot that hold namespaces, and the namespaces. */
export interface Parts extends OfTasks {
  /** The viewer's own. */
  readonly own: Readonly<Partial<Record<ProcLink, NamespaceId>>>;
  /** Those of the files that were to be looked at. */
  readonly wanted: readonly NamespaceId[];
  /** What all processes are in, where that has been found already. */
  readonly occupied: Iterable<NamespaceId | undefined> | undefined;
  readonly namespaces: readonly NamespaceRecord[];
  readonly pins: readonly PinRecord[];
  readonly mounts: readonly HoldingMount[];
  readonly names: readonly NameRecord[];
}

type Mounts = Pick<Parts, "namespaces" | "pins" | "mounts">;

/**
 * Leaves out the namespaces that ended during the look: those that a holder led to (`led`) and none does now, and what was
 * found through them alone. Who reads the snapshot would else take them for some that nobody knows the holder of. Linear.
 */
export function withoutEnded(parts: Parts, led: ReadonlySet<NamespaceId>): Mounts {
  const { namespaces, pins } = parts;
  const stays = staysIn(parts, led);
  // The number of a mount namespace that could not be opened may be another's by now.
  const tables = new Set<NamespaceId>();
  for (const { id, kind } of namespaces) if (kind === "mnt") tables.add(id);
  const lies = (place: MountPlace): boolean => {
    const at = placeOf(place);
    return at === undefined || (stays(at) && tables.has(at));
  };
  return {
    namespaces: stays === allStay ? namespaces : namespaces.filter(({ id }) => stays(id)),
    pins: pins.filter(lies),
    mounts: parts.mounts.filter((mount) => lies(mount) && stays(mount.namespace)),
  };
}

/** Which namespaces are there still. */
function staysIn(parts: Parts, led: ReadonlySet<NamespaceId>): (id: NamespaceId) => boolean {
  const held = holdersIn(parts);
  // As on most machines: nothing was led to that a holder does not hold, and so nothing above is in doubt either.
  if (isWithin(led, held)) return allStay;
  const { namespaces, pins } = parts;
  const mounts = parts.mounts.filter(holds);
  const reach = reachIn({ namespaces, pins, mounts });
  const doubtful = reach(led);
  const certain = reach([
    ...held,
    ...namespaces.filter(({ id }) => !doubtful.has(id)).map(({ id }) => id),
    // What is mounted where the viewer is, or where nobody knows.
    ...[...pins, ...mounts].flatMap((place) => (placeOf(place) === undefined ? [place.namespace] : [])),
  ]);
  return (id) => certain.has(id) || !doubtful.has(id);
}

const allStay = (): boolean => true;

function isWithin<T>(few: ReadonlySet<T>, all: ReadonlySet<T>): boolean {
  for (const one of few) if (!all.has(one)) return false;
  return true;
}

const placeOf = ({ mountNamespace }: MountPlace): NamespaceId | undefined =>
  mountNamespace === "unknown" ? undefined : mountNamespace;

function holdersIn({ own, wanted, occupied, processes, threads, descriptors, names }: Parts): Set<NamespaceId> {
  const held = new Set([...Object.values(own), ...wanted]);
  for (const id of occupied ?? []) if (id !== undefined) held.add(id);
  // Many share theirs.
  const met = new Set<ProcessRecord["namespaces"]>();
  for (const tasks of [occupied === undefined ? processes : [], threads]) {
    for (const { namespaces } of tasks) {
      if (met.has(namespaces)) continue;
      met.add(namespaces);
      for (const link of LINKS) {
        const id = namespaces[link];
        if (id !== undefined) held.add(id);
      }
    }
  }
  for (const { namespace } of [...descriptors, ...names]) if (namespace !== undefined) held.add(namespace);
  return held;
}

/** All that some namespaces keep: their owners, their parents, and what is mounted in them. */
function reachIn({ namespaces, pins, mounts }: Mounts): (from: Iterable<NamespaceId>) => ReadonlySet<NamespaceId> {
  const above = new Map<NamespaceId, NamespaceId[]>();
  for (const { id, owner, parent } of namespaces) {
    const kept: NamespaceId[] = [];
    if ("to" in owner) kept.push(owner.to);
    if (parent !== undefined && "to" in parent) kept.push(parent.to);
    above.set(id, kept);
  }
  for (const place of [...pins, ...mounts]) above.get(placeOf(place) ?? place.namespace)?.push(place.namespace);
  return (from) => {
    const reached = new Set(from);
    // A set gives what is added to it while it is walked.
    for (const id of reached) for (const next of above.get(id) ?? []) reached.add(next);
    return reached;
  };
}
