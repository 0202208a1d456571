import fc from "./property.ts";
import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import type { IdExtent } from "../../src/procfs/id-map.ts";
import type { NetworkDevice, NetworkRoute } from "../../src/topology/network.ts";
import type { Reference } from "../../src/topology/reference.ts";
import {
  TOPOLOGY_FORMAT,
  TOPOLOGY_VERSION,
  type NamespaceNode,
  type PinNode,
  type ProcessNode,
  type Topology,
} from "../../src/topology/topology.ts";

/**
 * Random topologies that root can restore: whatever is drawn obeys the kernel's rules of ownership, maps, pid numbers and
 * parents, so that a refusal is a mistake. A choice is a number, counted around among what there is.
 */
interface Step {
  readonly what: (typeof STEPS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}
const STEPS = [
  "user",
  "user",
  "pid",
  "process",
  "process",
  "process",
  "uts",
  "ipc",
  "net",
  "mnt",
  "time",
  "veth",
  "device",
  "netnsid",
  "fd",
  "pin",
  "unborn",
  "other time",
] as const;

/**
 * What a run of steps may have in it. `network`: what the model does not have: devices, addresses, routes and netnsids
 * (otherwise the loopback alone), and pid namespaces without a process that are not somebody's for its children.
 */
export interface TopologyWish {
  readonly network?: boolean;
  /** kernel.pid_max of pid namespaces. */
  readonly pidMax?: boolean;
  readonly steps?: number;
  /** Of how many of these steps: few as a rule, or any number alike. */
  readonly size?: "small" | "max";
  /** The bounding set of whoever restores, which limits those who stay in the user namespace of whoever restores. */
  readonly bounding?: bigint;
}

export const anyTopology = ({
  network = true,
  pidMax = false,
  steps = 30,
  size = "small",
  bounding = EVERYTHING_ALLOWED,
}: TopologyWish = {}): fc.Arbitrary<Topology> => {
  const number = fc.nat(1_000);
  const step = fc.record({ what: fc.constantFrom(...STEPS), a: number, b: number, c: number, d: number });
  return fc
    .array(step, { minLength: 1, maxLength: steps, size })
    .map((list) => build(list, { network, pidMax, bounding }));
};

type BuildWish = Required<Omit<TopologyWish, "steps" | "size">>;

/** While it is built. */
type Draft<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };
type DraftNode = Draft<NamespaceNode>;
type DraftUser = Extract<DraftNode, { kind: "user" }>;
type DraftPid = Extract<DraftNode, { kind: "pid" }>;
type DraftNet = Extract<DraftNode, { kind: "net" }>;
type DraftProcess = Draft<ProcessNode> & { namespaces: Partial<Record<ProcLink, Reference>> };

class Building {
  readonly bounding: bigint;
  readonly wish: BuildWish;
  readonly nodes: DraftNode[] = [];
  readonly processes: DraftProcess[] = [];
  readonly pins: PinNode[] = [];
  readonly counts = new Map<string, number>();
  /** The highest number in use of each pid namespace. */
  readonly numbers = new Map<string, number>();
  readonly bySort = new Map<NamespaceKind, DraftNode[]>();

  constructor(wish: BuildWish) {
    this.wish = wish;
    this.bounding = wish.bounding;
  }

  label(sort: string): string {
    const count = (this.counts.get(sort) ?? 0) + 1;
    this.counts.set(sort, count);
    return `${sort}-${count}`;
  }
  add(node: DraftNode): void {
    this.nodes.push(node);
    const same = this.bySort.get(node.kind) ?? [];
    same.push(node);
    this.bySort.set(node.kind, same);
  }
  users(): DraftUser[] {
    return this.nodes.filter((node) => node.kind === "user");
  }
  pids(): DraftPid[] {
    return this.nodes.filter((node) => node.kind === "pid");
  }
  nets(): DraftNet[] {
    return this.nodes.filter((node) => node.kind === "net");
  }
}

const pick = <T>(list: readonly T[], choice: number): T | undefined =>
  list.length === 0 ? undefined : list[choice % list.length];
const pickOf = <T>(first: T, list: readonly T[], choice: number): T => pick([first, ...list], choice) ?? first;

function build(steps: readonly Step[], wish: BuildWish): Topology {
  const at = new Building(wish);
  for (const step of steps) take(at, step, wish.network);
  holdTheRest(at);
  return {
    format: TOPOLOGY_FORMAT,
    version: TOPOLOGY_VERSION,
    namespaces: at.nodes,
    processes: at.processes,
    pins: at.pins,
    findings: [],
  };
}

