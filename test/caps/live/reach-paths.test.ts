import { readlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inodeOf, type NamespaceId } from "../../../src/abi/ids.ts";
import { can } from "../../../src/caps/can.ts";
import type { ReachStep } from "../../../src/caps/reach/path.ts";
import { reach, type ReachedNamespace } from "../../../src/caps/reach/reach.ts";
import { openLiveActor, type LiveActor } from "../../../src/kernel/live/actor.ts";
import type { Native } from "../../../src/kernel/live/native.ts";
import type { TaskName } from "../../../src/kernel/call.ts";
import type { SnapshotIndex } from "../../../src/snapshot/index-snapshot.ts";
import { needs } from "../../support/needs.ts";
import fc from "../../support/property.ts";
import { theAddon } from "../../support/the-addon.ts";
import { anyCrowd } from "./any-stage.ts";
import { made } from "./attempt.ts";
import { look } from "./look.ts";
import { buildStage, type Stage } from "./stage.ts";
import { shown } from "../../differential/shown.ts";
import { walk, type Walked } from "./walk.ts";

const WORLDS = Number(process.env["NSATLAS_RUNS"] ?? 10);
/** Below those that every holder keeps for itself. */
const OWN_DESCRIPTORS = 900;

/** Whether somebody is in a namespace, or its children would be. */
function isIn(pid: number, { namespace, kind }: Pick<ReachedNamespace, "namespace" | "kind">): boolean {
  const links = kind === "pid" || kind === "time" ? [kind, `${kind}_for_children`] : [kind];
  return links.some((link) => readlinkSync(`/proc/${pid}/ns/${link}`) === `${kind}:[${inodeOf(namespace)}]`);
}

/** Whether a refusal is for what the step took for granted, which is otherwise here. */
function wasSaid(stage: Stage, refused: NonNullable<Walked["refused"]>): boolean {
  return refused.step.assumed.some(({ what, of }) => what === "dumpable" && stage.undumpable.has(of));
}

/** Whether who stands at the end of a path has CAP_SYS_ADMIN there, by what is read of it then. */
async function isAdmin(native: Native, stage: Stage, by: TaskName, namespace: NamespaceId): Promise<boolean> {
  const everybody = [by, ...stage.people, ...stage.built.keepers.values()];
  const index = await look(native, stage.actor, everybody);
  const process = index.processes.get(stage.actor.pidOf(by));
  const answer = process && can(index, { process }, { capability: "CAP_SYS_ADMIN", namespace });
  return answer !== undefined && !("wanted" in answer) && answer.verdict === "yes";
}

/** Some keep the descriptors of everything that they were born with, as a careless program would. */
function letGoOfDescriptors(actor: LiveActor, people: readonly TaskName[]): void {
  for (const [nth, by] of people.entries()) {
    if (nth % 3 !== 2) made({ actor, by }, "close_range", [0, OWN_DESCRIPTORS, 0]);
  }
}

interface Counts {
  steps: number;
  longest: number;
  otherwise: number;
}

async function walkAll(native: Native, stage: Stage, index: SnapshotIndex, counts: Counts): Promise<void> {
  const { actor } = stage;
  for (const start of stage.people) {
    const process = index.processes.get(actor.pidOf(start));
    if (process === undefined) throw new Error(`${start} was not seen`);
    const answer = reach(index, { process });
    for (const one of answer.reached) {
      for (const [aim, path] of Object.entries({ inside: one.inside, admin: one.admin, look: one.look ?? null })) {
        if (path === null) continue;
        using walked = walk(stage, start, path);
        if (walked.refused !== undefined) {
          if (!wasSaid(stage, walked.refused))
            throw new Error(shown({ start, aim, one, path, refused: walked.refused }));
          counts.otherwise += 1;
          continue;
        }
        if (aim === "inside") expect([path, isIn(actor.pidOf(walked.by), one)]).toEqual([path, true]);
        // The shorter paths are the same again and again.
        if (aim === "admin" && path.length > 1) {
          expect([path, await isAdmin(native, stage, walked.by, one.namespace)]).toEqual([path, true]);
        }
        counts.steps += path.length;
        counts.longest = Math.max(counts.longest, path.length);
      }
    }
    expectUnshare(stage, start, answer.unshare);
  }
}

/** What it would make is as the answer says. */
function expectUnshare(
  stage: Stage,
  start: TaskName,
  { verdict, steps }: { readonly verdict: string; readonly steps: readonly ReachStep[] },
): void {
  using walked = walk(stage, start, steps);
  expect([start, verdict, walked.refused]).toEqual([start, verdict, undefined]);
}

describe("reach", { ...needs("root", "native", "user-namespaces"), timeout: 600_000 }, () => {
  test("each path is one that the running kernel lets throw-away processes go, and leads to what it says", async () => {
    const native = theAddon();
    using actor = openLiveActor(native, { privateMounts: true });
    const counts: Counts = { steps: 0, longest: 0, otherwise: 0 };
    await fc.assert(
      fc.asyncProperty(fc.noBias(anyCrowd), async (wish) => {
        const stage = buildStage(actor, wish);
        letGoOfDescriptors(actor, stage.people);
        const index = await look(native, actor, [...stage.people, ...stage.built.keepers.values()]);
        await walkAll(native, stage, index, counts);
      }),
      { numRuns: WORLDS },
    );
    expect(counts.steps).toBeGreaterThan(WORLDS);
    expect(counts.longest).toBeGreaterThan(1);
  });
});
