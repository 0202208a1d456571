import { BindMap } from "../../kernel/model/bind-map.ts";
import { inodeOf, makedev, deviceTextOf, type NamespaceId } from "../../abi/ids.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Bind, MapExtent, Namespace, NsKey, PidState, TimeState, UserState } from "../../kernel/model/world.ts";
import { NameMap, NumberMap } from "../../kernel/model/persistent.ts";
import type { TaskName } from "../../kernel/call.ts";
import { UNLIMITED } from "../../rules/limits.ts";
import { reserved, type Readers } from "../../rules/reserved.ts";
import type { IdMaps, NamespaceRecord, Relation } from "../../snapshot/types.ts";
import { WITHOUT_IDS } from "./beyond.ts";
import { unseen, type Evidence } from "./evidence.ts";
import { MapWithHole } from "./map-with-hole.ts";

/** What all records of one snapshot are read with. */
export interface Sight {
  readonly evidence: Evidence;
  /** The key of a namespace that there is a record of. */
  readonly keyOf: (id: NamespaceId) => NsKey | undefined;
  /** The viewer's own user namespace: all ids are numbered as it numbers them. */
  readonly root: NamespaceId | undefined;
  /** The pid namespace whose /proc was read. */
  readonly proc: NamespaceId | undefined;
  /** Whether that is the machine's first one, in which every id has a number. */
  readonly isInitial: boolean;
  /** How many levels a namespace lies below the topmost that was seen; undefined where a level is hidden. */
  readonly depth: (record: NamespaceRecord) => number | undefined;
}

export const nameOf = ({ kind, id }: NamespaceRecord): string => `${kind}:[${inodeOf(id)}]`;
/** The machine's first namespace of a kind has a fixed number. */
export const isFirst = ({ kind, id }: NamespaceRecord): boolean =>
  inodeOf(id) === String(NAMESPACE_KINDS[kind].initialInode);

/** The 64-bit id, as far as the model can carry it: one that large would take a machine years to come to. */
export const knownId = ({ uniqueId }: NamespaceRecord): number | undefined =>
  uniqueId !== undefined && Number(uniqueId) < WITHOUT_IDS ? Number(uniqueId) : undefined;

/** A record as the model has namespaces. */
export function seenNamespace(record: NamespaceRecord, key: NsKey, sight: Sight): Namespace {
  const { id, kind } = record;
  const uniqueId = knownId(record);
  const name = nameOf(record);
  const of = relationReader(record, sight);
  const level = sight.depth(record);
  const { evidence, keyOf, root } = sight;
  const owner = of("owner", record.owner);
  const known: Partial<Namespace> = {
    key,
    kind,
    device: deviceNumber(id),
    inode: Number(inodeOf(id)),
    creator: undefined,
    label: name,
    user: kind === "user" ? userState(record, sight) : undefined,
    pid: undefined,
    time: kind === "time" ? timeState(record) : undefined,
    binds: kind === "mnt" ? new BindMap<Bind>() : undefined,
    mountsLocked: false,
    ...(uniqueId !== undefined && { uniqueId: BigInt(uniqueId) }),
  };
  const readers: Readers<Namespace> = {
    owner,
    parent: kind === "user" || kind === "pid" ? of("parent", record.parent) : () => undefined,
    level: () => {
      if (level === undefined || !(isFirst(record) || evidence.isInside(kind))) return unseen("parent", name)();
      return level;
    },
    // Nothing shows it of those that belong to the machine's root: taken not to be copies of what others locked.
    ...(kind === "mnt" && { mountsLocked: () => !sight.isInitial || owner() !== keyOf(root ?? id) }),
    ...(uniqueId === undefined && { uniqueId: unseen("not-recorded", `NS_GET_ID of ${name}`) }),
  };
  return reserved(known, readers);
}

/** Reads a relation: whom it leads to, nothing for the machine's first ones, or that it was not seen. */
const relationReader =
  (record: NamespaceRecord, { evidence, keyOf, root, proc }: Sight) =>
  (what: "owner" | "parent", relation: Relation | undefined): (() => NsKey | undefined) => {
    const name = nameOf(record);
    const isTop = isFirst(record) && (record.kind === "user" || what === "parent");
    if (isTop) return () => undefined;
    if (record.id === root || (record.id === proc && what === "parent")) {
      // Nothing above makes a difference to whoever is inside.
      return () => (evidence.isInside(record.kind) ? undefined : unseen("parent", name)());
    }
    if (relation === undefined || !("to" in relation)) return unseen(what, name);
    const key = keyOf(relation.to);
    return key === undefined ? unseen(what, name) : () => key;
  };

