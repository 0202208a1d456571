import { expect, test } from "vitest";
import { taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { dryRun } from "../../src/topology/plan/dry-run.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import type { Restorer } from "../../src/topology/plan/restorer.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { nestedPods, rootIn } from "../support/topologies.ts";

const ROOT: Restorer = {
  privileged: true,
  opensUnborn: true,
  limitsPids: true,
  credentials: rootIn(),
};

function tried(topology: Topology) {
  const actor = new ModelActor();
  const plan = planRestore(topology, ROOT);
  actor.call(actor.first, { op: "clone", flags: 0, as: plan.first });
  return { ...dryRun(plan, actor), actor, plan };
}

test("nested user and pid namespaces: the model refuses nothing", () => {
  const { refusals, actor } = tried(nestedPods());
  expect(refusals).toEqual([]);
  const inner = actor.world.tasks.get(taskName("worker"));
  expect(inner?.numbers.map(({ number }) => number).slice(0, 2)).toEqual([7, 40]);
});
