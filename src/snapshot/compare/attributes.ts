import type { NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { attributeFields } from "../encode-attributes.ts";
import type { SnapshotIndex } from "../index-snapshot.ts";
import { redactAttributes } from "../redact-attributes.ts";
import { toJson } from "../json-text.ts";
import type { Attributes, NamespaceRecord } from "../types.ts";

interface Pair {
  readonly before: NamespaceRecord;
  readonly after: NamespaceRecord;
}
interface Looks {
  readonly before: SnapshotIndex;
  readonly after: SnapshotIndex;
}

/** Undefined: they are the same, or one of the two looks was not told. Of a redacted look, what it has left is compared. */
export function changedAttributes(pair: Pair, looks: Looks): { before: Attributes; after: Attributes } | undefined {
  const isRedacted = looks.before.snapshot.redacted || looks.after.snapshot.redacted;
  const told = (record: NamespaceRecord) => (isRedacted ? redactAttributes(record) : record).attributes;
  const [one, other] = [told(pair.before), told(pair.after)];
  if (one === undefined || other === undefined || !("value" in one) || !("value" in other)) return undefined;
  // A cgroup's path begins at the viewer's own.
  if (one.value.of === "cgroup" && !areInOne("cgroup", looks)) return undefined;
  const [before, after] = [withPeersOf(one.value, other.value), withPeersOf(other.value, one.value)];
  return toJson(attributeFields(before)) === toJson(attributeFields(after)) ? undefined : { before, after };
}

/** With the other ends of interfaces that both looks could name: where one did not see the namespace, nothing has changed. */
function withPeersOf(told: Attributes, other: Attributes): Attributes {
  if (told.of !== "net" || other.of !== "net") return told;
  const named = new Set(other.interfaces.flatMap(({ index, link }) => (link?.namespace === undefined ? [] : [index])));
  const interfaces = told.interfaces.map((one) => {
    if (one.link?.namespace === undefined || named.has(one.index)) return one;
    const { namespace: _, ...link } = one.link;
    return { ...one, link };
  });
  return { ...told, interfaces };
}

/** Whether both viewers were in the same namespace of a kind, as far as they say. */
const areInOne = (kind: NamespaceKind, { before, after }: Looks): boolean =>
  before.snapshot.viewpoint.namespaces[kind] === after.snapshot.viewpoint.namespaces[kind];

/** Numbers are the viewer's network namespace's own: of two viewers in different ones they have nothing to do with each other. */
export function changedNetnsid(
  { netnsid: before }: NamespaceRecord,
  { netnsid: after }: NamespaceRecord,
  looks: Looks,
) {
  if (looks.before.snapshot.viewpoint.namespaces.net === undefined || !areInOne("net", looks)) return undefined;
  return before === undefined || after === undefined || before === after ? undefined : { before, after };
}

/** Names are files where the viewer is. A redacted look has none. */
export function changedNames(looks: Looks, id: NamespaceId) {
  const { before, after } = looks;
  if (before.snapshot.redacted || after.snapshot.redacted) return undefined;
  if (!areInOne("mnt", looks)) return undefined;
  const had = new Set((before.names.get(id) ?? []).map(({ name }) => name));
  const has = new Set((after.names.get(id) ?? []).map(({ name }) => name));
  const lost = [...had].filter((name) => !has.has(name));
  const gained = [...has].filter((name) => !had.has(name));
  return lost.length + gained.length === 0 ? undefined : { lost, gained };
}
