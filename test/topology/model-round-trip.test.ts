import { expect, test } from "vitest";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { taskName, type TaskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { checkpoint } from "../../src/topology/checkpoint/checkpoint.ts";
import type { Root } from "../../src/topology/checkpoint/roots.ts";
import { lookFor } from "../../src/topology/checkpoint/take.ts";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import { dryRun } from "../../src/topology/plan/dry-run.ts";
import { planRestore, type Plan } from "../../src/topology/plan/plan.ts";
import type { Restorer } from "../../src/topology/plan/restorer.ts";
import type { NamespaceNode, Topology } from "../../src/topology/topology.ts";
import { anyTopology } from "../support/arbitrary-topology.ts";
import fc from "../support/property.ts";
import { rootIn } from "../support/topologies.ts";

const ROOT: Restorer = {
  privileged: true,
  opensUnborn: true,
  limitsPids: true,
  credentials: rootIn(),
};

/**
 * What the model knows of a topology: the namespaces that processes are in and all above those, owners, maps, numbers,
 * credentials. It has no file system to pin in, no host names, sysctls, interfaces or names of processes.
 */
function modelled(topology: Topology): Topology {
  const known = reachable(topology);
  return {
    ...topology,
    namespaces: topology.namespaces.filter(({ label }) => known.has(label)).map(withoutSettings),
    processes: topology.processes.map(({ session: _session, group: _group, ...process }) => ({
      ...process,
      comm: "",
      descriptors: [],
    })),
    pins: [],
  };
}

/** From the processes by membership, owner and parent. */
function reachable({ namespaces, processes }: Topology): ReadonlySet<string> {
  const byLabel = new Map(namespaces.map((node) => [node.label, node]));
  const open = processes.flatMap((process) => Object.values(process.namespaces));
  const known = new Set<string>();
  for (let label = open.pop(); label !== undefined; label = open.pop()) {
    const node = byLabel.get(label);
    if (node === undefined || known.has(label)) continue;
    known.add(label);
    open.push(node.owner, ...(node.kind === "pid" ? [node.parent] : []));
  }
  return known;
}

function withoutSettings(node: NamespaceNode): NamespaceNode {
  switch (node.kind) {
    case "uts":
      return { kind: "uts", label: node.label, owner: node.owner };
    case "ipc":
      return { kind: "ipc", label: node.label, owner: node.owner, sysctls: {} };
    case "time":
      return { kind: "time", label: node.label, owner: node.owner };
    case "net":
      return { ...node, devices: [], routes: [], netnsids: [], sysctls: {} };
    case "user":
      return { ...node, limits: {} };
    default:
      return node;
  }
}

/** As the deed "rest" does on the running kernel: a table of descriptors of their own, with nothing in it; the helpers end. */
function comeToRest(actor: ModelActor, plan: Plan, { processes }: Topology): void {
  const stay = new Set(processes.map(({ label }) => taskName(label)));
  const isThere = (name: TaskName): boolean => actor.world.tasks.get(name)?.memberships !== undefined;
  for (const name of stay) {
    actor.call(name, { op: "unshare", flags: CLONE_FLAGS.CLONE_FILES });
    for (let fd = 0; actor.call(name, { op: "close", fd }).ok; fd += 1);
  }
  const everybody = [plan.first, ...plan.steps.flatMap((step) => (step.do === "fork" ? [step.as] : []))];
  for (const name of everybody) if (!stay.has(name) && isThere(name)) actor.call(name, { op: "exit" });
  actor.call(actor.first, { op: "wait", child: plan.first });
}

/** What discovery finds in a world in which a plan was carried out. */
async function foundOf(topology: Topology): Promise<Topology> {
  const actor = new ModelActor();
  const plan = planRestore(topology, ROOT);
  actor.call(actor.first, { op: "clone", flags: 0, as: plan.first });
  const { refusals, open } = dryRun(plan, actor);
  expect({ refusals, open }).toEqual({ refusals: [], open: [] });
  comeToRest(actor, plan, topology);
  const roots = topology.processes.map(({ label }): Root => {
    const pid = actor.world.tasks.get(taskName(label))?.numbers.at(-1)?.number;
    if (pid === undefined) throw new Error(`${label} is not there`);
    return { of: "process", pid };
  });
  const observer = new ModelObserver(() => actor.world, actor.first);
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const seen = await lookFor(observer, { roots: () => roots, stamp, enter: true });
  if (!seen.ok) throw new Error(seen.errno);
  const taken = checkpoint(seen.value, roots);
  if (!taken.ok) throw new Error(taken.fault.why);
  return taken.topology;
}

test(
  "a thousand random topologies are built in the model as planned, found again, and the same",
  { timeout: 180_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(anyTopology({ steps: 20, network: false }), async (topology) => {
        fc.pre(topology.processes.length > 0);
        const found = await foundOf(topology);
        const differences = report(compareTopologies(modelled(topology), modelled(found)));
        expect(differences.filter(({ what }) => what !== "unread")).toEqual([]);
      }),
      { numRuns: Number(process.env["NSATLAS_RUNS"] ?? 1000), endOnFailure: true },
    );
  },
);
