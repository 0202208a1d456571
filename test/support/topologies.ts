import type { UserNode } from "../../src/topology/nodes.ts";
import type { NamespaceNode, ProcessNode, Topology } from "../../src/topology/topology.ts";
import { TOPOLOGY_FORMAT, TOPOLOGY_VERSION } from "../../src/topology/topology.ts";

export const ALL_CAPABILITIES = "000001ffffffffff";
const NONE = "0000000000000000";
const same = (id: number) => ({ real: id, effective: id, saved: id, fs: id });

/** Whoever is root in a user namespace of its own, as far as nothing else is said. */
export const rootIn = (ids: { uid?: number; gid?: number } = {}): ProcessNode["credentials"] => ({
  uid: same(ids.uid ?? 0),
  gid: same(ids.gid ?? 0),
  groups: [],
  capabilities: {
    inheritable: NONE,
    permitted: ALL_CAPABILITIES,
    effective: ALL_CAPABILITIES,
    bounding: ALL_CAPABILITIES,
    ambient: NONE,
  },
  noNewPrivs: false,
});

export const process = (given: Partial<ProcessNode> & Pick<ProcessNode, "label" | "namespaces">): ProcessNode => ({
  comm: given.label,
  numbers: [],
  credentials: rootIn(),
  descriptors: [],
  ...given,
  namespaces: {
    cgroup: "ambient:cgroup",
    ipc: "ambient:ipc",
    mnt: "ambient:mnt",
    net: "ambient:net",
    pid: "ambient:pid",
    time: "ambient:time",
    user: "ambient:user",
    uts: "ambient:uts",
    ...given.namespaces,
  },
});

export const topology = (given: {
  namespaces: readonly NamespaceNode[];
  processes?: readonly ProcessNode[];
  pins?: Topology["pins"];
  findings?: Topology["findings"];
}): Topology => ({
  format: TOPOLOGY_FORMAT,
  version: TOPOLOGY_VERSION,
  processes: [],
  pins: [],
  findings: [],
  ...given,
});

export const userIn = (label: string, owner: string, outside: number, count: number, uid = 0): UserNode => ({
  label,
  kind: "user",
  owner,
  creator: { uid },
  uidMap: [{ inside: 0, outside, count }],
  gidMap: [{ inside: 0, outside, count }],
  setgroups: "allow",
  limits: {},
});

/** A pod in a pod: in each a user namespace that owns a pid namespace, with chosen numbers, and one who entered from above. */
export const nestedPods = (): Topology =>
  topology({
    namespaces: [
      userIn("outer", "ambient:user", 100_000, 65_536),
      userIn("inner", "outer", 1000, 1000, 5),
      { label: "pid-outer", kind: "pid", owner: "outer", parent: "ambient:pid", state: "alive" },
      { label: "pid-inner", kind: "pid", owner: "inner", parent: "pid-outer", state: "alive" },
    ],
    processes: [
      process({ label: "init-outer", numbers: [1], namespaces: { user: "outer", pid: "pid-outer" } }),
      process({
        label: "init-inner",
        parent: "init-outer",
        numbers: [33, 1],
        namespaces: { user: "inner", pid: "pid-inner" },
      }),
      process({
        label: "worker",
        parent: "init-inner",
        numbers: [40, 7],
        session: 1,
        namespaces: { user: "inner", pid: "pid-inner" },
        credentials: rootIn({ uid: 3, gid: 4 }),
      }),
      process({ label: "visitor", numbers: [50, 8], namespaces: { user: "outer", pid: "pid-inner" } }),
    ],
  });

/** As each network namespace begins with it. */
export const LOOPBACK = {
  index: 1,
  name: "lo",
  sort: "loopback",
  mtu: 65_536,
  up: false,
  addresses: [],
} as const;

/** What /proc/PID/status says of credentials, as an image has it. */
export function credentialsOf(status: string): ProcessNode["credentials"] {
  const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1] ?? "";
  const ids = (name: string) => {
    const [real = 0, effective = 0, saved = 0, fs = 0] = field(name).split(/\s+/).map(Number);
    return { real, effective, saved, fs };
  };
  const groups = field("Groups").split(" ").filter(Boolean).map(Number);
  return {
    uid: ids("Uid"),
    gid: ids("Gid"),
    groups,
    capabilities: {
      inheritable: field("CapInh"),
      permitted: field("CapPrm"),
      effective: field("CapEff"),
      bounding: field("CapBnd"),
      ambient: field("CapAmb"),
    },
    noNewPrivs: field("NoNewPrivs") === "1",
  };
}

/** Where a process stands that is in all of these. */
const inAll = (labels: Readonly<Record<string, string>>): ProcessNode["namespaces"] => labels;

/**
 * One namespace of each kind, memberships that cross, descriptors, and what is only for children.
 * `own`: the capabilities of whoever restores, for the process that stays where that one is.
 */
