import { LINKS } from "../../abi/proc-links.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { NEW_FLAGS, type NetworkDevice, type NetworkRoute } from "../network.ts";
import type { ClockOffset } from "../nodes.ts";
import type { Credentials, NamespaceNode, PinNode, ProcessNode } from "../topology.ts";

/**
 * What is said of one element, by name: `hostname`, or a family and a key, `limits.user`. Two elements that are the same in
 * this have the same text, whoever wrote it: the canonical form.
 */
export type Facts = ReadonlyMap<string, string>;
/** The part before the dot. */
export const familyOf = (fact: string): string => fact.split(".", 1)[0] ?? fact;

/** Facts that an image may leave out, as not read or of no interest: then they are not compared. */
export const OPTIONAL_FACTS: ReadonlySet<string> = new Set([
  "hostname",
  "domainname",
  "root",
  "monotonic",
  "boottime",
  "flags",
]);

/** Of a process without numbers, and where they lead: so they may be left out too. */
export const LED: readonly ("session" | "group")[] = ["session", "group"];

export function factsOfNamespace(node: NamespaceNode): Facts {
  switch (node.kind) {
    case "user":
      return facts({
        creator: node.creator.uid,
        uidMap: mapText(node.uidMap),
        gidMap: mapText(node.gidMap),
        projidMap: mapText(node.projidMap),
        setgroups: node.setgroups,
        ...keyed("limits", node.limits),
      });
    case "pid":
      return facts({ state: node.state, pidMax: node.pidMax });
    case "uts":
      return facts({ hostname: node.hostname, domainname: node.domainname });
    case "cgroup":
      return facts({ root: node.root });
    case "time":
      return facts({ monotonic: clockText(node.monotonic), boottime: clockText(node.boottime) });
    case "ipc":
    case "net":
      return facts(keyed("sysctls", node.sysctls));
    case "mnt":
      return facts({});
  }
}

export const factsOfProcess = ({ comm, numbers, credentials, session, group, descriptors }: ProcessNode): Facts =>
  facts({
    comm,
    numbers: numbers.length === 0 ? undefined : numbers.join(" "),
    ...keyed("uid", credentials.uid),
    ...keyed("gid", credentials.gid),
    groups: credentials.groups.toSorted(ascending).join(" "),
    ...capabilitySets(credentials),
    noNewPrivs: String(credentials.noNewPrivs),
    session: typeof session === "number" ? session : undefined,
    group: typeof group === "number" ? group : undefined,
    ...Object.fromEntries(
      descriptors.map(({ fd, closeOnExec }) => [`closeOnExec.${fd}`, String(closeOnExec ?? false)]),
    ),
  });

export const factsOfPin = ({ path }: PinNode): Facts => facts({ path });

export const factsOfDevice = (device: NetworkDevice): Facts =>
  facts({
    index: device.index,
    name: device.name,
    sort: device.sort === "other" ? (device.kernelSort ?? device.sort) : device.sort,
    mtu: device.mtu,
    mac: device.mac?.toLowerCase(),
    up: String(device.up),
    flags: flagsText(device),
    vlan: device.vlan,
    addresses: device.addresses
      .map(({ address, prefix, peer }) => `${address}${peer === undefined ? "" : ` peer ${peer}`}/${prefix}`)
      .toSorted()
      .join(", "),
  });

/** Undefined: a vlan of which an image says nothing, which has them from what it lies on. */
function flagsText({ flags, sort }: NetworkDevice): string | undefined {
  const set = flags ?? NEW_FLAGS[sort];
  return set === undefined ? undefined : [...new Set(set)].toSorted().join(" ");
}

export const factsOfRoute = ({ to, via, metric, family }: NetworkRoute): Facts => facts({ to, via, metric, family });

/** By `inside`, with extents that continue each other made one: what the map does, and not how it was written. */
export function canonicalMap(map: readonly IdExtent[] = []): readonly IdExtent[] {
  const merged: IdExtent[] = [];
  for (const extent of map.toSorted((one, other) => one.inside - other.inside)) {
    const last = merged.at(-1);
    const continues =
      last !== undefined &&
      [last.inside, last.outside].every(
        (start, nth) => start + last.count === (nth === 0 ? extent.inside : extent.outside),
      );
    if (!continues) merged.push(extent);
    else merged[merged.length - 1] = { ...last, count: last.count + extent.count };
  }
  return merged;
}

const mapText = (map: readonly IdExtent[] | undefined): string => linesOfMap(canonicalMap(map));
const linesOfMap = (map: readonly IdExtent[]): string =>
  map.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join("\n");

/** The maps line by line, as whoever reads the image finds them; no lines: it was not written. */
export const mapsOf = (node: NamespaceNode): Facts =>
  node.kind === "user" ? new Map(MAPS.map((map) => [map, linesOfMap(node[map] ?? [])])) : new Map();
const MAPS = ["uidMap", "gidMap", "projidMap"] as const;

const NANOSECOND_DIGITS = 9;
const clockText = (offset: ClockOffset | undefined): string | undefined =>
  offset && `${offset.seconds}.${String(offset.nanoseconds).padStart(NANOSECOND_DIGITS, "0")}`;

const capabilitySets = ({ capabilities }: Credentials) =>
  keyed(
    "capabilities",
    Object.fromEntries(Object.entries(capabilities).map(([set, digits]) => [set, BigInt(`0x${digits}`).toString(16)])),
  );

const keyed = (family: string, values: object): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]: [string, Value]) => [`${family}.${key}`, value]));

type Value = string | number | undefined;
const facts = (values: Readonly<Record<string, Value>>): Facts =>
  new Map(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));

const ascending = (one: number, other: number): number => one - other;

/** Which link of a process leads where, its own for a `*_for_children` that says nothing else. */
export const linksOf = ({ namespaces }: ProcessNode): readonly (readonly [fact: string, to: string])[] =>
  LINKS.flatMap((link) => {
    const to = namespaces[link];
    const own =
      link === "pid_for_children" ? namespaces.pid : link === "time_for_children" ? namespaces.time : undefined;
    return to === undefined || to === own ? [] : [[`member.${link}`, to] as const];
  });
