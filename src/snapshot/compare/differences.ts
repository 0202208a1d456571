import type { NamespaceId } from "../../abi/ids.ts";
import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import { ATTRIBUTE_SOURCES } from "../attributes.ts";
import { holdersOf, type Holder, type HolderKind } from "../holders.ts";
import type { SnapshotIndex } from "../index-snapshot.ts";
import { toJson } from "../json-text.ts";
import { changedAttributes, changedNames, changedNetnsid } from "./attributes.ts";
import { SOURCES } from "../types.ts";
import type { Attributes, IdMaps, MountPlace, NamespaceRecord, ProcessRecord, Snapshot, Source } from "../types.ts";
import { onlyThere } from "./gone.ts";
import { match, sameBoot } from "./match.ts";
import { compareReach, missedKinds } from "./reach.ts";

/** What is different between two looks. */
export interface Differences {
  /** Undefined: one of them does not say. */
  readonly sameBoot: boolean | undefined;
  readonly removed: readonly NamespaceRecord[];
  readonly added: readonly NamespaceRecord[];
  /** Seen before and not now, where what showed them was read less far now: they may be there still. */
  readonly maybeRemoved: readonly NamespaceRecord[];
  /** Seen now and not before, where what shows them was read less far before: they may have been there. */
  readonly maybeAdded: readonly NamespaceRecord[];
  readonly changed: readonly ChangedNamespace[];
  /** Processes that are in both, and in other namespaces. */
  readonly moved: readonly MovedProcess[];
  /** Namespaces of which nothing says whether they are the ones that had their number before. */
  readonly unsure: readonly NamespaceRecord[];
  /** Sources that one of the looks left out: what they show was not compared. */
  readonly notCompared: readonly Source[];
  /** Sources of which a look did not see all, refused or too costly: what is different there was not found. */
  readonly incomplete: readonly Source[];
}
export interface ChangedNamespace {
  readonly namespace: NamespaceRecord;
  /** Processes in it, where there were none, or are none any more. */
  readonly members?: { readonly before: number; readonly after: number };
  readonly lost: readonly Holder[];
  readonly gained: readonly Holder[];
  readonly maps?: { readonly before: IdMaps; readonly after: IdMaps };
  /** What it says of itself, where both looks were told and it is not the same. */
  readonly attributes?: { readonly before: Attributes; readonly after: Attributes };
  /** Its numbers in the viewer's network namespace, where both looks were in the same one. */
  readonly netnsid?: { readonly before: Netnsid; readonly after: Netnsid };
  /** Its names under /run/netns. */
  readonly names?: { readonly lost: readonly string[]; readonly gained: readonly string[] };
}
type Netnsid = NonNullable<NamespaceRecord["netnsid"]>;
export interface MovedProcess {
  readonly process: ProcessRecord;
  readonly link: ProcLink;
  readonly from: NamespaceId;
  readonly to: NamespaceId;
}

/** What each source shows that holds something. Processes come and go: whether there are any is what counts of them. */
const SHOWN_BY = {
  threads: "thread",
  children: "for-children",
  descriptors: "descriptor",
  sockets: "socket",
  pidfds: "pidfd",
  "mount-tables": "bind-mount",
  "file-systems": "mount",
} as const satisfies Partial<Record<Source, HolderKind>>;
type Shown = keyof typeof SHOWN_BY;
/** Those whose holders are told apart by the numbers of processes. */
const OF_TASKS: readonly Shown[] = ["threads", "children", "descriptors", "sockets", "pidfds"];
const TOLD: readonly Source[] = Object.values(ATTRIBUTE_SOURCES);

