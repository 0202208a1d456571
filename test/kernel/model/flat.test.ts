import { expect, test, vi } from "vitest";
import { machineOf, type Machine } from "../../../bench/model/pods.ts";
import { chance, names, SCENES, type Stage } from "../../../bench/model/scenes.ts";
import { Branch } from "../../../src/kernel/model/trie.ts";

const CALLS = 4000;

/** Branches that a call copies on the average, in a world of so many pods, while the programs of the benchmark play. */
function copiesPerCall({ actor, pods }: Machine): number {
  const random = chance(1);
  const counted = { calls: 0 };
  const stage: Stage = {
    first: actor.first,
    pods,
    fresh: names(),
    pick: (some) => {
      const picked = some[Math.floor(random() * some.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    call: (caller, call) => {
      counted.calls++;
      return actor.call(caller, call);
    },
  };
  const changes = [vi.spyOn(Branch.prototype, "with"), vi.spyOn(Branch.prototype, "withItem")];
  while (counted.calls < CALLS) stage.pick(SCENES)(stage);
  const copies = changes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  for (const change of changes) change.mockRestore();
  return copies / counted.calls;
}

// In time it is measured by `npm run bench -- model-calls`; here it is counted, so that it is the same on any machine.
test("a call touches hardly more of a world of 1,000 namespaces than of one of 50", () => {
  const [small, large] = [copiesPerCall(machineOf(5)), copiesPerCall(machineOf(100))];
  expect(small).toBeGreaterThan(1);
  expect(large / small).toBeLessThan(1.5);
});

test("a call that only looks gives the world it was given", () => {
  const { actor, pods } = machineOf(1);
  const before = actor.world;
  const of = pods[0]?.root ?? actor.first;
  for (const op of ["getpid", "getresuid", "getgroups", "get-dumpable"] as const) actor.call(of, { op });
  actor.call(actor.first, { op: "readlink", of, link: "net" });
  actor.call(actor.first, { op: "status", of });
  expect(actor.world).toBe(before);
});