function take(at: Building, { what, a, b, c, d }: Step, withNetwork: boolean): void {
  const owner = pickOf<Reference>(
    "ambient:user",
    at.users().map(({ label }) => label),
    a,
  );
  switch (what) {
    case "user":
      return addUser(at, { a, b, c, d });
    case "pid":
      return addPid(at, { a, b, c });
    case "process": {
      const alive = at.pids().filter(({ state }) => state === "alive");
      const pidns = pickOf<Reference>(
        "ambient:pid",
        alive.map(({ label }) => label),
        a,
      );
      return addProcess(at, pidns, { a: b, b: c, c: d });
    }
    case "uts":
      return at.add({ kind: "uts", label: at.label("uts"), owner, hostname: `host-${b % 3}`, domainname: "(none)" });
    case "ipc":
      return at.add({
        kind: "ipc",
        label: at.label("ipc"),
        owner,
        // They are the owner's root's: where nobody is that, nobody can set them.
        sysctls: b % 2 === 0 || !hasRoot(at, owner) ? {} : { "kernel.shmmni": String(1000 + (c % 3)) },
      });
    case "mnt":
      return at.add({ kind: "mnt", label: at.label("mnt"), owner });
    case "net":
      return at.add({
        kind: "net",
        label: at.label("net"),
        owner,
        devices: [{ index: 1, name: "lo", sort: "loopback", mtu: 65_536, up: b % 2 === 0, addresses: [] }],
        routes: [],
        netnsids: [],
        sysctls: withNetwork && c % 4 === 0 ? { "net.ipv4.ip_forward": "1", "net.ipv4.ip_default_ttl": "63" } : {},
      });
    case "time":
      return at.add({
        kind: "time",
        label: at.label("time"),
        owner,
        monotonic: { seconds: b % 3, nanoseconds: 0 },
        boottime: { seconds: (c % 3) * 1000, nanoseconds: d % 2 },
      });
    case "veth":
      return withNetwork ? addVeth(at, { a, b, c, d }) : undefined;
    case "device":
      return withNetwork ? addDevice(at, { a, b, c, d }) : undefined;
    case "netnsid": {
      const [from, to] = [pick(at.nets(), a), pick(at.nets(), b)];
      const isKnown = from?.netnsids.some(({ id, namespace }) => namespace === to?.label || id === 100 + (c % 5));
      if (withNetwork && from !== undefined && to !== undefined && from !== to && isKnown !== true)
        from.netnsids.push({ id: 100 + (c % 5), namespace: to.label });
      return;
    }
    case "fd": {
      const process = pick(at.processes, a);
      const node = pick(
        at.nodes.filter(({ kind }) => kind !== "pid"),
        b,
      );
      const fd = 10 + (c % 5);
      if (process === undefined || node === undefined || process.descriptors.some((known) => known.fd === fd)) return;
      process.descriptors.push({ fd, namespace: node.label });
      process.descriptors.sort((one, other) => one.fd - other.fd);
      return;
    }
    case "pin":
      return addPin(
        at,
        pick(
          at.nodes.filter(({ kind }) => kind !== "pid"),
          a,
        ),
        b,
      );
    case "unborn": {
      const process = pick(
        at.processes.filter(({ namespaces }) => namespaces.pid_for_children === undefined),
        a,
      );
      const [parent, user] = [process?.namespaces.pid, process?.namespaces.user];
      if (process === undefined || parent === undefined || user === undefined) return;
      // Only the user namespace of its pid namespace's owner is surely at or below that owner.
      const above = at.pids().find(({ label }) => label === parent);
      if (above !== undefined && !ownersUpwards(at, user).includes(above.owner)) return;
      const label = at.label("pid");
      at.add({ kind: "pid", label, owner: user, parent, state: "unborn" });
      process.namespaces.pid_for_children = label;
      return;
    }
    case "other time": {
      // Made by the process itself, in its own user namespace: nobody can join one for its children alone.
      const process = pick(
        at.processes.filter(({ namespaces }) => namespaces.time_for_children === undefined),
        a,
      );
      if (process === undefined) return;
      const label = at.label("time");
      const monotonic = { seconds: b % 3, nanoseconds: 0 };
      const boottime = { seconds: 1000 + (c % 3), nanoseconds: d % 2 };
      at.nodes.push({ kind: "time", label, owner: process.namespaces.user ?? "ambient:user", monotonic, boottime });
      process.namespaces.time_for_children = label;
    }
  }
}

