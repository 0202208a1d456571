import type { NamespaceId } from "../abi/ids.ts";
import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { kindOfLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { ErrnoName } from "../abi/errnos.ts";
import { bySureness } from "./holding.ts";
import { holdersOf, type Holder } from "./holders.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import { isKernels } from "./initial.ts";
import type { NamespaceRecord, Snapshot } from "./types.ts";

/**
 * What a namespace without a process is.
 * `leaked`: no task is in it or in what it holds up. `used-below`: none is in it, but in a namespace below it that cannot be
 * without it: a user namespace between two others, say; it goes with that one. `unknown`: no task was seen in it, but not
 * every task was looked into.
 */
export type EmptyState = "leaked" | "unknown" | "used-below";

/** A namespace that no process and no thread is seen in. Those that the kernel keeps for itself are none of them. */
export interface EmptyNamespace {
  readonly namespace: NamespaceRecord;
  readonly state: EmptyState;
  /** The surest first; none where nobody visible holds it. */
  readonly holders: readonly Holder[];
  /** It has been there at least since then. Absent where nothing tells. */
  readonly existsSince?: Date;
}

/** The namespaces without a process, in the order of the snapshot. */
export function emptyNamespaces(index: SnapshotIndex): readonly EmptyNamespace[] {
  const { snapshot } = index;
  const used = usedNamespaces(index);
  const inDoubt = kindsInDoubt(snapshot);
  const since = existenceBounds(index);
  return snapshot.namespaces.flatMap((namespace): EmptyNamespace[] => {
    const { id, kind } = namespace;
    if (isInhabited(index, id) || isKernels(index, namespace)) return [];
    const state = used.has(id) ? "used-below" : inDoubt.has(kind) ? "unknown" : "leaked";
    const existsSince = since.get(id);
    const holders = bySureness(holdersOf(index, id));
    return [
      { namespace, state, holders, ...(existsSince === undefined ? {} : { existsSince: new Date(existsSince) }) },
    ];
  });
}

const isInhabited = ({ members, threads }: SnapshotIndex, id: NamespaceId): boolean =>
  members.has(id) || threads.has(id);

/** Those with a task, and all that they cannot be without: owners and parents. */
function usedNamespaces(index: SnapshotIndex): ReadonlySet<NamespaceId> {
  const used = new Set<NamespaceId>();
  const queue: NamespaceRecord[] = [];
  const use = (id: NamespaceId): void => {
    const namespace = index.namespaces.get(id);
    if (namespace === undefined || used.has(id)) return;
    used.add(id);
    queue.push(namespace);
  };
  for (const { id } of index.snapshot.namespaces) if (isInhabited(index, id)) use(id);
  for (let nth = 0; nth < queue.length; nth++) {
    const { owner, parent } = queue[nth] ?? {};
    if (owner !== undefined && "to" in owner) use(owner.to);
    if (parent !== undefined && "to" in parent) use(parent.to);
  }
  return used;
}

/** The kinds of which a task may be in a namespace without being seen there. */
function kindsInDoubt({ coverage, processes, threads }: Snapshot): ReadonlySet<NamespaceKind> {
  const unseen = coverage.some(({ source, refused, skipped, unsupported, notes = [] }) => {
    if (source !== "processes" && source !== "threads") return false;
    const isRefused = source === "processes" && Object.keys(refused).some((errno) => !hasGone(errno as ErrnoName));
    return isRefused || skipped !== undefined || unsupported !== undefined || notes.includes("hidepid");
  });
  if (unseen) return new Set(KINDS);
  const kinds = new Set<NamespaceKind>();
  for (const { refused = {} } of [...processes, ...threads]) {
    for (const link of LINKS) if (isUnread(link, refused[link])) kinds.add(kindOfLink(link));
  }
  return kinds;
}

/** What a task has for its children it is not in. */
const isUnread = (link: ProcLink, errno: ErrnoName | undefined): boolean =>
  errno !== undefined && link === kindOfLink(link) && !hasGone(errno);

/** It has ended, or left its namespaces. */
const hasGone = (errno: ErrnoName): boolean => errno === "ENOENT" || errno === "ESRCH";

/**
 * Since when, at least, in milliseconds after 1970. A namespace is as old as its file, and not younger than what it holds
 * up: an owner is older than what it owns, a parent older than its children. The oldest first, so that each is reached once.
 */
function existenceBounds(index: SnapshotIndex): ReadonlyMap<NamespaceId, number> {
  const bounds = new Map<NamespaceId, number>();
  const dated = index.snapshot.namespaces
    .flatMap((namespace) =>
      namespace.existsSince === undefined ? [] : [{ namespace, since: Date.parse(namespace.existsSince) }],
    )
    .filter(({ since }) => Number.isFinite(since))
    .toSorted((a, b) => a.since - b.since);
  for (const { namespace, since } of dated) {
    const queue: NamespaceRecord[] = [namespace];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (bounds.has(next.id)) continue;
      bounds.set(next.id, since);
      for (const relation of [next.owner, next.parent]) {
        const above = relation !== undefined && "to" in relation ? index.namespaces.get(relation.to) : undefined;
        if (above !== undefined) queue.push(above);
      }
    }
  }
  return bounds;
}

