import type { NamespaceId } from "../abi/ids.ts";
import { holdersOf, type Holder } from "./holders.ts";
import { HOLDING, bySureness } from "./holding.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import { isKernels } from "./initial.ts";
import type { MountPlace, NamespaceRecord } from "./types.ts";
import { once } from "./once.ts";
import { push } from "./push.ts";

/** What a namespace stands on: a holder, or the kernel itself. */
export type Foundation = Holder | { readonly kind: "kernel" };

/** One step of "it lives, because": the namespace, and what it stands on; undefined where that was not seen. */
export interface Step {
  readonly namespace: NamespaceRecord;
  readonly by: Foundation | undefined;
}

/** The namespace that has to live for a holder to hold; undefined where the holder rests on nothing else. */
export function carrierOf(holder: Foundation): NamespaceId | undefined {
  switch (holder.kind) {
    case "child":
    case "owned":
      return holder.namespace.id;
    case "bind-mount":
      return mountNamespaceOf(holder.pin);
    case "mount":
      return mountNamespaceOf(holder.mount);
    default:
      return undefined;
  }
}

/** The viewer's own is there as long as the viewer is. */
const mountNamespaceOf = ({ mountNamespace }: MountPlace): NamespaceId | undefined =>
  mountNamespace === "unknown" ? undefined : mountNamespace;

/**
 * On what each namespace stands, by the shortest way to something that rests on itself. Whoever follows it comes to an end:
 * namespaces that hold each other in a circle stand on nothing by that. One that is not in it has no visible foundation. Linear
 * in records and relations.
 */
export const foundationsOf = once((index: SnapshotIndex): ReadonlyMap<NamespaceId, Foundation> => {
  const found = new Map<NamespaceId, Foundation>();
  const queue: NamespaceId[] = [];
  const stand = (id: NamespaceId, on: Foundation): void => {
    if (found.has(id) || !index.namespaces.has(id)) return;
    found.set(id, on);
    queue.push(id);
  };

  for (const namespace of index.snapshot.namespaces) {
    const { id } = namespace;
    if (isKernels(index, namespace)) stand(id, { kind: "kernel" });
    else {
      const on = bySureness(holdersOf(index, id)).find((holder) => carrierOf(holder) === undefined);
      if (on !== undefined) stand(id, on);
    }
  }
  const laid = mountsByPlace(index);
  for (let nth = 0; nth < queue.length; nth++) {
    const id = queue[nth];
    const namespace = id === undefined ? undefined : index.namespaces.get(id);
    if (namespace === undefined) continue;
    const { kind, owner, parent } = namespace;
    if (parent !== undefined && "to" in parent) stand(parent.to, { kind: "child", namespace });
    if (kind !== "user" && "to" in owner) stand(owner.to, { kind: "owned", namespace });
    for (const { held, holder } of laid.get(namespace.id) ?? []) stand(held, holder);
  }
  return found;
});

/** Why a holder is there that rests on a namespace, down to something that rests on itself. Empty where it does itself. */
export function chainBehind(
  index: SnapshotIndex,
  foundations: ReadonlyMap<NamespaceId, Foundation>,
  holder: Foundation,
): readonly Step[] {
  const steps: Step[] = [];
  for (let id = carrierOf(holder); id !== undefined;) {
    const namespace = index.namespaces.get(id);
    if (namespace === undefined) break;
    const by = foundations.get(id);
    steps.push({ namespace, by });
    id = by === undefined ? undefined : carrierOf(by);
  }
  return steps;
}

interface Laid {
  readonly held: NamespaceId;
  readonly holder: Holder;
}

/** What the mounts of each mount namespace hold, as far as they are not the viewer's own. */
function mountsByPlace({ snapshot }: SnapshotIndex): ReadonlyMap<NamespaceId, readonly Laid[]> {
  const places = new Map<NamespaceId, Laid[]>();
  const lay = (place: NamespaceId | undefined, laid: Laid): void => {
    if (place === undefined) return;
    push(places, place, laid);
  };
  for (const pin of snapshot.pins) {
    lay(mountNamespaceOf(pin), { held: pin.namespace, holder: { kind: "bind-mount", pin } });
  }
  for (const mount of snapshot.mounts) {
    lay(mountNamespaceOf(mount), { held: mount.namespace, holder: { kind: "mount", mount } });
  }
  return places;
}

/** Whether a holder holds by itself. */
export const restsOnItself = ({ kind }: Holder): boolean => HOLDING[kind].rests === "itself";
