import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS, nests } from "../abi/namespace-kinds.ts";
import { parentChain } from "../snapshot/ancestors.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Answer, NamespaceRecord, Refusal, Relation } from "../snapshot/types.ts";

/** One value of a namespace, as text; the refusal where the kernel gives none. */
interface Field {
  readonly help: string;
  readonly value: (namespace: NamespaceRecord, index: SnapshotIndex) => Answer<string>;
}

/** What `show --get` prints, one value and nothing else. */
export const FIELDS = {
  ino: { help: "inode number", value: ({ id }) => ({ value: inodeOf(id) }) },
  dev: { help: "device, as MAJ:MIN", value: ({ id }) => ({ value: deviceTextOf(id) }) },
  id: { help: "64-bit id, never used again before the next boot", value: uniqueId },
  kind: { help: "cgroup, ipc, mnt, net, pid, time, user or uts", value: ({ kind }) => ({ value: kind }) },
  nstype: {
    help: "the kind as NS_GET_NSTYPE gives it, in hexadecimal",
    value: ({ kind }) => ({ value: `0x${NAMESPACE_KINDS[kind].flag.toString(16)}` }),
  },
  owner: { help: "inode number of the owning user namespace", value: ({ owner }) => inodeOfRelation(owner) },
  parent: { help: "inode number of the parent (user and pid only)", value: parentOf },
  "owner-uid": { help: "uid of the creator (user only)", value: creatorOf },
  ancestors: { help: "inode numbers of parent, grandparent and so on (user and pid only)", value: ancestorsOf },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];
export const field = (name: FieldName): Field => FIELDS[name];

function uniqueId({ uniqueId: id }: NamespaceRecord): Answer<string> {
  return id === undefined ? { refused: "ENOTTY", call: "ioctl NS_GET_ID" } : { value: id };
}

function inodeOfRelation(relation: Relation): Answer<string> {
  return "to" in relation ? { value: inodeOf(relation.to) } : relation;
}

/** What the kernel says where there is nothing to ask: a snapshot has no record of a call that was not made. */
const DOES_NOT_NEST: Refusal = { refused: "EINVAL", call: "ioctl NS_GET_PARENT", reason: "kind-does-not-nest" };
const NO_USER_NAMESPACE: Refusal = {
  refused: "EINVAL",
  call: "ioctl NS_GET_OWNER_UID",
  reason: "not-a-user-namespace",
};

function parentOf({ parent }: NamespaceRecord): Answer<string> {
  return parent === undefined ? DOES_NOT_NEST : inodeOfRelation(parent);
}

function creatorOf({ creatorUid }: NamespaceRecord): Answer<string> {
  if (creatorUid === undefined) return NO_USER_NAMESPACE;
  return "value" in creatorUid ? { value: String(creatorUid.value) } : creatorUid;
}

function ancestorsOf(namespace: NamespaceRecord, index: SnapshotIndex): Answer<string> {
  if (!nests(namespace.kind)) return DOES_NOT_NEST;
  const { namespaces } = parentChain(index, namespace);
  return { value: namespaces.map(({ id }) => inodeOf(id)).join(" ") };
}