/** The processes that looked are left out: they are there because somebody looked. */
export function differences(before: SnapshotIndex, after: SnapshotIndex): Differences {
  const { pairs, removed, added } = match(before, after);
  const ofOneBoot = sameBoot(before.snapshot, after.snapshot);
  const { lessBefore, lessAfter, incomplete, allListed } = compareReach(before.snapshot, after.snapshot);
  const isSure = ofOneBoot === false;
  const gone = isSure
    ? { surely: removed, maybe: [] }
    : onlyThere(before, removed, { isLess: lessAfter, allListed: allListed.after });
  const come = isSure
    ? { surely: added, maybe: [] }
    : onlyThere(after, added, { isLess: lessBefore, allListed: allListed.before });
  const missed = { before: missedKinds(lessBefore), after: missedKinds(lessAfter) };
  const notCompared = (Object.keys(SHOWN_BY) as Shown[]).filter(
    (source) => isLeftOut(before.snapshot, source) || isLeftOut(after.snapshot, source),
  );
  // In another pid namespace the same process has another number.
  const byNumber = numberAlike(before, after) ? [] : OF_TASKS.filter((source) => !notCompared.includes(source));
  const ignored = new Set<HolderKind>([...notCompared, ...byNumber].map((source) => SHOWN_BY[source]));
  // Of what namespaces say of themselves, too, where one look was told and the other did not ask.
  const told = TOLD.filter((source) => isLeftOut(before.snapshot, source) !== isLeftOut(after.snapshot, source));
  return {
    sameBoot: ofOneBoot,
    removed: gone.surely,
    added: come.surely,
    maybeRemoved: gone.maybe,
    maybeAdded: come.maybe,
    changed: pairs.flatMap((pair) => changes(pair, { before, after, ignored, missed })),
    moved: movedProcesses(before, after),
    unsure: pairs.flatMap(({ after: namespace, isUnsure }) => (isUnsure ? [namespace] : [])),
    notCompared: [...notCompared, ...told],
    incomplete: isSure
      ? []
      : SOURCES.filter(
          (source) =>
            (incomplete.includes(source) && !notCompared.some((one) => one === source)) ||
            byNumber.some((one) => one === source),
        ),
  };
}

/** Whether both viewers have the same numbers for processes. */
const numberAlike = ({ snapshot: one }: SnapshotIndex, { snapshot: other }: SnapshotIndex): boolean =>
  one.viewpoint.namespaces.pid === other.viewpoint.namespaces.pid;

function isLeftOut({ coverage }: Snapshot, source: Source): boolean {
  const row = coverage.find((one) => one.source === source);
  const why = row?.skipped?.why;
  return (
    row === undefined ||
    row.unsupported !== undefined ||
    why === "unwanted" ||
    why === "unasked" ||
    why === "older-format"
  );
}

/** Two looks, the kinds of holder that one of them left out, and those that each may have missed. */
interface Looks {
  readonly before: SnapshotIndex;
  readonly after: SnapshotIndex;
  readonly ignored: ReadonlySet<HolderKind>;
  readonly missed: { readonly before: ReadonlySet<HolderKind>; readonly after: ReadonlySet<HolderKind> };
}

function changes(
  pair: { readonly before: NamespaceRecord; readonly after: NamespaceRecord },
  { before, after, ignored, missed }: Looks,
): ChangedNamespace[] {
  const { id } = pair.after;
  const members = { before: countMembers(before, id), after: countMembers(after, id) };
  const [had, has] = [before, after].map((index) => compared(index, id, ignored));
  // What the other look may have missed is neither lost nor gained.
  const lost = without(had, has).filter(({ kind }) => !missed.after.has(kind));
  const gained = without(has, had).filter(({ kind }) => !missed.before.has(kind));
  const maps = changedMaps(pair.before, pair.after);
  const told = changedAttributes(pair, { before, after });
  const netnsid = changedNetnsid(pair.before, pair.after, { before, after });
  const names = changedNames({ before, after }, id);
  const hasLeft = members.after === 0 && !missed.after.has("process");
  const hasEntered = members.before === 0 && !missed.before.has("process");
  const isMembered = (hasLeft || hasEntered) && members.before !== members.after;
  const isTold = told !== undefined || netnsid !== undefined || names !== undefined;
  if (!isMembered && !isTold && maps === undefined && lost.length === 0 && gained.length === 0) return [];
  return [
    {
      namespace: pair.after,
      ...(isMembered ? { members } : {}),
      lost,
      gained,
      ...(maps === undefined ? {} : { maps }),
      ...(told === undefined ? {} : { attributes: told }),
      ...(netnsid === undefined ? {} : { netnsid }),
      ...(names === undefined ? {} : { names }),
    },
  ];
}

