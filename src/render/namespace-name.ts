import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import type { NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import { once } from "../snapshot/once.ts";

/** How a namespace reads in text, and can be typed back as a REF. */
export type NamespaceName = (namespace: Pick<NamespaceRecord, "id" | "kind">) => string;

/** `net:[4026531833]`; `net:[0:4/4026531833]` where namespaces of the snapshot lie on more than one device. */
export const namesIn = once((snapshot: Snapshot): NamespaceName => {
  const devices = new Set(snapshot.namespaces.map(({ id }) => deviceTextOf(id)));
  return devices.size > 1 ? ({ kind, id }) => `${kind}:[${id}]` : ({ kind, id }) => `${kind}:[${inodeOf(id)}]`;
});
