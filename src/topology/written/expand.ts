import type { IdExtent } from "../../procfs/id-map.ts";
import type { NetworkDevice } from "../network.ts";
import type { ClockOffset, UserNode } from "../nodes.ts";
import type { Label, Reference } from "../reference.ts";
import { TOPOLOGY_FORMAT, TOPOLOGY_VERSION, type NamespaceNode, type Topology } from "../topology.ts";
import { expandProcesses } from "./expand-processes.ts";
import type { Maker } from "./maker.ts";
import type { WrittenNamespace, WrittenTopology } from "./schema.ts";

type Written<K extends WrittenNamespace["kind"]> = Extract<WrittenNamespace, { kind: K }>;

/** The topology that a text says, with the defaults for all that it leaves out. Its laws are still to be checked. */
export function expandWritten(written: WrittenTopology, maker: Maker): Topology {
  const given = written.namespaces ?? {};
  const made = new Map<Label, NamespaceNode>();
  for (const [label, one] of aboveFirst(given)) made.set(label, expandNamespace(label, one, { made, maker }));
  const namespaces = [...made.values()];
  const { processes } = expandProcesses(namespaces, written.processes ?? {}, maker);
  const pins = (written.pins ?? []).map(({ namespace, in: place = "ambient:mnt", path }) => ({
    namespace,
    in: place,
    path,
  }));
  return {
    format: TOPOLOGY_FORMAT,
    version: TOPOLOGY_VERSION,
    namespaces,
    processes,
    pins,
    findings: [],
  };
}

type Entry = readonly [Label, WrittenNamespace];

/** Owners and parents before what lies below, else as they are written. What goes in a circle stays for the laws to find. */
function aboveFirst(given: Readonly<Record<Label, WrittenNamespace>>): readonly Entry[] {
  const ordered = new Map<Label, WrittenNamespace>();
  const open = new Set<Label>();
  for (const start of Object.keys(given)) {
    const left = [start];
    for (let label = left.at(-1); label !== undefined; label = left.at(-1)) {
      const one = Object.hasOwn(given, label) ? given[label] : undefined;
      if (one === undefined || ordered.has(label)) {
        left.pop();
        continue;
      }
      open.add(label);
      const above = [one.owner, one.kind === "pid" ? one.parent : undefined].filter(
        (other): other is Label => other !== undefined && Object.hasOwn(given, other) && !open.has(other),
      );
      left.push(...above);
      if (above.length > 0) continue;
      left.pop();
      ordered.set(label, one);
    }
  }
  return [...ordered];
}

interface Around {
  /** What stands before, with its defaults. */
  readonly made: ReadonlyMap<Label, NamespaceNode>;
  readonly maker: Maker;
}

function expandNamespace(label: Label, one: WrittenNamespace, around: Around): NamespaceNode {
  const owner: Reference = one.owner ?? "ambient:user";
  const common = { label, owner };
  switch (one.kind) {
    case "user":
      return { ...common, kind: one.kind, ...userParts(one, owner, around) };
    case "pid": {
      const { parent = "ambient:pid", state = "alive", pidMax } = one;
      return { ...common, kind: one.kind, parent, state, ...(pidMax !== undefined && { pidMax }) };
    }
    case "mnt":
      return { ...common, kind: one.kind };
    case "uts": {
      const { hostname, domainname } = one;
      return {
        ...common,
        kind: one.kind,
        ...(hostname !== undefined && { hostname }),
        ...(domainname !== undefined && { domainname }),
      };
    }
    case "ipc":
      return { ...common, kind: one.kind, sysctls: one.sysctls ?? {} };
    case "cgroup":
      return { ...common, kind: one.kind, ...(one.root !== undefined && { root: one.root }) };
    case "time":
      return { ...common, kind: one.kind, monotonic: clock(one.monotonic), boottime: clock(one.boottime) };
    case "net":
      return {
        ...common,
        kind: one.kind,
        devices: devices(one),
        routes: one.routes ?? [],
        netnsids: [],
        sysctls: one.sysctls ?? {},
      };
  }
}

