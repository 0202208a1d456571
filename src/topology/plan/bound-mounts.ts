import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { NamespaceNode } from "../topology.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { ambient } from "./index-topology.ts";
import { settingsOf } from "./settings.ts";

/**
 * Mount namespaces that are bound in others of the topology, each after those: whoever owns them, for a mount namespace can be
 * bound in an older one alone. Source: fs/namespace.c mnt_ns_loop.
 */
export function planBoundMounts(crew: Crew): void {
  const begun = new Set<Label>();
  // A way down through what each is bound in, on a stack of our own: a file may have any depth.
  const left = crew.index.topology.namespaces.filter(({ label }) => isBoundInOthers(crew, label)).toReversed();
  for (let node = left.at(-1); node !== undefined; node = left.at(-1)) {
    const before = begun.has(node.label) ? [] : placesOf(crew, node.label);
    begun.add(node.label);
    const missing = before.flatMap((place) => (crew.kept.has(place) ? [] : (crew.index.node(place) ?? [])));
    left.push(...missing);
    if (missing.length > 0) continue;
    left.pop();
    if (!crew.kept.has(node.label)) make(crew, node);
  }
}

function make(crew: Crew, node: NamespaceNode): void {
  const { label, owner } = node;
  const by = crew.helper(RESTORER, "maker", label);
  const base = crew.baseOf(owner);
  crew.joins(by, base, label);
  if (owner !== base) crew.joins(by, owner, label);
  crew.does(by, { do: "unshare", kinds: ["mnt"], ...laterThan(crew, label) }, label);
  for (const deed of settingsOf(node)) crew.does(by, deed, label);
  crew.does(by, { do: "keep", link: "mnt", as: label }, label);
  crew.leaves(by, RESTORER, label);
}

const placesOf = (crew: Crew, label: Label): readonly Reference[] => [...(crew.index.mountsBoundIn.get(label) ?? [])];

/** Whether a mount namespace is bound in one that is captured, too. */
export const isBoundInOthers = (crew: Crew, label: Label): boolean =>
  placesOf(crew, label).some((place) => !isBoundary(place));

/** What a mount namespace has to be later than, all of it kept; nothing where it is bound nowhere. */
export function laterThan(crew: Crew, label: Label | undefined): { readonly later?: readonly Reference[] } {
  const places = label === undefined ? [] : placesOf(crew, label);
  const own = ambient("mnt");
  if (places.includes(own) && !crew.kept.has(own)) crew.does(RESTORER, { do: "keep", link: "mnt", as: own });
  return places.length === 0 ? {} : { later: places };
}
