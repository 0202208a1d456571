import { describe, expect, test } from "vitest";
import { differ, differences, isUncertain } from "../../src/snapshot/compare/differences.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

const BOOT = "11111111-2222-3333-4444-555555555555";
const at = (more: Partial<Snapshot>, bootId: string | undefined = BOOT): Snapshot => {
  const base = snapshot(more);
  return { ...base, viewpoint: { ...base.viewpoint, ...(bootId !== undefined && { bootId }) } };
};
const user = namespace("user", 1);
const net = (more: Partial<NamespaceRecord> = {}) => ({ ...namespace("net", 2, { owner: 1 }), ...more });
const inNet = (pid: number, nth = 2) => process(pid, { namespaces: { net: idOf(nth) } });
const between = (before: Snapshot, after: Snapshot) => differences(indexSnapshot(before), indexSnapshot(after));

describe("two looks", () => {
  test("at the same show nothing", () => {
    const one = at({ namespaces: [net({ uniqueId: "7" })], processes: [inNet(10)] });
    const found = between(one, one);
    expect([differ(found), isUncertain(found)]).toEqual([false, false]);
  });
  test("tell a reused inode apart by the 64-bit id", () => {
    const found = between(at({ namespaces: [net({ uniqueId: "7" })] }), at({ namespaces: [net({ uniqueId: "8" })] }));
    expect([found.removed[0]?.uniqueId, found.added[0]?.uniqueId]).toEqual(["7", "8"]);
  });
  test("without ids, by another owner; a process that stayed says that it is the same; else nobody knows", () => {
    const owner = at({ namespaces: [user, net()] });
    const other = { ...net(), owner: { to: idOf(9) } };
    expect(between(owner, at({ namespaces: [user, namespace("user", 9, { parent: 1 }), other] })).removed).toHaveLength(
      1,
    );
    const stayed = at({ namespaces: [net()], processes: [inNet(10)] });
    expect(isUncertain(between(stayed, stayed))).toBe(false);
    const reborn = at({ namespaces: [net()], processes: [{ ...inNet(10), startTime: 5 }] });
    const found = between(stayed, reborn);
    expect([found.unsure.length, found.removed.length]).toEqual([1, 0]);
    expect(isUncertain(found)).toBe(true);
  });
  test("of two boots have nothing in common", () => {
    const one = at({ namespaces: [net({ uniqueId: "7" })], processes: [inNet(10)] });
    const found = between(one, { ...one, viewpoint: { ...one.viewpoint, bootId: BOOT.replace("1", "2") } });
    expect([found.sameBoot, found.removed.length, found.added.length, found.moved]).toEqual([false, 1, 1, []]);
  });
  test("show processes that moved, the last one that left, and pins that came", () => {
    const both = [net({ uniqueId: "7" }), { ...namespace("net", 3), uniqueId: "8" }];
    const before = at({ namespaces: both, processes: [inNet(10), inNet(11)] });
    const after = at({
      namespaces: both,
      processes: [inNet(10, 3)],
      pins: [{ namespace: idOf(2), path: "/run/netns/blue", mountId: 64 }],
    });
    const found = between(before, after);
    expect(found.moved).toMatchObject([{ process: { pid: 10 }, link: "net", from: idOf(2), to: idOf(3) }]);
    expect(found.changed).toMatchObject([
      { namespace: { id: idOf(2) }, members: { before: 2, after: 0 }, gained: [{ kind: "bind-mount" }], lost: [] },
      { namespace: { id: idOf(3) }, members: { before: 0, after: 1 } },
    ]);
  });
  test("compare no source that one of them left out, and say so", () => {
    const before = at({ namespaces: [net({ uniqueId: "7" })] });
    const coverage = before.coverage.map((row) =>
      row.source === "mount-tables" ? { ...row, skipped: { why: "unwanted" as const } } : row,
    );
    const pins = [{ namespace: idOf(2), path: "/run/netns/blue", mountId: 64 }];
    const found = between({ ...before, coverage }, { ...before, pins });
    expect([differ(found), found.notCompared, isUncertain(found)]).toEqual([false, ["mount-tables"], true]);
  });
});
