import { inodeOf, PID_MAX_LIMIT } from "../../abi/ids.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { ATTRIBUTED_KINDS, valueOf } from "../../snapshot/attributes.ts";
import type { NamespaceRecord, Relation } from "../../snapshot/types.ts";
import type { PidNode, UserNode } from "../nodes.ts";
import type { NamespaceNode } from "../topology.ts";
import type { Reference } from "../reference.ts";
import type { IdSort } from "./id-numbers.ts";
import { referenceTo, UNSEEN, type Making } from "./making.ts";
import { networkParts } from "./network-parts.ts";

/** One namespace of the image. What it lacks is noted. */
export function namespaceNode(making: Making, record: NamespaceRecord): NamespaceNode {
  const { ordered } = making;
  const { id, kind, uniqueId } = record;
  const label = ordered.labels.get(id) ?? "";
  const owner = related(making, { label, of: record.owner, kind: "user", code: "owner-not-shown" });
  const identity = { inode: Number(inodeOf(id)), ...(uniqueId !== undefined && { uniqueId }) };
  const common = { label, owner, identity };
  noteAttributes(making, label, record);
  const { attributes } = record;
  switch (kind) {
    case "user":
      return { ...common, kind, ...userParts(making, label, record) };
    case "pid":
      return { ...common, kind, ...pidParts(making, label, record) };
    case "uts": {
      const names = valueOf(attributes, "uts");
      return { ...common, kind, ...(names && { hostname: names.hostname, domainname: names.domainname }) };
    }
    case "ipc": {
      const use = valueOf(attributes, "ipc");
      const objects = use === undefined ? 0 : use.segments + use.semaphoreSets + use.queues;
      if (objects > 0) making.notes.note("ipc-objects", label, { count: String(objects) });
      return { ...common, kind, sysctls: use?.sysctls ?? {} };
    }
    case "cgroup": {
      const root = valueOf(attributes, "cgroup")?.root;
      return { ...common, kind, ...(root !== undefined && { root }) };
    }
    case "time": {
      const clocks = valueOf(attributes, "time");
      return { ...common, kind, ...(clocks && { monotonic: clocks.monotonic, boottime: clocks.boottime }) };
    }
    case "net":
      return { ...common, kind, ...networkParts(making, label, valueOf(attributes, "net")) };
    case "mnt": {
      const table = record.mounts !== undefined && "value" in record.mounts ? record.mounts.value : undefined;
      making.notes.note("mount-tree", label, { count: table === undefined ? "?" : String(table.seen) });
      return { ...common, kind };
    }
  }
}

interface Asked {
  readonly label: string;
  readonly of: Relation | undefined;
  readonly kind: "user" | "pid";
  readonly code: "owner-not-shown" | "parent-not-shown";
}

function related(making: Making, { label, of, kind, code }: Asked): Reference {
  if (of === undefined || !("to" in of)) {
    making.notes.note(code, label, { call: of?.call ?? "ioctl", errno: of?.refused ?? "ENOTTY" });
    return UNSEEN;
  }
  const reference = referenceTo(making, of.to);
  if (reference === UNSEEN) making.notes.note("namespace-not-seen", label, { kind });
  return reference;
}

function userParts(
  making: Making,
  label: string,
  record: NamespaceRecord,
): Omit<UserNode, "label" | "kind" | "owner" | "identity"> {
  const { ids, notes } = making;
  const { maps, creatorUid, parent } = record;
  const above = parent !== undefined && "to" in parent ? parent.to : undefined;
  const creator =
    creatorUid === undefined || !("value" in creatorUid) || above === undefined
      ? undefined
      : ids.inside(above, "uid", creatorUid.value);
  if (creator === undefined) notes.note("creator-not-known", label);
  if (maps === undefined || "refused" in maps) {
    notes.note("maps-not-read", label, { call: maps?.call ?? "openat", errno: maps?.refused ?? "ENOENT" });
  }
  const read = maps !== undefined && "value" in maps ? maps.value : undefined;
  const map = (sort: IdSort): readonly IdExtent[] | undefined => {
    // No lines: nobody has written it.
    if (read?.[sort] === undefined || read[sort].length === 0) return undefined;
    const extents = ids.mapToParent(record, sort);
    if (extents === undefined) notes.note("maps-do-not-fit", label, { what: `${sort}_map` });
    return extents;
  };
  const [uidMap, gidMap, projidMap] = [map("uid"), map("gid"), map("projid")];
  const limits = Object.entries(valueOf(record.attributes, "user")?.limits ?? {});
  return {
    creator: { uid: creator ?? 0 },
    ...(uidMap && { uidMap }),
    ...(gidMap && { gidMap }),
    ...(projidMap && { projidMap }),
    setgroups: read?.setgroups ?? "allow",
    limits: Object.fromEntries(limits.filter(([, limit]) => limit !== NO_LIMIT)),
  };
}
/** What a new user namespace has: INT_MAX. Source: kernel/user_namespace.c create_user_ns. */
const NO_LIMIT = 2_147_483_647;

function pidParts(
  making: Making,
  label: string,
  { id, parent, unborn, pidMax }: NamespaceRecord,
): Omit<PidNode, "label" | "kind" | "owner" | "identity"> {
  const { index } = making.captured;
  // With its first process all others end, so whoever is in it shows that that one lives.
  const isAlive = index.members.get(id)?.some(({ zombie }) => !zombie) === true;
  const state = isAlive ? "alive" : unborn === true ? "unborn" : "dead";
  if (pidMax !== undefined && "refused" in pidMax) {
    const details = { call: pidMax.call, errno: pidMax.refused };
    making.notes.note("attribute-not-read", label, { what: "pid", ...details });
    // Nothing else tells one that had no process yet from one whose first process has ended.
    if (!isAlive && unborn !== true) making.notes.note("attribute-not-read", label, { what: "pid-state", ...details });
  }
  const most = pidMax !== undefined && "value" in pidMax ? pidMax.value : PID_MAX_LIMIT;
  return {
    parent: related(making, { label, of: parent, kind: "pid", code: "parent-not-shown" }),
    state,
    ...(most !== PID_MAX_LIMIT && { pidMax: most }),
  };
}

function noteAttributes({ notes }: Making, label: string, { kind, attributes }: NamespaceRecord): void {
  const what = ATTRIBUTED_KINDS.find((one) => one === kind);
  if (what === undefined) return;
  if (attributes === undefined) notes.note("attribute-not-asked", label, { what });
  else if ("refused" in attributes) {
    notes.note("attribute-not-read", label, { what, call: attributes.call, errno: attributes.refused });
  }
}
