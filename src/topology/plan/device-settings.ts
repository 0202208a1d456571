import { DEVICE_FLAG_NAMES, DEVICE_FLAGS, type DeviceFlag, type NetworkDevice } from "../network.ts";
import type { NetworkNode } from "../nodes.ts";
import type { Label } from "../reference.ts";
import { lowerOf, type Placed } from "./device-order.ts";
import type { NetworkDeed } from "./step.ts";

/** As a new loopback has it. */
const LOOPBACK_MTU = 65_536;

type ByPlace = ReadonlyMap<string, Placed>;

/** By network namespace what is set of its devices once all are there: ports first, since a bridge takes its length from them. */
export function settingsIn(order: readonly Placed[], byPlace: ByPlace): ReadonlyMap<Label, readonly NetworkDeed[]> {
  const late = lateOnes(order, byPlace);
  const moved = movedBridges(order, byPlace);
  const found = new Map<Label, { ports: NetworkDeed[]; changes: NetworkDeed[]; addresses: NetworkDeed[] }>();
  for (const placed of order) {
    const { net, device } = placed;
    const { index, master, addresses } = device;
    const deeds = found.get(net.label) ?? { ports: [], changes: [], addresses: [] };
    found.set(net.label, deeds);
    if (master !== undefined) deeds.ports.push({ make: "change", index, master });
    const change = changeOf(device, { mtu: moved.has(placed), up: device.up && !late.has(placed) });
    if (change !== undefined) deeds.changes.push(change);
    for (const address of addresses) deeds.addresses.push({ make: "address", index, ...address });
  }
  return new Map(
    [...found].map(([label, { ports, changes, addresses }]) => [label, [...ports, ...changes, ...addresses]]),
  );
}

/** What is up only once a device of another namespace is. */
export function lateIn(
  order: readonly Placed[],
  byPlace: ByPlace,
): readonly { readonly net: NetworkNode; readonly deed: NetworkDeed }[] {
  const up = [...lateOnes(order, byPlace)].filter(({ device }) => device.up);
  return up.map(({ net, device: { index } }) => ({ net, deed: { make: "change", index, up: true } }));
}

/** ENETDOWN: a vlan is not up before what it lies on is. Source: net/8021q/vlan_dev.c vlan_dev_open. */
function lateOnes(order: readonly Placed[], byPlace: ByPlace): ReadonlySet<Placed> {
  const late = new Set<Placed>();
  for (const placed of order) {
    const lower = lowerOf(placed, byPlace);
    if (lower !== undefined && (lower.net !== placed.net || late.has(lower))) late.add(placed);
  }
  return late;
}

/**
 * Bridges that took another length from their ports, and what lies on them: it goes down with them, and not up again. Source:
 * net/bridge/br_if.c br_mtu_auto_adjust, net/8021q/vlan.c vlan_device_event.
 */
function movedBridges(order: readonly Placed[], byPlace: ByPlace): ReadonlySet<Placed> {
  const shortest = new Map<string, number>();
  for (const { net, device } of order) {
    if (device.master === undefined) continue;
    const key = `${net.label}/${device.master}`;
    shortest.set(key, Math.min(device.mtu, shortest.get(key) ?? device.mtu));
  }
  const moved = new Set<Placed>();
  for (const placed of order) {
    const { net, device } = placed;
    const own = shortest.get(`${net.label}/${device.index}`);
    const lower = lowerOf(placed, byPlace);
    if (lower === undefined ? own !== undefined && own !== device.mtu : moved.has(lower)) moved.add(placed);
  }
  return moved;
}

function changeOf(
  { index, sort, mtu, flags }: NetworkDevice,
  needs: { readonly mtu: boolean; readonly up: boolean },
): NetworkDeed | undefined {
  const isLonger = needs.mtu || (sort === "loopback" && mtu !== LOOPBACK_MTU);
  if (!isLonger && !needs.up && flags === undefined) return undefined;
  return {
    make: "change",
    index,
    ...(isLonger && { mtu }),
    ...(needs.up && { up: true }),
    ...(flags !== undefined && { flags: { bits: bitsOf(flags), mask: bitsOf(DEVICE_FLAG_NAMES) } }),
  };
}

const bitsOf = (flags: readonly DeviceFlag[]): number => flags.reduce((bits, flag) => bits | DEVICE_FLAGS[flag], 0);
