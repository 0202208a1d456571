import type { View } from "../../rules/view.ts";
import type { Namespace, NsKey } from "./world.ts";

/** Looks up a namespace that something in the world refers to. Not finding it means the model itself is broken. */
export function namespaceOf(
  world: { readonly namespaces: { get(key: NsKey): Namespace | undefined } },
  key: NsKey,
): Namespace {
  const found = world.namespaces.get(key);
  if (found === undefined) throw new Error(`the model lost namespace ${key}`);
  return found;
}

/** A world as the rules look at it. */
export function viewOf(world: { readonly namespaces: { get(key: NsKey): Namespace | undefined } }): View<NsKey> {
  return {
    kind: (ns) => namespaceOf(world, ns).kind,
    owner: (ns) => namespaceOf(world, ns).owner,
    parent: (ns) => namespaceOf(world, ns).parent,
    level: (ns) => namespaceOf(world, ns).level,
    creator: (ns) => namespaceOf(world, ns).user?.creatorUid ?? 0,
  };
}