const countMembers = ({ members, snapshot }: SnapshotIndex, id: NamespaceId): number =>
  (members.get(id) ?? []).filter((process) => !isViewer(snapshot, process)).length;

const isViewer = ({ viewpoint }: Snapshot, { pid }: ProcessRecord): boolean => pid === viewpoint.pid;

/** Holders by what tells them from all others; those by other namespaces follow from which there are. */
function compared(index: SnapshotIndex, id: NamespaceId, ignored: ReadonlySet<HolderKind>): Map<string, Holder> {
  const found = new Map<string, Holder>();
  for (const holder of holdersOf(index, id)) {
    if (ignored.has(holder.kind)) continue;
    if (holder.kind === "process" || holder.kind === "child" || holder.kind === "owned") continue;
    if ("process" in holder && isViewer(index.snapshot, holder.process)) continue;
    found.set(keyOf(holder, index.snapshot.viewpoint.namespaces.mnt), holder);
  }
  return found;
}

/** `own`: the viewer's mount namespace. */
function keyOf(holder: Exclude<Holder, { kind: "process" | "child" | "owned" }>, own: NamespaceId | undefined): string {
  const place = ({ mountNamespace = own, mountId, path }: MountPlace) => [mountNamespace, mountId, path];
  switch (holder.kind) {
    case "bind-mount":
      return toJson([holder.kind, ...place(holder.pin)]);
    case "mount":
      return toJson([holder.kind, holder.mount.fileSystem, ...place(holder.mount)]);
    case "thread":
    case "for-children": {
      const { process, thread } = holder;
      return toJson([holder.kind, process.pid, process.startTime, thread?.tid, thread?.startTime]);
    }
    default: {
      const { process, descriptor } = holder;
      return toJson([holder.kind, process.pid, process.startTime, descriptor.tid, descriptor.fd]);
    }
  }
}

const without = (some: ReadonlyMap<string, Holder> = new Map(), others: ReadonlyMap<string, Holder> = new Map()) =>
  Array.from(some).flatMap(([key, holder]) => (others.has(key) ? [] : [holder]));

function changedMaps({ maps: one }: NamespaceRecord, { maps: other }: NamespaceRecord): ChangedNamespace["maps"] {
  if (one === undefined || other === undefined || !("value" in one) || !("value" in other)) return undefined;
  const [before, after] = [one.value, other.value];
  // As another reader sees them the outside ids have other numbers.
  if (before.inViewOf !== after.inViewOf) return undefined;
  const textOf = ({ uid, gid, setgroups }: IdMaps): string => toJson([uid, gid, setgroups]);
  return textOf(before) === textOf(after) ? undefined : { before, after };
}

function movedProcesses(before: SnapshotIndex, after: SnapshotIndex): MovedProcess[] {
  if (sameBoot(before.snapshot, after.snapshot) === false || !numberAlike(before, after)) return [];
  return after.snapshot.processes.flatMap((process) => {
    const was = before.processes.get(process.pid);
    if (was === undefined || was.startTime !== process.startTime || isViewer(after.snapshot, process)) return [];
    return LINKS.flatMap((link): MovedProcess[] => {
      const [from, to] = [was.namespaces[link], process.namespaces[link]];
      return from === undefined || to === undefined || from === to ? [] : [{ process, link, from, to }];
    });
  });
}

/** Whether anything is known to be different. */
export const differ = ({ removed, added, changed, moved }: Differences): boolean =>
  removed.length + added.length + changed.length + moved.length > 0;
/** Whether something may be different and was not, or cannot be, told. */
export const isUncertain = ({ sameBoot, ...found }: Differences): boolean =>
  sameBoot === undefined ||
  [found.maybeRemoved, found.maybeAdded, found.unsure, found.notCompared, found.incomplete].some(
    ({ length }) => length > 0,
  );