const clock = (given: Written<"time">["monotonic"]): ClockOffset =>
  typeof given === "number" ? { seconds: given, nanoseconds: 0 } : (given ?? { seconds: 0, nanoseconds: 0 });

/**
 * Made by whoever is root in the parent, or by the restorer, who is then root in it and nobody else: what `unshare -r` makes.
 * An empty list leaves a map unwritten.
 */
function userParts(
  one: Written<"user">,
  owner: Reference,
  { made, maker }: Around,
): Omit<UserNode, "label" | "kind" | "owner"> {
  const parent = made.get(owner);
  const above = parent?.kind === "user" ? parent : undefined;
  const isOutermost = owner.startsWith("ambient:");
  const uid = one.creator?.uid ?? (isOutermost ? maker.uid : firstInside(above?.uidMap));
  const gid = isOutermost ? maker.gid : firstInside(above?.gidMap);
  const uidMap = one.uidMap === undefined ? [{ inside: 0, outside: uid, count: 1 }] : one.uidMap.map(extentOf);
  const gidMap = one.gidMap === undefined ? [{ inside: 0, outside: gid, count: 1 }] : one.gidMap.map(extentOf);
  const projidMap = (one.projidMap ?? []).map(extentOf);
  const denied = one.gidMap === undefined || above?.setgroups === "deny";
  return {
    creator: { uid },
    ...(uidMap.length > 0 && { uidMap: sorted(uidMap) }),
    ...(gidMap.length > 0 && { gidMap: sorted(gidMap) }),
    ...(projidMap.length > 0 && { projidMap: sorted(projidMap) }),
    setgroups: one.setgroups ?? (denied ? "deny" : "allow"),
    limits: one.limits ?? {},
  };
}

/** The first id of a parent's map: its root, as a rule. */
const firstInside = (map: UserNode["uidMap"]): number => map?.[0]?.inside ?? 0;

const sorted = (extents: readonly IdExtent[]): readonly IdExtent[] => extents.toSorted((a, b) => a.inside - b.inside);

function extentOf(given: NonNullable<Written<"user">["uidMap"]>[number]): IdExtent {
  if (typeof given !== "string") return given;
  const [inside = 0, outside = 0, count = 0] = given.split(/ +/).map(Number);
  return { inside, outside, count };
}

const LOOPBACK_MTU = 65_536;
const USUAL_MTU = 1500;

/** A loopback is always there, as device 1; others are numbered on. */
function devices({ devices: given = [] }: Written<"net">): readonly NetworkDevice[] {
  const loopback = given.find(({ name }) => name === "lo");
  const all = loopback === undefined ? [{ name: "lo", up: false }, ...given] : given;
  const taken = new Set(given.flatMap(({ index }) => (index === undefined ? [] : [index])));
  let next = 2;
  const free = (): number => {
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  };
  return all.map((one: NonNullable<Written<"net">["devices"]>[number]): NetworkDevice => {
    const sort = one.sort ?? (one.name === "lo" ? "loopback" : "dummy");
    const { name, mac, flags, master, peer, vlan } = one;
    return {
      index: one.index ?? (sort === "loopback" ? 1 : free()),
      name,
      sort,
      mtu: one.mtu ?? (sort === "loopback" ? LOOPBACK_MTU : USUAL_MTU),
      ...(mac !== undefined && { mac }),
      up: one.up ?? true,
      ...(flags !== undefined && { flags: flags.toSorted() }),
      ...(master !== undefined && { master }),
      ...(peer !== undefined && { peer }),
      ...(vlan !== undefined && { vlan }),
      addresses: (one.addresses ?? []).map((address) => {
        if (typeof address !== "string") return address;
        const [text = "", prefix = ""] = address.split("/");
        return { address: text, prefix: Number(prefix) };
      }),
    };
  });
}
