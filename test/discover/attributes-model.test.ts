import { expect, test } from "vitest";
import { withAttributes } from "../../src/discover/attributes.ts";
import { discover } from "../../src/discover/discover.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { parseWorld } from "../../src/kernel/model/text/parse-world.ts";
import { drawnMachine } from "../support/drawn-machine.ts";

const STAMP = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };

test("a drawn world tells the clocks of processes' children and the viewer's limits; nobody of ours can enter it", async () => {
  const { actor } = drawnMachine(`
    user:init
      user:box by 1000
    time:late of user:box
    net:blue of user:box empty
  `);
  const observer = new ModelObserver(() => actor.world, actor.first);
  const seen = await discover(observer, { attributes: true }, STAMP);
  if (!seen.ok) throw new Error(seen.errno);
  const { namespaces, coverage } = seen.value;
  const own = seen.value.viewpoint.namespaces;
  const of = (id: string | undefined) => namespaces.find((one) => one.id === id)?.attributes;
  expect(of(own.time)).toEqual({
    value: {
      of: "time",
      monotonic: { seconds: 0, nanoseconds: 0 },
      boottime: { seconds: 0, nanoseconds: 0 },
    },
  });
  expect(of(own.user)).toMatchObject({ value: { of: "user", limits: { net: expect.any(Number) } } });
  expect(of(own.cgroup)).toEqual({ value: { of: "cgroup", root: "/" } });
  expect(namespaces.filter(({ kind, attributes }) => kind === "net" && attributes !== undefined)).toEqual([]);
  expect(coverage.find(({ source }) => source === "interfaces")).toMatchObject({ unsupported: { errno: "ENOSYS" } });
});

test("offsets that a world's text gives are told, of one namespace alone where that is asked for", async () => {
  const parsed = parseWorld(TEXT);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  const [first] = parsed.world.tasks.keys();
  if (first === undefined) throw new Error("no task");
  const observer = new ModelObserver(() => parsed.world, first);
  const seen = await discover(observer, {}, STAMP);
  if (!seen.ok) throw new Error(seen.errno);
  const late = seen.value.namespaces.find(
    ({ id, kind }) => kind === "time" && id !== seen.value.viewpoint.namespaces.time,
  );
  if (late === undefined) throw new Error("no time namespace");
  const asked = withAttributes(observer, seen.value, { only: new Set([late.id]), enter: false, most: 10 });
  expect(asked.namespaces.filter(({ attributes }) => attributes !== undefined)).toEqual([
    {
      ...late,
      attributes: {
        value: {
          of: "time",
          monotonic: { seconds: -5, nanoseconds: 0 },
          boottime: { seconds: 86400, nanoseconds: 0 },
        },
      },
    },
  ]);
});

const TEXT = `
user:init
time:late
ns time:late monotonic -5 boottime 86400
task sleeper pid 9 in time:late
`;