export const everyKind = (own: ProcessNode["credentials"]): Topology =>
  topology({
    namespaces: [
      userIn("box", "ambient:user", 200_000, 65_536, 1234),
      { label: "names", kind: "uts", owner: "box", hostname: "inside", domainname: "example.org" },
      { label: "names-2", kind: "uts", owner: "ambient:user", hostname: "outside" },
      {
        label: "messages",
        kind: "ipc",
        owner: "box",
        sysctls: { "kernel.shmmax": "1048576", "kernel.msgmax": "4096" },
      },
      { label: "net-1", kind: "net", owner: "box", devices: [LOOPBACK], routes: [], netnsids: [], sysctls: {} },
      {
        label: "net-2",
        kind: "net",
        owner: "ambient:user",
        devices: [LOOPBACK],
        routes: [],
        netnsids: [],
        sysctls: {},
      },
      { label: "mounts", kind: "mnt", owner: "box" },
      { label: "cgroups", kind: "cgroup", owner: "box" },
      {
        label: "clock",
        kind: "time",
        owner: "box",
        monotonic: { seconds: 3600, nanoseconds: 0 },
        boottime: { seconds: 7200, nanoseconds: 5 },
      },
      { label: "later", kind: "time", owner: "box", boottime: { seconds: 9, nanoseconds: 0 } },
      { label: "pids", kind: "pid", owner: "box", parent: "ambient:pid", state: "alive" },
      { label: "dead", kind: "pid", owner: "ambient:user", parent: "ambient:pid", state: "dead" },
      { label: "unborn", kind: "pid", owner: "box", parent: "ambient:pid", state: "unborn" },
    ],
    processes: [
      process({
        label: "one",
        numbers: [1],
        namespaces: inAll({
          user: "box",
          uts: "names",
          ipc: "messages",
          net: "net-1",
          mnt: "mounts",
          cgroup: "cgroups",
          time: "clock",
          pid: "pids",
        }),
        credentials: { ...rootIn({ uid: 7, gid: 8 }), groups: [3, 9], noNewPrivs: true },
      }),
      // In the user namespace of the machine, and in a network namespace of the box.
      process({ label: "across", namespaces: inAll({ net: "net-1", uts: "names-2" }), credentials: own }),
      process({
        label: "holder",
        namespaces: inAll({ user: "box", net: "net-2" }),
        descriptors: [
          { fd: 3, namespace: "net-2", closeOnExec: true },
          { fd: 17, namespace: "dead" },
        ],
      }),
      process({ label: "pending-time", namespaces: inAll({ user: "box", time_for_children: "later" }) }),
      process({ label: "pending-pid", namespaces: inAll({ user: "box", pid_for_children: "unborn" }) }),
    ],
  });

/** What an ordinary user can have made: a user namespace of one id, and all that it owns. */
export const rootlessPod = (uid: number): Topology => {
  const one = (label: string, owner: string, outside: number, by: number): NamespaceNode => ({
    label,
    kind: "user",
    owner,
    creator: { uid: by },
    uidMap: [{ inside: 0, outside, count: 1 }],
    gidMap: [{ inside: 0, outside, count: 1 }],
    setgroups: "deny",
    limits: {},
  });
  return topology({
    namespaces: [
      one("pod", "ambient:user", uid, uid),
      one("inner", "pod", 0, 0),
      { label: "pod-net", kind: "net", owner: "pod", devices: [LOOPBACK], routes: [], netnsids: [], sysctls: {} },
      { label: "pod-uts", kind: "uts", owner: "pod", hostname: "pod" },
      { label: "inner-uts", kind: "uts", owner: "inner", hostname: "inner" },
      { label: "pod-mnt", kind: "mnt", owner: "pod" },
      { label: "pod-pid", kind: "pid", owner: "pod", parent: "ambient:pid", state: "alive" },
      { label: "inner-pid", kind: "pid", owner: "inner", parent: "pod-pid", state: "alive" },
    ],
    processes: [
      process({
        label: "pause",
        numbers: [1],
        namespaces: inAll({ user: "pod", net: "pod-net", uts: "pod-uts", mnt: "pod-mnt", pid: "pod-pid" }),
      }),
      process({
        label: "web",
        parent: "pause",
        numbers: [20, 1],
        namespaces: inAll({ user: "inner", net: "pod-net", uts: "inner-uts", mnt: "pod-mnt", pid: "inner-pid" }),
      }),
      process({
        label: "web-worker",
        parent: "web",
        numbers: [21, 9],
        session: 1,
        group: 1,
        namespaces: inAll({ user: "inner", net: "pod-net", uts: "inner-uts", mnt: "pod-mnt", pid: "inner-pid" }),
      }),
    ],
  });
};
