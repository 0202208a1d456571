import { expect, test } from "vitest";
import { taskName } from "../../src/kernel/call.ts";
import { must } from "../../src/kernel/build-world.ts";
import { agreedCheckpoint, type RootsIn } from "../../src/topology/checkpoint/take.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { lookOf } from "../support/topology.ts";

const WORLD = "user:init\n  user:box";
const rootsOf =
  (machine: ReturnType<typeof drawnMachine>): RootsIn =>
  ({ snapshot }) =>
    snapshot.namespaces
      .filter(({ id }) => machine.nameOf(id) === "user:box")
      .map(({ id }) => ({ of: "namespace", id }));

/** A machine on which a process starts before each of the first so many looks. */
function changing(times: number) {
  const machine = drawnMachine(WORLD);
  let looks = 0;
  const look = () => {
    looks++;
    const keeper = machine.built.keepers.get("user:box");
    if (looks <= times && keeper !== undefined)
      must(machine.actor, keeper, { op: "clone", flags: 0, as: taskName(`one more ${looks}`) });
    return lookOf(machine);
  };
  return {
    looking: { look, tell: (seen: Awaited<ReturnType<typeof look>>) => seen },
    roots: rootsOf(machine),
    looks: () => looks,
  };
}

test("two looks that agree are enough", async () => {
  const { looking, roots, looks } = changing(0);
  expect(await agreedCheckpoint(looking, roots)).toMatchObject({ ok: true });
  expect(looks()).toBe(2);
});

test("what is not in an image may change between two looks", async () => {
  const { looking, roots, looks } = changing(0);
  let nth = 0;
  const look = async () => {
    const seen = await looking.look();
    nth++;
    return { ...seen, namespaces: seen.namespaces.map((record) => ({ ...record, existsSince: `2026-01-0${nth}` })) };
  };
  expect(await agreedCheckpoint({ ...looking, look }, roots)).toMatchObject({ ok: true });
  expect(looks()).toBe(2);
});

test("what changes is looked at until it holds still", async () => {
  const { looking, roots, looks } = changing(3);
  const taken = await agreedCheckpoint(looking, roots);
  expect(taken.ok && taken.topology.processes).toHaveLength(4);
  expect(looks()).toBe(4);
});

test("what never holds still is unstable, and what differs is named", async () => {
  const { looking, roots, looks } = changing(100);
  const taken = await agreedCheckpoint(looking, roots);
  expect(looks()).toBe(6);
  expect(taken).toMatchObject({ ok: false, looks: 6 });
  expect("after" in taken && taken.after).toMatch(/"label":"process-6"/);
});
