import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import type { Capability } from "../../src/abi/capabilities.ts";
import { capsOver } from "../../src/caps/caps-over.ts";
import { groundOf } from "../../src/caps/ground.ts";
import { CapabilityHolders } from "../../src/caps/holders-of.ts";
import { who } from "../../src/caps/who.ts";
import { anyPeopledWorld, peopled } from "../support/peopled-machine.ts";
import { anyLoss, without } from "./less-evidence.ts";
import { crowd } from "./crowd.ts";

const ASKED: readonly Capability[] = ["CAP_SYS_ADMIN", "CAP_KILL", "CAP_CHOWN"];

describe("who", () => {
  test("is caps asked of everybody, with all evidence and with less", async () => {
    await fc.assert(
      fc.asyncProperty(anyPeopledWorld, fc.array(anyLoss, { maxLength: 8 }), async ({ drawing, people }, losses) => {
        const machine = peopled(drawing, people);
        const index = without(await machine.seenBy(), losses, { pids: new Set(), ids: new Set() });
        for (const { id } of index.snapshot.namespaces) {
          for (const capability of ASKED) {
            const answer = who(index, capability, id);
            const sides = { yes: new Set<number>(), unknown: new Set<number>() };
            for (const process of index.snapshot.processes) {
              // Who has ended makes no use of what it has.
              if (process.zombie) continue;
              const one = capsOver(index, { process }, id);
              if (one?.usable.includes(capability) === true) sides.yes.add(process.pid);
              if (one?.possible.includes(capability) === true) sides.unknown.add(process.pid);
            }
            const pids = (groups: readonly { pids: readonly number[] }[] = []) => groups.flatMap(({ pids }) => pids);
            expect(pids(answer?.holders).toSorted((a, b) => a - b)).toEqual([...sides.yes].toSorted((a, b) => a - b));
            expect(pids(answer?.unknown).toSorted((a, b) => a - b)).toEqual(
              [...sides.unknown].toSorted((a, b) => a - b),
            );
          }
        }
      }),
    );
  });

  test("groups by name and by reason", async () => {
    const namespaces = [
      { name: "user:box", kind: "user", parent: "user:init", owner: "user:init", by: 1000, empty: false },
    ] as const;
    const somebody = { place: 0, gid: undefined, dumpable: true } as const;
    const machine = peopled(namespaces, [
      { ...somebody, uid: 1000, capabilities: "none" },
      { ...somebody, uid: 1001, capabilities: "none" },
    ]);
    const index = await machine.seenBy();
    const box = index?.snapshot.namespaces.find(
      ({ kind, creatorUid }) =>
        kind === "user" && creatorUid !== undefined && "value" in creatorUid && creatorUid.value === 1000,
    );
    if (index === undefined || box === undefined) throw new Error("it is drawn");
    const holders = who(index, "CAP_SETUID", box.id)?.holders.map(({ reason, uid, pids }) => [
      reason,
      uid,
      pids.length,
    ]);
    expect(holders).toEqual([
      ["own-namespace", 1000, 1],
      ["owner", 1000, 1],
      ["ancestor", 0, 1],
      ["ancestor", 0, 1],
    ]);
  });

  test("a machine of 20,000 processes and 2,000 namespaces is answered for all of them in under 2 s", () => {
    const index = crowd({ processes: 20_000, namespaces: 2_000, distinct: 2_000 });
    const start = performance.now();
    const ground = groundOf(index);
    const holders = new CapabilityHolders(index, "CAP_SYS_ADMIN");
    let found = 0;
    for (let node = 0; node < ground.nodes.length; node++) {
      for (const { people } of holders.over(node).groups) found += people.length;
    }
    expect(ground.nodes).toHaveLength(2_000);
    expect(found).toBeGreaterThan(100_000);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