/** How to judge what was found. */
export interface LeakWish {
  /** Only these kinds. */
  readonly kinds?: ReadonlySet<NamespaceKind>;
  /** Only what is known to have been there for so long. */
  readonly olderThanSeconds?: number;
  /** Judge by the tasks that were seen, as if there were no others. */
  readonly asSeen?: boolean;
}

/** Whether there are leaks; what could not be seen makes it unknown, unless one is certain. */
export interface LeakJudgement {
  readonly verdict: "yes" | "no" | "unknown";
  /** Old enough, and of the kinds that were asked for. Those in use below are in it whatever their age. */
  readonly found: readonly DatedNamespace[];
  /** Known for less time than was asked for. */
  readonly younger: number;
  /** Where nothing tells for how long they have been there, and it was asked for. */
  readonly undated: number;
}

export interface DatedNamespace extends EmptyNamespace {
  /** It has been there for so many seconds before the look, or longer. */
  readonly atLeastSeconds?: number;
}

/** Judges the empty namespaces of a snapshot. `isWhole`: whether no source was refused or left out. */
export function judgeLeaks(index: SnapshotIndex, isWhole: boolean, wish: LeakWish = {}): LeakJudgement {
  const { kinds, olderThanSeconds, asSeen = false } = wish;
  const takenAt = Date.parse(index.snapshot.takenAt);
  const found: DatedNamespace[] = [];
  let [younger, undated] = [0, 0];
  for (const empty of emptyNamespaces(index)) {
    if (kinds !== undefined && !kinds.has(empty.namespace.kind)) continue;
    const state = asSeen && empty.state === "unknown" ? "leaked" : empty.state;
    const age = ageOf(empty, takenAt);
    if (olderThanSeconds !== undefined && state !== "used-below" && (age === undefined || age < olderThanSeconds)) {
      if (age === undefined) undated++;
      else younger++;
      continue;
    }
    found.push({ ...empty, state, ...(age === undefined ? {} : { atLeastSeconds: age }) });
  }
  const isCertain = found.some(({ state }) => state === "leaked");
  const isOpen = found.some(({ state }) => state === "unknown") || (!asSeen && (undated > 0 || !isWhole));
  return { verdict: isCertain ? "yes" : isOpen ? "unknown" : "no", found, younger, undated };
}

/** In whole seconds, rounded down so that it stays true. */
function ageOf({ existsSince }: EmptyNamespace, takenAt: number): number | undefined {
  const age = existsSince === undefined ? Number.NaN : Math.floor((takenAt - existsSince.getTime()) / 1000);
  return Number.isFinite(age) && age >= 0 ? age : undefined;
}
