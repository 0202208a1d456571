import { deviceTextOf, inodeOf, type NamespaceId } from "../abi/ids.ts";
import type { DescriptorRecord, HoldingMount, NamespaceRecord, PinRecord, Snapshot, ThreadRecord } from "./types.ts";
import { SOURCES, type Source } from "./types.ts";

/**
 * The order in which a snapshot has its records: processes by pid, threads and descriptors by theirs, namespaces by kind, device and inode,
 * pins and mounts by mount id, names by name, coverage as SOURCES has it. Two looks at the same things give the same text, and questions the same answers. Linear
 * where the records are in order already.
 */
export function inOrder(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    coverage: sorted(snapshot.coverage, (a, b) => compareSources(a.source, b.source)),
    namespaces: sorted(snapshot.namespaces, compareNamespaces),
    processes: sorted(snapshot.processes, (a, b) => a.pid - b.pid),
    threads: sorted(snapshot.threads, compareThreads),
    descriptors: sorted(snapshot.descriptors, compareDescriptors),
    pins: sorted(snapshot.pins, comparePins),
    mounts: sorted(snapshot.mounts, comparePins),
    names: sorted(snapshot.names, (a, b) => compareText(a.name, b.name)),
  };
}

/** A look gives them in order: to see that is all that there is to do. */
function sorted<T extends object>(records: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  let before: T | undefined;
  for (const one of records) {
    if (before !== undefined && compare(before, one) > 0) return records.toSorted(compare);
    before = one;
  }
  return records;
}

const RANKS: ReadonlyMap<Source, number> = new Map(SOURCES.map((source, nth) => [source, nth]));
const rank = (source: Source): number => RANKS.get(source) ?? SOURCES.length;
export const compareSources = (a: Source, b: Source): number => rank(a) - rank(b);

export const compareNamespaces = (a: NamespaceRecord, b: NamespaceRecord): number =>
  compareText(a.kind, b.kind) || compareIds(a.id, b.id);

export const compareThreads = (a: ThreadRecord, b: ThreadRecord): number => a.pid - b.pid || a.tid - b.tid;

/** The table of the process itself comes before those of its threads. */
export const compareDescriptors = (a: DescriptorRecord, b: DescriptorRecord): number =>
  a.pid - b.pid || (a.tid ?? 0) - (b.tid ?? 0) || a.fd - b.fd;

export const comparePins = (a: PinRecord | HoldingMount, b: PinRecord | HoldingMount): number =>
  a.mountId - b.mountId || compareIds(a.namespace, b.namespace);

/** By device, then by inode, as numbers. */
export function compareIds(a: NamespaceId, b: NamespaceId): number {
  if (haveSameWidths(a, b)) return compareText(a, b);
  const [deviceA, deviceB] = [deviceTextOf(a), deviceTextOf(b)];
  if (deviceA === deviceB) return compareDecimals(inodeOf(a), inodeOf(b));
  const [majorA = "", minorA = ""] = deviceA.split(":");
  const [majorB = "", minorB = ""] = deviceB.split(":");
  return compareDecimals(majorA, majorB) || compareDecimals(minorA, minorB);
}

/** Numbers of as many digits each are in the order of their texts: of most ids nothing has to be taken apart. */
const haveSameWidths = (a: NamespaceId, b: NamespaceId): boolean =>
  a.length === b.length && a.indexOf("/") === b.indexOf("/") && a.indexOf(":") === b.indexOf(":");

/** Without leading zeros the shorter number is the smaller; so 64 bits need no bigint. */
const compareDecimals = (a: string, b: string): number => a.length - b.length || compareText(a, b);

/** By code unit: the same in every language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