/** Whether somebody in it has uid and gid 0. */
function hasRoot(at: Building, owner: Reference): boolean {
  const user = at.users().find(({ label }) => label === owner);
  return (
    user === undefined || [user.uidMap, user.gidMap].every((map) => map?.some(({ inside }) => inside === 0) === true)
  );
}

/** A few ids each, so that there is room below. */
const SIZES = [1, 5, 1000, 65_536];

function addUser(at: Building, { a, b, c, d }: Record<"a" | "b" | "c" | "d", number>): void {
  // Whoever makes one has an id in the parent: none has in one without a map.
  const parents = at.users().filter(({ label, uidMap }) => uidMap !== undefined && ownersUpwards(at, label).length < 5);
  const parent = pick<DraftUser | undefined>([undefined, ...parents], a);
  const [uids, gids] = [parent?.uidMap ?? [EVERYTHING], parent?.gidMap ?? [EVERYTHING]];
  const creator = pick(uids, b) ?? EVERYTHING;
  const hasMap = b % 5 !== 0;
  at.add({
    kind: "user",
    label: at.label("user"),
    owner: parent?.label ?? "ambient:user",
    creator: { uid: creator.inside + (c % Math.min(creator.count, 3)) },
    ...(hasMap ? { uidMap: slices(uids, c, d), gidMap: slices(gids, d, c) } : {}),
    setgroups: c % 4 === 0 || parent?.setgroups === "deny" ? "deny" : "allow",
    limits: d % 4 === 0 ? { net: 10 + (d % 7) } : {},
  });
}
const EVERYTHING: IdExtent = { inside: 0, outside: 0, count: 4_000_000 };

/** Up to seven extents into what the parent has, neither side overlapping: more than five come back sorted. */
function slices(parent: readonly IdExtent[], choice: number, size: number): IdExtent[] {
  const extents: IdExtent[] = [];
  let inside = choice % 2 === 0 ? 0 : 1000;
  for (const [nth, { inside: start, count }] of parent.slice(0, 7).entries()) {
    const parts = parent.length === 1 ? Math.min(1 + (choice % 7), Math.max(1, Math.floor(count / 2))) : 1;
    const room = Math.floor(count / (parts * 2));
    const taken = Math.max(1, Math.min(SIZES[(size + nth) % SIZES.length] ?? 1, room));
    for (let part = 0; part < parts && (part + 1) * 2 * taken <= count + taken; part += 1) {
      // Downwards, so that the outside is not in the order of the inside.
      const outside = start + (parts - 1 - part) * 2 * taken;
      if (outside + taken > start + count) continue;
      extents.push({ inside, outside, count: taken });
      inside += taken + (choice % 3);
    }
  }
  return extents;
}

/** A user namespace and those above it, `ambient:user` last. */
function ownersUpwards(at: Building, label: Reference): readonly Reference[] {
  const byLabel = new Map(at.users().map((user) => [user.label, user]));
  const chain: Reference[] = [];
  for (let next: Reference | undefined = label; next !== undefined; next = byLabel.get(next)?.owner) chain.push(next);
  return chain;
}

/** With its first process, unless it is to be a dead one, which a pin holds. */
function addPid(at: Building, { a, b, c }: Record<"a" | "b" | "c", number>): void {
  const parents = at.pids().filter(({ state, label }) => state === "alive" && pidsUpwards(at, label).length < 4);
  const parent = pick<DraftPid | undefined>([undefined, ...parents], a);
  const owners = at
    .users()
    .filter(({ label }) => parent === undefined || ownersUpwards(at, label).includes(parent.owner));
  const owner = pickOf<Reference>(
    parent?.owner ?? "ambient:user",
    owners.map(({ label }) => label),
    b,
  );
  const label = at.label("pid");
  const isDead = c % 6 === 0;
  const isUnborn = isDead && at.wish.network && a % 2 === 0;
  const node: DraftPid = {
    kind: "pid",
    label,
    owner,
    parent: parent?.label ?? "ambient:pid",
    state: isUnborn ? "unborn" : isDead ? "dead" : "alive",
    ...(!isDead && b % 5 === 0 && at.wish.pidMax && { pidMax: 400 + (a % 3) }),
  };
  at.add(node);
  at.numbers.set(label, 0);
  if (isDead) addPin(at, node, 0);
  else addProcess(at, label, { a: b, b: c, c: a });
}

