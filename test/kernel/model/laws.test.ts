import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { boot } from "../../../src/kernel/model/boot.ts";
import { allocationsOf, step } from "../../../src/kernel/model/step.ts";
import { anyWish } from "../../support/arbitrary-calls.ts";
import { audit } from "../../support/audit.ts";
import { makesCalls, play } from "../../support/play-wishes.ts";

const sequences = fc.array(anyWish, { minLength: 5, maxLength: 80, size: "max" });

describe("whatever is called", () => {
  test("the counts of a world are those of what is in it", () => {
    fc.assert(
      fc.property(sequences, (wishes) => {
        for (const { after, caller, call } of play(wishes)) {
          expect(audit(after), `${caller} ${JSON.stringify(call)}`).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("an allocation that fails, whichever it is, fails the call and changes nothing", () => {
    fc.assert(
      fc.property(sequences, fc.constantFrom("ENOMEM", "ENOSPC"), (wishes, errno) => {
        for (const { world, caller, call } of play(wishes)) {
          const count = allocationsOf(world, caller, call);
          for (let at = 1; at <= count; at++) {
            const [after, outcome] = step(world, caller, call, { at, errno });
            expect(outcome).toEqual({ ok: false, errno, reason: "out-of-memory" });
            expect(after).toBe(world);
            expect(audit(after)).toEqual([]);
          }
          const [, outcome] = step(world, caller, call, { at: count + 1, errno });
          expect(outcome).toEqual(step(world, caller, call)[1]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("what has ended holds nothing: the machine is as it was at its start", () => {
    fc.assert(
      fc.property(sequences, (wishes) => {
        let world = boot();
        for (const { after } of play(wishes)) world = after;
        // What is mounted in the machine's own mount namespace stays, whoever ends.
        fc.pre(world.namespaces.get(world.initial.mnt)?.binds?.size === 0);
        for (const name of world.tasks.keys()) {
          const task = world.tasks.get(name);
          if (task?.memberships !== undefined && task.parent !== undefined && task.waitsFor === undefined) {
            [world] = step(world, name, { op: "exit" });
          }
        }
        // Whoever waited for a child of CLONE_VFORK goes on when that one has ended.
        for (let left = true; left;) {
          left = false;
          for (const name of world.tasks.keys()) {
            if (!makesCalls(world, name)) continue;
            [world] = step(world, name, { op: "exit" });
            left = true;
          }
        }
        expect([...world.tasks.keys()]).toEqual(["init"]);
        expect(new Set(world.namespaces.keys())).toEqual(new Set(Object.values(world.initial)));
        expect(world.files.size + world.tables.size + world.fss.size + world.memories.size).toBe(3);
      }),
      { numRuns: 200 },
    );
  });
});
