import { describe, expect, test } from "vitest";
import { hasCap, type Capability } from "../../../src/abi/capabilities.ts";
import { OPERATION_NAMES, operationOf, type OperationName } from "../../../src/caps/operations.ts";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";
import { ATTEMPTS } from "./attempts.ts";
import { capabilitiesIn, tryEach, type TriedEach } from "./try-each.ts";

/** Whether root here has it: the first of all people. */
function mayHave({ index, stage: { actor, people } }: TriedEach, capability: Capability): boolean {
  const root = people[0] === undefined ? undefined : index.processes.get(actor.pidOf(people[0]));
  return root?.status !== undefined && hasCap(BigInt(`0x${root.status.capabilities.effective}`), capability);
}

describe("each operation of can", { ...needs("root", "native", "user-namespaces"), timeout: 120_000 }, () => {
  test("is tried on the running kernel, which lets and refuses as the answers say", async () => {
    const native = theAddon();
    using actor = openLiveActor(native, { privateMounts: true });
    const result = await tryEach(native, actor);
    expect([...result.wrong.values()].flat()).toEqual([]);
    // A kernel may be built without some, and a container's root lack a capability that counts for all of the machine.
    const both = new Set(result.tally.bothWays);
    const hasAll = (name: OperationName): boolean =>
      capabilitiesIn(operationOf(name).needs).every((one) => mayHave(result, one));
    const oneSided = [...result.tally.rows.keys()].filter((name) => !both.has(name) && hasAll(name));
    expect(oneSided).toEqual([]);
    expect(both.size).toBeGreaterThanOrEqual(40);
  });

  test("has an attempt of its own", () => {
    expect(Object.keys(ATTEMPTS).toSorted()).toEqual(OPERATION_NAMES.toSorted());
  });
});
