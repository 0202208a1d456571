import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import type { LIST_COLUMN_HELP } from "../messages/list.ts";
import { valueOf } from "../snapshot/attributes.ts";
import { holdersOf } from "../snapshot/holders.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { localPath } from "../snapshot/local-path.ts";
import type { NamespaceRecord, ProcessRecord, Relation } from "../snapshot/types.ts";
import { count } from "./group.ts";
import type { Cell, TableColumn } from "./table.ts";
import { unsafeTraceName } from "./trace-words.ts";

/** What a row of the list is about: a namespace, and the process that stands for it (the one with the lowest pid). */
export interface ListSubject {
  readonly namespace: NamespaceRecord;
  readonly process: ProcessRecord | undefined;
}
export interface ListSource {
  readonly index: SnapshotIndex;
  /** The name of a user id, where there is one. */
  readonly userName: (uid: number) => string | undefined;
}
interface ListColumn extends Omit<TableColumn, "title"> {
  /** As lsns writes it to JSON; several lines of a cell are one string there. */
  readonly json: "number" | "string";
  readonly value: (subject: ListSubject, source: ListSource) => Cell;
}

const NUMBER = { align: "right", cuts: false, json: "number" } as const;
const TEXT = { align: "left", cuts: false, json: "string", widthHint: 0 } as const;

/**
 * The columns of `nsatlas list`. Up to ONS they are lsns's and say what lsns says, so 0 in PNS and ONS is "none" and "not
 * permitted" alike; for a namespace without processes UID and USER are those of who made the user namespace that it is or
 * belongs to, and empty where that cannot be known (lsns says root of all but user namespaces). NSFS has the mounts that can
 * be opened from here, as in lsns; HOLDERS counts all.
 * Source: lsns(8) of util-linux 2.38, by comparison.
 */
export const LIST_COLUMNS = {
  NS: { ...NUMBER, widthHint: 10, value: ({ namespace }) => inodeOf(namespace.id) },
  TYPE: { ...TEXT, widthHint: 5, value: ({ namespace }) => namespace.kind },
  PATH: { ...TEXT, value: pathOf },
  NPROCS: {
    ...NUMBER,
    widthHint: 5,
    value: ({ namespace }, { index }) => String(index.members.get(namespace.id)?.length ?? 0),
  },
  PID: { ...NUMBER, widthHint: 5, value: ({ process }) => process?.pid.toString() },
  PPID: { ...NUMBER, widthHint: 5, value: ({ process }) => process?.ppid.toString() },
  COMMAND: { ...TEXT, cuts: true, value: ({ process }) => process && commandOf(process) },
  UID: { ...NUMBER, widthHint: 0, value: (subject, source) => uidOf(subject, source)?.toString() },
  USER: { ...TEXT, value: userOf },
  NETNSID: { ...TEXT, align: "right", value: ({ namespace }) => namespace.netnsid?.toString() },
  NSFS: { ...TEXT, value: ({ namespace }, { index }) => pinsOf(namespace, index) },
  PNS: { ...NUMBER, widthHint: 10, value: ({ namespace }) => related(namespace.parent) },
  ONS: { ...NUMBER, widthHint: 10, value: ({ namespace }) => related(namespace.owner) },
  ID: { ...TEXT, align: "right", value: ({ namespace }) => namespace.uniqueId },
  DEV: { ...TEXT, value: ({ namespace }) => deviceTextOf(namespace.id) },
  HOLDERS: { ...TEXT, value: ({ namespace }, { index }) => holdersOfEachKind(namespace, index) },
  NAME: { ...TEXT, value: ({ namespace }, { index }) => namesOf(namespace, index) },
  HOSTNAME: { ...TEXT, value: ({ namespace }) => valueOf(namespace.attributes, "uts")?.hostname },
  INTERFACES: { ...TEXT, value: ({ namespace }) => interfacesOf(namespace) },
  LINK: { ...TEXT, value: ({ namespace }) => `${namespace.kind}:[${inodeOf(namespace.id)}]` },
} as const satisfies Record<keyof typeof LIST_COLUMN_HELP, ListColumn>;

export type ListColumnName = keyof typeof LIST_COLUMNS;
export const LIST_COLUMN_NAMES = Object.keys(LIST_COLUMNS) as readonly ListColumnName[];
export const listColumn = (name: ListColumnName): ListColumn => LIST_COLUMNS[name];

/** Those that take asking namespaces what they say of themselves. */
export const ATTRIBUTE_COLUMNS: ReadonlySet<ListColumnName> = new Set(["HOSTNAME", "INTERFACES"]);
/** Those that say whose a namespace is. */
export const TRACE_COLUMNS: ReadonlySet<ListColumnName> = new Set(["NAME"]);

function interfacesOf({ attributes }: NamespaceRecord): readonly string[] | undefined {
  const interfaces = valueOf(attributes, "net")?.interfaces ?? [];
  return interfaces.length === 0 ? undefined : interfaces.map(({ name, index }) => name ?? String(index));
}

/** The name in any case, as lsns takes it. */
export function listColumnNamed(word: string): ListColumnName | undefined {
  const name = word.toUpperCase();
  return LIST_COLUMN_NAMES.find((known) => known === name);
}

/** The arguments with blanks between; the short name where there are none, as for a kernel thread. */
export function commandOf({ commandLine = [], comm }: ProcessRecord): string {
  const line = commandLine.join(" ");
  return line === "" ? comm : line;
}

function pathOf({ namespace, process }: ListSubject, { index }: ListSource): string | undefined {
  const { proc } = index.snapshot.viewpoint;
  return process && proc && `${proc}/${process.pid}/ns/${namespace.kind}`;
}

function uidOf({ namespace, process }: ListSubject, { index }: ListSource): number | undefined {
  if (process !== undefined) return process.uid;
  const { owner } = namespace;
  const above = "to" in owner ? index.namespaces.get(owner.to) : undefined;
  const creator = (namespace.kind === "user" ? namespace : above)?.creatorUid;
  return creator !== undefined && "value" in creator ? creator.value : undefined;
}

function userOf(subject: ListSubject, source: ListSource): string | undefined {
  const uid = uidOf(subject, source);
  return uid === undefined ? undefined : (source.userName(uid) ?? uid.toString());
}

function pinsOf(namespace: NamespaceRecord, index: SnapshotIndex): readonly string[] | undefined {
  const paths = (index.pins.get(namespace.id) ?? []).flatMap((pin) => localPath(pin) ?? []);
  return paths.length === 0 ? undefined : [...new Set(paths)];
}

/** `process:75,bind-mount:1,owned:8`; `listed`: the kernel lists it, and nobody visible holds it. */
function holdersOfEachKind({ id, listed }: NamespaceRecord, index: SnapshotIndex): string | undefined {
  const counts = count(holdersOf(index, id).map(({ kind }) => kind));
  if (counts.size === 0) return listed ? "listed" : undefined;
  return Array.from(counts, ([kind, times]) => `${kind}:${times}`).join(",");
}

/** Names under /run/netns, then whose it is by each trace, in full: for filters and scripts. */
function namesOf(namespace: NamespaceRecord, index: SnapshotIndex): readonly string[] | undefined {
  const given = (index.names.get(namespace.id) ?? []).map(({ name }) => name);
  const names = [...given, ...(namespace.traces ?? []).map((trace) => unsafeTraceName(trace, "whole"))];
  return names.length === 0 ? undefined : names;
}

const related = (relation: Relation | undefined): string =>
  relation !== undefined && "to" in relation ? inodeOf(relation.to) : "0";
