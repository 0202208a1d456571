import type { NamespaceNode, ProcessNode, Topology } from "../../src/topology/topology.ts";
import { TOPOLOGY_FORMAT, TOPOLOGY_VERSION } from "../../src/topology/topology.ts";

export const ALL_CAPABILITIES = "1ffffffffff";
const NONE = "0";
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
});

export const topology = (given: {
  namespaces: readonly NamespaceNode[];
  processes?: readonly ProcessNode[];
  pins?: Topology["pins"];
}): Topology => ({
  format: TOPOLOGY_FORMAT,
  version: TOPOLOGY_VERSION,
  processes: [],
  pins: [],
  findings: [],
  ...given,
});

export const userIn = (label: string, owner: string, outside: number, count: number, uid = 0): NamespaceNode => ({
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
