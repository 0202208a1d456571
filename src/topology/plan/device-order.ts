import type { NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import type { Reference } from "../reference.ts";

/** A device, and where it is. */
export interface Placed {
  readonly net: NetworkNode;
  readonly device: NetworkDevice;
}

export const placeOf = (namespace: Reference, index: number): string => `${namespace}/${index}`;

/** The devices of all network namespaces, by place. */
export const devicesByPlace = (nets: readonly NetworkNode[]): ReadonlyMap<string, Placed> =>
  new Map(nets.flatMap((net) => net.devices.map((device) => [placeOf(net.label, device.index), { net, device }])));

/** What a vlan lies on, where that is captured. */
export function lowerOf({ device }: Placed, byPlace: ReadonlyMap<string, Placed>): Placed | undefined {
  const { sort, peer } = device;
  return sort === "vlan" && peer !== undefined ? byPlace.get(placeOf(peer.namespace, peer.index)) : undefined;
}

/**
 * Each device behind what it lies on, be that in another namespace, and otherwise as they stand. A vlan that lies on itself in
 * the end, which no image has that was read, ends up somewhere.
 */
export function stacked(byPlace: ReadonlyMap<string, Placed>): readonly Placed[] {
  const ordered = new Set<Placed>();
  for (const placed of byPlace.values()) {
    const trail = new Set<Placed>();
    for (let at: Placed | undefined = placed; at !== undefined && !ordered.has(at) && !trail.has(at);) {
      trail.add(at);
      at = lowerOf(at, byPlace);
    }
    for (const one of [...trail].toReversed()) ordered.add(one);
  }
  return [...ordered];
}
