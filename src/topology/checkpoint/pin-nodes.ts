import { inodeOf, type NamespaceId } from "../../abi/ids.ts";
import { compareText } from "../../snapshot/order.ts";
import type { PinRecord } from "../../snapshot/types.ts";
import type { Reference } from "../reference.ts";
import type { PinNode } from "../topology.ts";
import { referenceTo, type Making } from "./making.ts";

/** The bind mounts of captured namespaces that lie in captured mount namespaces or in the viewer's own. */
export function pinNodes(making: Making): readonly PinNode[] {
  const { captured, ordered, notes } = making;
  const pins = new Map<string, PinNode & { readonly mountId: number }>();
  for (const { id } of ordered.namespaces) {
    const label = ordered.labels.get(id) ?? "";
    for (const pin of captured.index.pins.get(id) ?? []) {
      const place = placeOf(making, pin);
      const { path, mountId } = pin;
      const isHere = place === OWN || captured.namespaces.has(pin.mountNamespace as NamespaceId);
      if (!isHere) notes.note("pin-elsewhere", label, { path: path ?? "?", other: place });
      else if (path === undefined || pin.through !== undefined) notes.note("pin-without-path", label, { other: place });
      else pins.set(JSON.stringify([id, place, path]), { namespace: label, in: place, path, mountId });
    }
  }
  const ranks = new Map<Reference, number>(
    ordered.namespaces.map(({ id }, nth) => [ordered.labels.get(id) ?? "", nth]),
  );
  const rank = (place: Reference): number => ranks.get(place) ?? -1;
  return [...pins.values()]
    .sort((a, b) => rank(a.in) - rank(b.in) || compareText(a.path, b.path) || a.mountId - b.mountId)
    .map(({ namespace, in: place, path }) => ({ namespace, in: place, path }));
}
const OWN: Reference = "ambient:mnt";

/** Where a mount lies: a reference, or what people call a mount namespace that is not captured. */
function placeOf(making: Making, { mountNamespace }: PinRecord): string {
  if (mountNamespace === undefined) return OWN;
  if (mountNamespace === "unknown") return "mnt:[?]";
  return making.captured.namespaces.has(mountNamespace)
    ? referenceTo(making, mountNamespace)
    : `mnt:[${inodeOf(mountNamespace)}]`;
}
