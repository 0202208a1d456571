import { describe, expect, test } from "vitest";
import { differ, differences, isUncertain } from "../../src/snapshot/compare/differences.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { Coverage, NamespaceRecord, Snapshot, Source } from "../../src/snapshot/types.ts";
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
    const later = { takenAt: "2026-01-02T03:04:06.000Z" };
    const reborn = at({ ...later, namespaces: [net()], processes: [{ ...inNet(10), startTime: 5 }] });
    const found = between(stayed, reborn);
    expect([found.unsure.length, found.removed.length]).toEqual([1, 0]);
    expect(isUncertain(found)).toBe(true);
  });
  test("that are one and the same leave no doubt, whatever nobody was in and had no id", () => {
    const one = at({ namespaces: [net()] });
    expect(isUncertain(between(one, structuredClone(one)))).toBe(false);
    expect(between(one, { ...one, takenAt: "2026-01-02T03:04:06.000Z" }).unsure).toHaveLength(1);
    const byAnother = { ...one, viewpoint: { ...one.viewpoint, pid: one.viewpoint.pid + 1 } };
    expect(between(one, byAnother).unsure).toHaveLength(1);
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

describe("where one look saw less", () => {
  const blue = { ...namespace("net", 3, { owner: 1 }), uniqueId: "9" };
  const both = at({
    namespaces: [net({ uniqueId: "7" }), blue],
    processes: [inNet(10), inNet(11, 3)],
    takenAt: "2026-01-02T03:04:05.000Z",
  });
  const without = (more: Partial<Snapshot> = {}) =>
    at({ namespaces: [net({ uniqueId: "7" })], processes: [inNet(10)], ...more });
  /** The same look with other words for some of its sources. */
  const read = (look: Snapshot, rows: Partial<Record<Source, Partial<Coverage>>>): Snapshot => ({
    ...look,
    coverage: look.coverage.map((row) => ({ ...row, ...rows[row.source] })),
  });
  const refused = { links: { asked: 1, refused: { EACCES: 1 } } } as const;
  const ids = (found: readonly NamespaceRecord[]) => found.map(({ id }) => id);

  test("what it may have missed is neither gone nor new", () => {
    const gone = between(both, read(without(), refused));
    expect([ids(gone.removed), ids(gone.maybeRemoved), gone.incomplete]).toEqual([[], [idOf(3)], ["links"]]);
    const come = between(read(without(), refused), both);
    expect([ids(come.added), ids(come.maybeAdded), come.incomplete]).toEqual([[], [idOf(3)], ["links"]]);
    for (const found of [gone, come]) expect([differ(found), isUncertain(found)]).toEqual([false, true]);
  });
  test("of what both were refused alike, the rest is compared, and that is told", () => {
    const found = between(read(both, refused), read(without(), refused));
    expect([ids(found.removed), found.maybeRemoved, found.incomplete]).toEqual([[idOf(3)], [], ["links"]]);
    const same = between(read(both, refused), read({ ...both, takenAt: "2027-01-02T03:04:05.000Z" }, refused));
    expect([differ(same), isUncertain(same)]).toEqual([false, true]);
  });
  test("sources that say nothing of it do not matter", () => {
    const found = between(both, read(without(), { sockets: { asked: 1, refused: { EPERM: 1 } } }));
    expect([ids(found.removed), found.incomplete]).toEqual([[idOf(3)], ["sockets"]]);
  });
  test.each(["unwanted", "costly", "older-format"] as const)("where a source was %s, likewise", (why) => {
    const held = at({
      namespaces: [net({ uniqueId: "7" }), blue],
      processes: [inNet(10)],
      descriptors: [{ pid: 10, fd: 3, what: "namespace", namespace: idOf(3) }],
    });
    const found = between(held, read(without(), { descriptors: { skipped: { why } } }));
    expect([ids(found.removed), ids(found.maybeRemoved)]).toEqual([[], [idOf(3)]]);
    const kept = { ...held, processes: [...held.processes, inNet(12, 3)] };
    const open = { ...kept, descriptors: [] };
    const lost = between(kept, read(open, { descriptors: { skipped: { why } } }));
    expect([lost.changed, isUncertain(lost)]).toEqual([[], true]);
    expect(between(kept, open).changed).toMatchObject([{ namespace: { id: idOf(3) }, lost: [{ kind: "descriptor" }] }]);
  });
  test("the last process has not left where processes may not be looked into", () => {
    const empty = at({ namespaces: both.namespaces, processes: [inNet(10)] });
    expect(between(both, empty).changed).toMatchObject([{ members: { before: 1, after: 0 } }]);
    expect(between(both, read(empty, refused)).changed).toEqual([]);
  });
  test("a parent that was seen by its child alone is as sure as the child", () => {
    const child = namespace("user", 5, { parent: 4 });
    const family = at({
      namespaces: [namespace("user", 4), child],
      processes: [process(10, { namespaces: { user: idOf(5) } })],
    });
    const found = between(family, read(at({}), refused));
    expect([ids(found.removed), ids(found.maybeRemoved)]).toEqual([[], [idOf(4), idOf(5)]]);
    expect(ids(between(family, at({})).removed)).toEqual([idOf(4), idOf(5)]);
  });
  test("what the kernel lists no more is gone, whatever else was refused", () => {
    const listing = { listing: { asked: 1, seen: 1 } } as const;
    const listed = { ...both, namespaces: both.namespaces.map((one) => ({ ...one, listed: true as const })) };
    const found = between(read(listed, listing), read(without(), { ...refused, ...listing }));
    expect(ids(found.removed)).toEqual([idOf(3)]);
  });
  test("processes that are hidden from one viewer and not from another have not ended", () => {
    const hiding = { processes: { notes: ["hidepid"] } } as const;
    const { viewpoint, ...hidden } = read(at({}), hiding);
    const asNobody = { ...viewpoint, uid: { real: 65534, effective: 65534 } };
    const found = between(read(both, hiding), { ...hidden, viewpoint: asNobody });
    expect([ids(found.removed), ids(found.maybeRemoved)]).toEqual([[], [idOf(2), idOf(3)]]);
    expect(ids(between(read(both, hiding), { ...hidden, viewpoint }).removed)).toEqual([idOf(2), idOf(3)]);
  });
  test("of two looks that read as much as is cheap, each may have missed what the other saw", () => {
    const cut = { links: { skipped: { why: "costly", count: 5 } } } as const;
    expect(ids(between(read(both, cut), read(without(), cut)).maybeRemoved)).toEqual([idOf(3)]);
  });
  test("from another pid and mount namespace, one thing has other numbers and paths, and is no difference", () => {
    const cgroup = (root: string) => ({
      ...namespace("cgroup", 4, { owner: 1 }),
      uniqueId: "9",
      attributes: { value: { of: "cgroup", root } as const },
    });
    const veth = (end?: NamespaceRecord) => {
      const peer = { index: 7, netnsid: 0, ...(end !== undefined && { namespace: end.id }) };
      const one = { index: 3, type: 1, flags: 0, state: "up", mtu: 1500, addresses: [], link: peer } as const;
      return net({ uniqueId: "7", attributes: { value: { of: "net", interfaces: [one], routes: [] } } });
    };
    const [mnt, pid] = [namespace("mnt", 5, { owner: 1 }), namespace("pid", 6, { owner: 1 })];
    const place = { namespace: idOf(3), path: "/run/netns/blue", mountId: 64 };
    const descriptor = { fd: 3, what: "namespace", namespace: idOf(3) } as const;
    const inside = at({
      namespaces: [veth(), blue, cgroup("/"), mnt, pid],
      processes: [inNet(10)],
      descriptors: [{ ...descriptor, pid: 10 }],
      pins: [place],
      names: [{ namespace: idOf(3), name: "blue" }],
    });
    const viewer = { ...inside.viewpoint, namespaces: { mnt: idOf(5), pid: idOf(6), cgroup: idOf(4) } };
    const outside = at({
      namespaces: [veth(blue), blue, cgroup("/box"), mnt, pid],
      processes: [inNet(4710)],
      descriptors: [{ ...descriptor, pid: 4710 }],
      pins: [{ ...place, mountNamespace: idOf(5) }],
    });
    const [one, other] = [{ ...inside, viewpoint: viewer }, outside];
    for (const found of [between(one, other), between(other, one)]) {
      expect([found.changed, found.moved, differ(found), isUncertain(found)]).toEqual([[], [], false, true]);
      expect(found.incomplete).toEqual(expect.arrayContaining(["descriptors", "threads"]));
    }
    const unpinned = { ...outside, pins: [] };
    expect(between(one, unpinned).changed).toMatchObject([
      { namespace: { id: idOf(3) }, lost: [{ kind: "bind-mount" }] },
    ]);
  });
  test("from another pid namespace, other processes are seen", () => {
    const elsewhere = without();
    const { viewpoint } = elsewhere;
    const found = between(both, { ...elsewhere, viewpoint: { ...viewpoint, namespaces: { pid: idOf(8) } } });
    expect(ids(found.maybeRemoved)).toEqual([idOf(3)]);
  });
});
