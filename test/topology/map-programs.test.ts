import { describe, expect, test } from "vitest";
import { allIds, taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { dryRun } from "../../src/topology/plan/dry-run.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import type { UserNode } from "../../src/topology/nodes.ts";
import type { Restorer } from "../../src/topology/plan/restorer.ts";
import type { Step } from "../../src/topology/plan/step.ts";
import { process, rootIn, topology, userIn } from "../support/topologies.ts";

const UID = 1000;
const NONE = "0".repeat(16);
const ordinary = rootIn({ uid: UID, gid: UID });
const ADA: Restorer = {
  privileged: false,
  opensUnborn: true,
  limitsPids: true,
  credentials: { ...ordinary, capabilities: { ...ordinary.capabilities, permitted: NONE, effective: NONE } },
};
const extent = (inside: number, outside: number, count: number) => ({ inside, outside, count });
const MAP = [extent(0, UID, 1), extent(1, 200_000, 1000)];

const image = (given: Partial<UserNode> = {}) =>
  topology({
    namespaces: [
      { ...userIn("box", "ambient:user", 0, 1, UID), uidMap: MAP, gidMap: MAP, ...given },
      userIn("inner", "box", 100, 10),
    ],
    processes: [process({ label: "one", namespaces: { user: "inner" }, credentials: rootIn({ uid: 3, gid: 4 }) })],
  });

/** The plan, carried out on the model by an ordinary user. */
function tried(given: Partial<UserNode>, { restorer = ADA, noNewPrivs = false } = {}) {
  const actor = new ModelActor();
  const plan = planRestore(image(given), restorer);
  actor.call(actor.first, { op: "clone", flags: 0, as: plan.first });
  if (restorer === ADA) {
    actor.call(plan.first, { op: "setresgid", ids: allIds(UID) });
    actor.call(plan.first, { op: "setresuid", ids: allIds(UID) });
    // As whoever logged in has it, who executed a program since.
    actor.call(plan.first, { op: "exec" });
  }
  if (noNewPrivs) actor.call(plan.first, { op: "set-no-new-privs" });
  return { ...dryRun(plan, actor), actor, plan };
}
const isMap = (step: Step) => step.do === "map";
const written = (steps: readonly Step[]): readonly string[] =>
  steps.filter(isMap).map((step) => `${step.for} ${step.through ?? step.file}`);
const refused = (refusals: ReturnType<typeof tried>["refusals"]): readonly string[] =>
  refusals.map(({ step, refused: { errno, reason } }) => `${step.do} ${step.for} ${errno} ${reason}`);

describe("an ordinary user's maps of more than the own id", () => {
  test("are written by newuidmap and newgidmap; those of what lies within, by whoever made it", () => {
    const { plan, refusals, actor } = tried({});
    expect(written(plan.steps)).toEqual(["box newuidmap", "box newgidmap", "inner uid_map", "inner gid_map"]);
    expect(refusals).toEqual([]);
    const one = actor.world.tasks.get(taskName("one"));
    expect(one?.credentials).toMatchObject({ ruid: 200_102, rgid: 200_103, effective: expect.any(BigInt) });
    const user = actor.world.namespaces.get(one?.credentials.user ?? actor.world.initial.user);
    const box = actor.world.namespaces.get(user?.parent ?? actor.world.initial.user)?.user;
    expect(box).toMatchObject({ uidMap: MAP, gidMap: MAP, setgroupsAllowed: true, creatorUid: UID });
    // Those who wrote are gone.
    expect([...actor.world.tasks.keys()].filter((name) => name.startsWith("new"))).toEqual([]);
  });

  test("setgroups is denied before, where the image says so", () => {
    const { plan, refusals } = tried({ setgroups: "deny" });
    expect(written(plan.steps)[0]).toBe("box setgroups");
    expect(refused(refusals).filter((line) => line.startsWith("map"))).toEqual([]);
  });

  test("one that maps the own id alone is the user's own to write, a gid's once setgroups is denied", () => {
    const own = [extent(5, UID, 1)];
    const given = { uidMap: own, gidMap: own };
    expect(written(tried({ ...given, setgroups: "deny" }).plan.steps).slice(0, 3)).toEqual([
      "box setgroups",
      "box uid_map",
      "box gid_map",
    ]);
    expect(refused(tried(given).refusals)).toContain("map box EPERM map-needs-setid");
  });

  test("one other id, too, takes the program; and none is needed by somebody with the capability", () => {
    const other = { uidMap: [extent(0, 200_000, 1)] };
    expect(written(tried(other).plan.steps)[0]).toBe("box newuidmap");
    const root: Restorer = { ...ADA, privileged: true, credentials: rootIn() };
    expect(written(tried({}, { restorer: root }).plan.steps).slice(0, 2)).toEqual(["box uid_map", "box gid_map"]);
  });

  test("under no_new_privs the set-user-ID bit does not count, and the kernel refuses the program's write", () => {
    const lines = refused(tried({}, { noNewPrivs: true }).refusals);
    expect(lines.slice(0, 2)).toEqual(["map box EPERM map-needs-setid", "map box EPERM map-needs-setid"]);
  });

  test("whom another made cannot be made by an ordinary user, and no program changes that", () => {
    expect(refused(tried({ creator: { uid: 0 } }).refusals)[0]).toBe("credentials box EPERM no-setid");
  });
});