/** The pid namespaces that number its processes, the outermost captured one first. */
function pidsUpwards(at: Building, label: Reference): readonly Reference[] {
  const byLabel = new Map(at.pids().map((node) => [node.label, node]));
  const chain: Reference[] = [];
  for (let node = byLabel.get(label); node !== undefined; node = byLabel.get(node.parent)) chain.unshift(node.label);
  return chain;
}

/** All 41 capabilities of Linux 5.9 and later. */
const EVERYTHING_ALLOWED = 0x1ff_ffff_ffffn;
const SETS = [0n, EVERYTHING_ALLOWED, 0x400n];
const digits = (bits: bigint): string => bits.toString(16).padStart(16, "0");
const NONE = digits(0n);

function addProcess(at: Building, pid: Reference, { a, b, c }: Record<"a" | "b" | "c", number>): void {
  const levels = pidsUpwards(at, pid);
  const isFirst = (at.numbers.get(pid) ?? -1) === 0;
  const numbers = levels.map((level) => {
    const number = level === pid && isFirst ? 1 : (at.numbers.get(level) ?? 1) + 1 + (a % 3);
    at.numbers.set(level, number);
    return number;
  });
  // Whoever made it numbers it: it is in this pid namespace, or in one above. The first process's parent is above.
  const above = new Set<Reference>(["ambient:pid", ...levels]);
  if (isFirst) above.delete(pid);
  const parents = at.processes.filter(
    ({ namespaces }) => above.has(namespaces.pid ?? "ambient:pid") && namespaces.pid_for_children === undefined,
  );
  const parent = pick<DraftProcess | undefined>([undefined, ...parents], b);
  const user = pickOf<Reference>(
    "ambient:user",
    at.users().map(({ label }) => label),
    c,
  );
  const node = at.users().find(({ label }) => label === user);
  const [uids, gids] = [ids(node, "uidMap", a), ids(node, "gidMap", b)];
  const most = node === undefined ? at.bounding : EVERYTHING_ALLOWED;
  const [bounding, set] = [EVERYTHING_ALLOWED, SETS[a % SETS.length] ?? 0n].map((bits) => digits(bits & most));
  const isOwn = parent === undefined || parent.namespaces.pid !== pid || levels.length === 0 || c % 2 === 0;
  const session = isOwn ? undefined : (parent.session ?? parent.numbers.at(-1));
  const label = at.label("process");
  at.processes.push({
    label,
    comm: `box-${a % 2}`,
    ...(parent === undefined ? {} : { parent: parent.label }),
    numbers,
    namespaces: {
      cgroup: "ambient:cgroup",
      ipc: flat(at, "ipc", a),
      mnt: flat(at, "mnt", b),
      net: flat(at, "net", c),
      pid,
      time: flat(at, "time", a + b),
      user,
      uts: flat(at, "uts", b + c),
    },
    credentials: {
      uid: uids,
      gid: gids,
      groups: [],
      capabilities: {
        inheritable: NONE,
        permitted: set ?? NONE,
        effective: set ?? NONE,
        bounding: bounding ?? NONE,
        ambient: NONE,
      },
      noNewPrivs: b % 4 === 0,
    },
    ...(levels.length === 0 && ledAtBoundary(at, { label, parent, a, c })),
    ...(session === undefined ? {} : { session, group: parent?.group ?? parent?.numbers.at(-1) ?? session }),
    descriptors: [],
  });
}

/** Where numbers are anybody's: by who leads, who may be elsewhere; or nothing is said. */
function ledAtBoundary(
  at: Building,
  { label, parent, a, c }: { label: string; parent: DraftProcess | undefined; a: number; c: number },
): Pick<ProcessNode, "session" | "group"> {
  if (c % 4 === 0) return {};
  const beside = at.processes.filter(({ namespaces }) => namespaces.pid === "ambient:pid");
  const byLabel = new Map(at.processes.map((known) => [known.label, known]));
  const above = (process: DraftProcess): readonly string[] =>
    process.parent === undefined ? [] : [process.parent, ...above(byLabel.get(process.parent) ?? process)];
  // Its parent's; that of somebody who has the same parent; or of somebody below it, if it came to it as an orphan.
  const leaders = beside.filter(
    (known) =>
      known.session === known.label &&
      (parent === undefined || known.parent === parent.label || above(known).includes(parent.label)),
  );
  const known = parent?.session ?? parent?.label;
  const inherited = typeof known === "string" && parent?.namespaces.pid === "ambient:pid" ? [known] : [];
  const session = pick([label, ...inherited, ...inherited, ...leaders.map((leader) => leader.label)], a) ?? label;
  if (session === label) return { session, group: label };
  const groups = beside.flatMap((other) => (other.session === session ? [String(other.group)] : []));
  return { session, group: pick([label, session, ...groups], a + c) ?? label };
}

