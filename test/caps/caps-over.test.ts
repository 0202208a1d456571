import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { CAPABILITIES, type Capability } from "../../src/abi/capabilities.ts";
import type { NamespaceId } from "../../src/abi/ids.ts";
import { capsOver, type CapsAnswer } from "../../src/caps/caps-over.ts";
import { viewOf } from "../../src/kernel/model/view.ts";
import { hasCapability } from "../../src/rules/has-capability.ts";
import type { SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../src/snapshot/types.ts";
import { anyPeopledWorld, peopled, type PeopledMachine } from "../support/peopled-machine.ts";
import { anyLoss, without } from "./less-evidence.ts";

const RUNS = Number(process.env["NSATLAS_RUNS"] ?? 100);

/** What each has in truth: the model's own rule. */
function truth(machine: PeopledMachine, who: ProcessRecord, namespace: NamespaceId): Set<Capability> {
  const view = viewOf(machine.actor.world);
  const { credentials } = machine.taskOf(who);
  const key = machine.keyOf(namespace);
  const governor = view.kind(key) === "user" ? key : view.owner(key);
  if (governor === undefined) throw new Error("every namespace has an owner");
  return new Set(CAPABILITIES.filter((capability) => hasCapability(view, credentials, governor, capability)));
}

const answerOf = (index: SnapshotIndex, pid: number, namespace: NamespaceId): CapsAnswer => {
  const process = index.processes.get(pid);
  const answer = process && capsOver(index, { process }, namespace);
  if (answer === undefined) throw new Error(`${pid} or ${namespace} is not there`);
  return answer;
};

/** What an answer says that is not so. */
function lies({ usable, possible }: CapsAnswer, has: ReadonlySet<Capability>): string[] {
  const said = new Set(usable);
  const open = new Set(possible);
  return CAPABILITIES.filter((one) => !open.has(one) && said.has(one) !== has.has(one));
}

describe("capsOver", () => {
  test("says what the kernel's rule says, of every process and namespace of a random world", async () => {
    let built = 0;
    await fc.assert(
      fc.asyncProperty(anyPeopledWorld, async ({ drawing, people }) => {
        const machine = peopled(drawing, people);
        built += 1;
        const index = await machine.seenBy();
        for (const process of index.snapshot.processes) {
          for (const { id } of index.snapshot.namespaces) {
            const answer = answerOf(index, process.pid, id);
            expect([answer.possible, answer.missing]).toEqual([[], []]);
            expect(new Set(answer.usable)).toEqual(truth(machine, process, id));
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(built).toBe(RUNS);
  });

  test("may come to not know where evidence is taken away piece by piece, and is never wrong", async () => {
    let unknown = 0;
    await fc.assert(
      fc.asyncProperty(
        anyPeopledWorld,
        fc.array(anyLoss, { minLength: 1, maxLength: 12 }),
        async ({ drawing, people }, losses) => {
          const machine = peopled(drawing, people);
          const whole = await machine.seenBy();
          for (const who of whole.snapshot.processes) {
            for (const { id } of whole.snapshot.namespaces) {
              const has = truth(machine, who, id);
              const kept = { pids: new Set([who.pid]), ids: new Set([id]) };
              let before = new Set<string>();
              for (let count = 1; count <= losses.length; count += 4) {
                const answer = answerOf(without(whole, losses.slice(0, count), kept), who.pid, id);
                expect(lies(answer, has)).toEqual([]);
                if (answer.possible.length > 0) expect(answer.missing).not.toEqual([]);
                // What was unknown with more evidence stays unknown with less.
                const open = new Set<string>(answer.possible);
                expect([...before].filter((one) => !open.has(one))).toEqual([]);
                before = open;
                unknown += answer.possible.length > 0 ? 1 : 0;
              }
            }
          }
        },
      ),
      { numRuns: Math.ceil(RUNS / 4) },
    );
    expect(unknown).toBeGreaterThan(0);
  });

  test("is not wrong for whoever looks from inside a container", async () => {
    await fc.assert(
      fc.asyncProperty(anyPeopledWorld, fc.nat(20), async ({ drawing, people }, nth) => {
        const machine = peopled(drawing, people);
        const viewer = machine.people[nth % Math.max(1, machine.people.length)];
        if (viewer === undefined) return;
        const index = await machine.seenBy(viewer);
        const own = machine.actor.world.tasks.get(viewer);
        for (const process of index.snapshot.processes) {
          const task = [...machine.actor.world.tasks.values()].find(
            (one) =>
              one.leader === one.name &&
              one.numbers.some(({ ns, number }) => ns === own?.pid && number === process.pid),
          );
          const first = task?.numbers.find(({ ns }) => ns === machine.actor.world.initial.pid);
          if (first === undefined) throw new Error(`nobody is ${process.pid}`);
          for (const { id } of index.snapshot.namespaces) {
            const has = truth(machine, { ...process, pid: first.number }, id);
            expect(lies(answerOf(index, process.pid, id), has)).toEqual([]);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
