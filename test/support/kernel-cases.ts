import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld, processIn, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../src/kernel/call.ts";
import { IOCTL_CASES } from "../kernel-cases/all.ts";
import { carryOutRow } from "../kernel-cases/carry-out-row.ts";
import type { Expected } from "../kernel-cases/cases.ts";
import { drawn } from "./drawn-machine.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";

/** Runs all kernel cases on one kernel. `uid` is that of its first task. */
export function runKernelCases(openActor: () => Actor, uid: number, ...wanted: readonly Need[]): void {
  for (const { request, world, rows } of IOCTL_CASES) {
    describe(request, wanted.length === 0 ? {} : needs(...wanted), () => {
      let actor: Actor;
      let built: BuiltWorld;
      const askers = new Map<string, TaskName>();
      beforeAll(() => {
        actor = openActor();
        built = buildWorld(actor, drawn(world), uid);
        askers.clear();
      });
      afterAll(() => actor[Symbol.dispose]());
      const askerIn = (name: string): TaskName => {
        const asker = askers.get(name) ?? processIn(actor, built, name, taskName(`asker in ${name}`));
        askers.set(name, asker);
        return asker;
      };

      test.each(rows)("%s, asked by a process in %s", (about, by, gives) => {
        const asker = askerIn(by);
        expect(carryOutRow(actor, { asker, built, request, about })).toEqual(shownExpected(actor, gives));
      });
    });
  }
}

function shownExpected({ kernel }: Actor, gives: Expected): unknown {
  if (typeof gives === "string") return { name: gives, closeOnExec: true, readOnly: true };
  if (typeof gives === "number") return gives;
  // The running kernel does not say why.
  return kernel === "model" ? gives : { ok: false, errno: gives.errno };
}
