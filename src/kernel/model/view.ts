import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
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

type Namespaces = { readonly namespaces: { get(key: NsKey): Namespace | undefined } };

/** A world as the rules look at it. A draft is looked at as it is when a rule asks. */
class WorldView implements View<NsKey> {
  readonly #world: Namespaces;

  constructor(world: Namespaces) {
    this.#world = world;
  }
  kind(ns: NsKey): NamespaceKind {
    return namespaceOf(this.#world, ns).kind;
  }
  owner(ns: NsKey): NsKey | undefined {
    return namespaceOf(this.#world, ns).owner;
  }
  parent(ns: NsKey): NsKey | undefined {
    return namespaceOf(this.#world, ns).parent;
  }
  level(ns: NsKey): number {
    return namespaceOf(this.#world, ns).level;
  }
  creator(ns: NsKey): number {
    return namespaceOf(this.#world, ns).user?.creatorUid ?? 0;
  }
}

export const viewOf = (world: Namespaces): View<NsKey> => new WorldView(world);
