import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import type { FIELD_HELP } from "../messages/show.ts";
import { parentChain } from "../snapshot/ancestors.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { AttributedKind } from "../snapshot/attributes.ts";
import type { Answer, Attributes, NamespaceRecord, NetworkInterface, Refusal, Relation } from "../snapshot/types.ts";
import { offsetText } from "./show-attributes.ts";

/** A value as text, or what the kernel answered in its place; or a call whose answer no snapshot holds. */
export type FieldAnswer = Answer<string> | { readonly notRecorded: string };
type Field = (namespace: NamespaceRecord, index: SnapshotIndex) => FieldAnswer;

/** The values of a namespace that can be had one by one; another namespace is its inode number. */
export const SHOW_FIELDS = {
  ino: ({ id }) => ({ value: inodeOf(id) }),
  dev: ({ id }) => ({ value: deviceTextOf(id) }),
  id: ({ uniqueId }) => (uniqueId === undefined ? refusal("ENOTTY", "ioctl NS_GET_ID") : { value: uniqueId }),
  kind: ({ kind }) => ({ value: kind }),
  nstype: ({ kind }) => ({ value: `0x${NAMESPACE_KINDS[kind].flag.toString(16)}` }),
  owner: ({ owner }) => inodeBehind(owner),
  parent: ({ parent }) => (parent === undefined ? DOES_NOT_NEST : inodeBehind(parent)),
  "owner-uid": creatorOf,
  "mntns-id": mountNamespaceId,
  ancestors: ancestorsOf,
  netnsid: netnsidOf,
  hostname: (namespace) => told(namespace, "uts", ({ hostname }) => hostname),
  domainname: (namespace) => told(namespace, "uts", ({ domainname }) => domainname),
  monotonic: (namespace) => told(namespace, "time", ({ monotonic }) => offsetText(monotonic)),
  boottime: (namespace) => told(namespace, "time", ({ boottime }) => offsetText(boottime)),
  "cgroup-root": (namespace) => told(namespace, "cgroup", ({ root }) => root),
  interfaces: (namespace) => told(namespace, "net", ({ interfaces }) => interfaces.map(nameOfInterface).join(" ")),
} as const satisfies Record<keyof typeof FIELD_HELP, Field>;

export type ShowFieldName = keyof typeof SHOW_FIELDS;
export const SHOW_FIELD_NAMES = Object.keys(SHOW_FIELDS) as readonly ShowFieldName[];
export const showField = (name: ShowFieldName): Field => SHOW_FIELDS[name];

const refusal = (refused: Refusal["refused"], call: string, reason?: Refusal["reason"]): Refusal =>
  reason === undefined ? { refused, call } : { refused, call, reason };

/** What the kernel says where the kind is wrong. A snapshot has no record of it: the call was not made. */
const DOES_NOT_NEST = refusal("EINVAL", "ioctl NS_GET_PARENT", "kind-does-not-nest");
const NO_CREATOR = refusal("EINVAL", "ioctl NS_GET_OWNER_UID", "not-a-user-namespace");
const NO_MOUNTS = refusal("EINVAL", "ioctl NS_GET_MNTNS_ID", "not-a-mount-namespace");

/** What a namespace of this kind says of itself. EINVAL: it is of another. */
function told<K extends AttributedKind>(
  { kind, attributes }: NamespaceRecord,
  wanted: K,
  valueOf: (value: Extract<Attributes, { of: K }>) => string | undefined,
): FieldAnswer {
  if (kind !== wanted) return refusal("EINVAL", ATTRIBUTE_CALLS[wanted]);
  if (attributes === undefined) return { notRecorded: ATTRIBUTE_CALLS[wanted] };
  if (!("value" in attributes)) return attributes;
  const value = isOf(attributes.value, wanted) ? valueOf(attributes.value) : undefined;
  return value === undefined ? { notRecorded: ATTRIBUTE_CALLS[wanted] } : { value };
}
const isOf = <K extends AttributedKind>(value: Attributes, wanted: K): value is Extract<Attributes, { of: K }> =>
  value.of === wanted;

/** How each kind is asked. */
const ATTRIBUTE_CALLS: Readonly<Record<AttributedKind, string>> = {
  uts: "uname",
  time: "open timens_offsets",
  cgroup: "open cgroup",
  net: "rtnetlink RTM_GETLINK",
  user: "open max_user_namespaces",
  ipc: "shmctl SHM_INFO",
};

const nameOfInterface = ({ name, index }: NetworkInterface): string => name ?? String(index);

function netnsidOf({ kind, netnsid }: NamespaceRecord): FieldAnswer {
  if (kind !== "net") return refusal("EINVAL", "rtnetlink RTM_GETNSID");
  return netnsid === undefined ? { notRecorded: "rtnetlink RTM_GETNSID" } : { value: String(netnsid) };
}

const inodeBehind = (relation: Relation): Answer<string> =>
  "to" in relation ? { value: inodeOf(relation.to) } : relation;

function creatorOf({ creatorUid }: NamespaceRecord): FieldAnswer {
  if (creatorUid === undefined) return NO_CREATOR;
  return "value" in creatorUid ? { value: String(creatorUid.value) } : creatorUid;
}

/** The same number as the 64-bit id, where the kernel tells that (Linux 6.18); the call itself is older, since 6.11. */
function mountNamespaceId({ kind, uniqueId }: NamespaceRecord): FieldAnswer {
  if (kind !== "mnt") return NO_MOUNTS;
  return uniqueId === undefined ? { notRecorded: "ioctl NS_GET_MNTNS_ID" } : { value: uniqueId };
}

/** As far as the viewer may see: none, and no refusal, where the parent is outside the view already. */
function ancestorsOf(namespace: NamespaceRecord, index: SnapshotIndex): FieldAnswer {
  if (namespace.parent === undefined) return DOES_NOT_NEST;
  return {
    value: parentChain(index, namespace)
      .namespaces.map(({ id }) => inodeOf(id))
      .join(" "),
  };
}