const flat = (at: Building, kind: NamespaceKind, choice: number): Reference =>
  pickOf<Reference>(
    `ambient:${kind}`,
    (at.bySort.get(kind) ?? []).map(({ label }) => label),
    choice,
  );

function ids(user: DraftUser | undefined, map: "uidMap" | "gidMap", choice: number) {
  const extent = user === undefined ? EVERYTHING : pick(user[map] ?? [], choice);
  if (extent === undefined) return {};
  const id = extent.inside + (choice % Math.min(extent.count, 4));
  return { real: id, effective: id, saved: id, fs: id };
}

function addPin(at: Building, node: DraftNode | undefined, choice: number): void {
  if (node === undefined) return;
  // A mount namespace's file may be mounted in older ones only (fs/namespace.c mnt_ns_loop).
  const older = at.nodes.slice(0, node.kind === "mnt" ? at.nodes.indexOf(node) : undefined);
  const places = older.filter(({ kind }) => kind === "mnt").map(({ label }) => label);
  at.pins.push({
    namespace: node.label,
    in: pickOf<Reference>("ambient:mnt", places, choice),
    path: `/run/nsatlas-drawn/${at.label("pin")}`,
  });
}

function addVeth(at: Building, { a, b, c, d }: Record<"a" | "b" | "c" | "d", number>): void {
  const [one, other] = [pick(at.nets(), a), pick(at.nets(), b)];
  if (one === undefined || other === undefined || one === other) return;
  const [here, there] = [nextIndex(one, c), nextIndex(other, d)];
  const end = (net: DraftNet, index: number, peer: NetworkDevice["peer"]): NetworkDevice => ({
    index,
    name: `eth${index}`,
    sort: "veth",
    mtu: 1500 - (c % 3),
    mac: `02:00:00:00:${hex(at.nets().indexOf(net))}:${hex(index)}`,
    up: d % 2 === 0,
    ...(peer === undefined ? {} : { peer }),
    addresses: d % 2 === 0 ? [{ address: `10.${index}.0.${1 + (c % 200)}`, prefix: 24 }] : [],
  });
  one.devices.push(end(one, here, { namespace: other.label, index: there }));
  other.devices.push(end(other, there, { namespace: one.label, index: here }));
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    if (from.netnsids.some(({ namespace }) => namespace === to.label)) continue;
    from.netnsids.push({ id: from.netnsids.length, namespace: to.label });
  }
  const route: NetworkRoute = { to: "default", via: `10.${here}.0.254`, device: here, family: "inet" };
  if (d % 2 === 0 && c % 2 === 0 && one.routes.length === 0) one.routes.push(route);
}

function addDevice(at: Building, { a, b, c, d }: Record<"a" | "b" | "c" | "d", number>): void {
  const net = pick(at.nets(), a);
  if (net === undefined) return;
  const index = nextIndex(net, b);
  const device: NetworkDevice = {
    index,
    name: `br${index}`,
    sort: "bridge",
    mtu: 1500,
    mac: `02:01:00:00:${hex(at.nets().indexOf(net))}:${hex(index)}`,
    up: c % 2 === 0,
    addresses: [],
  };
  net.devices.push(device);
  const port = net.devices.findIndex(({ sort, master }) => sort === "veth" && master === undefined);
  const [old] = net.devices.slice(port);
  if (port >= 0 && old !== undefined && d % 2 === 0) net.devices[port] = { ...old, master: index };
}

const nextIndex = ({ devices }: DraftNet, choice: number): number => (devices.at(-1)?.index ?? 0) + 1 + (choice % 3);
const hex = (number: number): string => (number % 256).toString(16).padStart(2, "0");

/** A namespace that nothing leads to would end: a pin holds it. */
function holdTheRest(at: Building): void {
  const held = new Set<string>(at.pins.map(({ namespace }) => namespace));
  for (const { owner } of at.nodes) held.add(owner);
  for (const { parent } of at.pids()) held.add(parent);
  for (const { namespaces, descriptors } of at.processes) {
    for (const to of Object.values(namespaces)) held.add(to);
    for (const { namespace } of descriptors) held.add(namespace);
  }
  for (const node of at.nodes) if (!held.has(node.label)) addPin(at, node, 0);
}