const deviceNumber = (id: NamespaceId): bigint => {
  const [major = 0, minor = 0] = deviceTextOf(id).split(":").map(Number);
  return makedev({ major, minor });
};

const EVERY_ID = [{ inside: 0, outside: 0, count: 0xffffffff }] as const;
/** What /proc shows for an id that the reader has no number for. */
const NO_NUMBER = 0xffffffff;
/** What the kernel shows for a uid that the reader has no number for. */
export const OVERFLOW = 65_534;

function userState(record: NamespaceRecord, { evidence, root, isInitial }: Sight): UserState {
  const name = nameOf(record);
  const isRoot = record.id === root;
  const maps = isFirst(record) && isInitial ? undefined : mapsOf(record, root);
  const noMap = unseen("maps", name);
  const extents = (which: "uid" | "gid"): readonly MapExtent[] | undefined => {
    if (isFirst(record) && isInitial) return EVERY_ID;
    const rows = maps?.[which];
    if (isRoot) return rows?.map(({ inside, count }) => ({ inside, outside: inside, count }));
    return rows?.some(({ outside }) => outside === NO_NUMBER) === true ? undefined : rows;
  };
  const [uidMap, gidMap] = [extents("uid"), extents("gid")];
  const creator = record.creatorUid;
  const creatorUid =
    creator !== undefined && "value" in creator && (creator.value !== OVERFLOW || isInitial)
      ? creator.value
      : undefined;
  const setgroups = isFirst(record) ? "allow" : maps?.setgroups;
  const unrecorded = (fact: string) => unseen("not-recorded", `${fact} of ${name}`);
  return reserved<UserState>(
    {
      counts: new NameMap<string, number>(),
      limits: reserved(
        {},
        Object.fromEntries(KINDS.map((kind) => [kind, evidence.assume("limit", name, UNLIMITED)])),
      ) as Record<NamespaceKind, number>,
      ...(uidMap !== undefined && { uidMap }),
      ...(gidMap !== undefined && { gidMap }),
      ...(creatorUid !== undefined && { creatorUid }),
      ...(setgroups !== undefined && { setgroupsAllowed: setgroups === "allow" }),
      ...(isFirst(record) && { projidMap: EVERY_ID, parentCouldSetfcap: true }),
    },
    {
      creatorGid: unrecorded("the gid of the maker"),
      ...(uidMap === undefined && { uidMap: noMap }),
      ...(gidMap === undefined && { gidMap: noMap }),
      ...(creatorUid === undefined && { creatorUid: unseen("creator", name) }),
      ...(setgroups === undefined && { setgroupsAllowed: noMap }),
      ...(!isFirst(record) && {
        projidMap: unrecorded("projid_map"),
        parentCouldSetfcap: unrecorded("whether the maker had CAP_SETFCAP"),
      }),
    },
  );
}

/** The maps, where they are numbered as the viewer's user namespace numbers ids. */
function mapsOf({ maps }: NamespaceRecord, root: NamespaceId | undefined): IdMaps | undefined {
  return maps !== undefined && "value" in maps && maps.value.inViewOf === root ? maps.value : undefined;
}

const ZERO = { seconds: 0, nanoseconds: 0 };
/** The first one is not shifted. Whoever can be seen in another has entered it: its offsets stay. */
function timeState(record: NamespaceRecord): TimeState {
  if (isFirst(record)) return { monotonic: ZERO, boottime: ZERO, frozen: true };
  const fact = (name: string) => unseen("not-recorded", `${name} of ${nameOf(record)}`);
  const offsets = fact("timens_offsets");
  return reserved<TimeState>({}, { monotonic: offsets, boottime: offsets, frozen: fact("whether anybody entered") });
}

/** For pid namespaces, once it is known who has which number in it. */
export function pidState(record: NamespaceRecord, tasks: ReadonlyMap<number, TaskName>): PidState {
  const isBorn = tasks.has(1);
  let numbers: PidState["tasks"] = new NumberMap<number, TaskName>();
  if (!isBorn) numbers = new MapWithHole(numbers, 1, unseen("process", `the first process of ${nameOf(record)}`));
  for (const [number, task] of tasks) numbers = numbers.set(number, task);
  const known = { lastPid: BEYOND_NUMBERS, max: BEYOND_NUMBERS * 2, tasks: numbers };
  return isBorn || isFirst(record)
    ? { ...known, init: "alive" }
    : reserved<PidState>(known, { init: unseen("process", `the first process of ${nameOf(record)}`) });
}
/** No kernel has such process numbers: whatever gets one in the model has a number that nobody can foretell. */
export const BEYOND_NUMBERS = 0x10000000;
