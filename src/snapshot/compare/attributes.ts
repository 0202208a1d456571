import type { NamespaceId } from "../../abi/ids.ts";
import { attributeFields } from "../encode-attributes.ts";
import type { SnapshotIndex } from "../index-snapshot.ts";
import { redactAttributes } from "../redact-attributes.ts";
import { toJson } from "../json-text.ts";
import type { Attributes, NamespaceRecord } from "../types.ts";

/** Undefined: they are the same, or one of the two looks was not told. Of a redacted look, what it has left is compared. */
export function changedAttributes(
  pair: { readonly before: NamespaceRecord; readonly after: NamespaceRecord },
  { isRedacted }: { readonly isRedacted: boolean },
): { readonly before: Attributes; readonly after: Attributes } | undefined {
  const told = (record: NamespaceRecord) => (isRedacted ? redactAttributes(record) : record).attributes;
  const [one, other] = [told(pair.before), told(pair.after)];
  if (one === undefined || other === undefined || !("value" in one) || !("value" in other)) return undefined;
  const [before, after] = [one.value, other.value];
  return toJson(attributeFields(before)) === toJson(attributeFields(after)) ? undefined : { before, after };
}

/** Numbers are the viewer's network namespace's own: of two viewers in different ones they have nothing to do with each other. */
export function changedNetnsid(
  { netnsid: before }: NamespaceRecord,
  { netnsid: after }: NamespaceRecord,
  looks: { readonly before: SnapshotIndex; readonly after: SnapshotIndex },
) {
  const [own, ownLater] = [looks.before, looks.after].map(({ snapshot }) => snapshot.viewpoint.namespaces.net);
  if (own === undefined || own !== ownLater) return undefined;
  return before === undefined || after === undefined || before === after ? undefined : { before, after };
}

/** A redacted look has no names. */
export function changedNames(before: SnapshotIndex, after: SnapshotIndex, id: NamespaceId) {
  if (before.snapshot.redacted || after.snapshot.redacted) return undefined;
  const had = new Set((before.names.get(id) ?? []).map(({ name }) => name));
  const has = new Set((after.names.get(id) ?? []).map(({ name }) => name));
  const lost = [...had].filter((name) => !has.has(name));
  const gained = [...has].filter((name) => !had.has(name));
  return lost.length + gained.length === 0 ? undefined : { lost, gained };
}
