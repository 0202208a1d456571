import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { must, processIn } from "../../src/kernel/build-world.ts";
import { allIds, taskName } from "../../src/kernel/call.ts";
import type { Relation, Snapshot } from "../../src/snapshot/types.ts";
import { closeAll, drawnMachine, seenBy, type DrawnMachine } from "../support/drawn-machine.ts";

const NESTED = `
  user:init
    user:one by 1000
      user:two empty
        user:three
  pid:init
    pid:one of user:one
      pid:two of user:one
  net:box of user:two
  uts:box of user:three
`;

/** The same tests where inode numbers alone tell namespaces apart, and where they do not. */
describe.each(["one", "two"] as const)("discovery in a world of %s nsfs device(s)", (devices) => {
  const machine = (world: string): DrawnMachine => drawnMachine(world, { devices });

  test("finds every namespace from the initial ones, with owners and parents", async () => {
    const world = machine(NESTED);
    const snapshot = await world.seenFrom("user:init");
    expect(relations(world, snapshot)).toEqual(
      [
        ...KINDS.filter((kind) => kind !== "pid" && kind !== "user").map((kind) => `${kind}:init of user:init`),
        "net:box of user:two",
        "pid:init of user:init, parent EPERM parent-outside-view",
        "pid:one of user:one, parent pid:init",
        "pid:two of user:one, parent pid:one",
        "user:init of EPERM owner-outside-view, parent EPERM parent-outside-view",
        "user:one of user:init, parent user:init",
        "user:three of user:two, parent user:two",
        "user:two of user:one, parent user:one",
        "uts:box of user:three",
      ].toSorted(),
    );
  });

  test("a user namespace that only owns, and whose processes are gone, is found through what it owns", async () => {
    const world = machine("user:init\n  user:lone empty\nnet:box of user:lone empty");
    const { actor, built } = world;
    must(actor, actor.first, { op: "bind", fd: built.fds.get("net:box") ?? -1, path: "/run/pin" });
    closeAll(actor, built, actor.first);
    const snapshot = await seenBy(actor, actor.first);
    const lone = snapshot.namespaces.find(({ id }) => world.nameOf(id) === "user:lone");
    expect(lone?.maps).toEqual({ refused: "ENOENT", call: "openat", reason: "no-member-to-read-from" });
    expect(snapshot.processes.some(({ namespaces }) => namespaces.user === lone?.id)).toBe(false);
  });

  test("from inside a user namespace, what is outside has no owner to show", async () => {
    const world = machine(NESTED);
    const snapshot = await world.seenFrom("user:one");
    // The initial ones are the viewer's own; their owner is above its user namespace.
    expect(relations(world, snapshot)).toContain("net:init of EPERM owner-outside-view");
    expect(relations(world, snapshot)).toContain(
      "user:one of EPERM owner-outside-view, parent EPERM parent-outside-view",
    );
    // It is root in there, so it sees the processes below, but not those of the initial user namespace.
    expect(coverageOf(snapshot, "links").refused.EACCES).toBeGreaterThan(0);
    expect(relations(world, snapshot)).toContain("uts:box of user:three");
  });

  test("an ordinary user sees what the own processes are in, and how many refused", async () => {
    const world = machine(NESTED);
    const viewer = processIn(world.actor, world.built, "user:init", taskName("viewer"));
    must(world.actor, viewer, { op: "setresgid", ids: allIds(4711) });
    must(world.actor, viewer, { op: "setresuid", ids: allIds(4711) });
    closeAll(world.actor, world.built, viewer);
    const snapshot = await seenBy(world.actor, viewer);
    expect(relations(world, snapshot).every((line) => line.includes(":init of "))).toBe(true);
    const { asked, seen, refused } = coverageOf(snapshot, "links");
    expect(seen).toBe(1);
    expect(refused).toEqual({ EACCES: asked - 1 });
  });

  test("a network namespace kept by a bind mount alone is found by its pin and its name", async () => {
    const world = machine("user:init\nnet:blue");
    const { actor, built } = world;
    must(actor, actor.first, { op: "bind", fd: built.fds.get("net:blue") ?? -1, path: "/run/netns/blue" });
    must(actor, built.keepers.get("net:blue") ?? actor.first, { op: "exit" });
    closeAll(actor, built, actor.first);
    const snapshot = await seenBy(actor, actor.first);
    expect(relations(world, snapshot)).toContain("net:blue of user:init");
    expect(snapshot.pins.map(({ namespace, path }) => [world.nameOf(namespace), path])).toEqual([
      ["net:blue", "/run/netns/blue"],
    ]);
    expect(snapshot.names.map(({ namespace, name }) => [world.nameOf(namespace), name])).toEqual([
      ["net:blue", "blue"],
    ]);
    expect(snapshot.processes.some(({ namespaces }) => namespaces.net === snapshot.names[0]?.namespace)).toBe(false);
  });

  test("a namespace that nothing keeps is gone", async () => {
    const world = machine("user:init\nnet:blue\nuser:init\n  user:empty empty");
    const { actor, built } = world;
    must(actor, built.keepers.get("net:blue") ?? actor.first, { op: "exit" });
    closeAll(actor, built, actor.first);
    expect(relations(world, await seenBy(actor, actor.first)).filter((line) => !line.includes(":init of"))).toEqual([]);
    // Only the initial ones are left in the world as well.
    expect(actor.world.namespaces.size).toBe(KINDS.length);
  });

  test("what children will be in counts, and what they cannot be in yet is refused", async () => {
    const world = machine("user:init\npid:init\n  pid:box");
    const { actor, built } = world;
    must(actor, actor.first, { op: "setns", fd: built.fds.get("pid:box") ?? -1, nstype: 0 });
    closeAll(actor, built, actor.first);
    const own = (await seenBy(actor, actor.first)).viewpoint.namespaces;
    expect(world.nameOf(own.pid_for_children ?? "")).toBe("pid:box");
    expect(world.nameOf(own.pid ?? "")).toBe("pid:init");
  });

  test("maps are read through a member, in the viewer's own view", async () => {
    const world = machine("user:init\n  user:one by 1000");
    const maps = async (from: string): Promise<unknown> => {
      const snapshot = await world.seenFrom(from);
      const one = snapshot.namespaces.find(({ id }) => world.nameOf(id) === "user:one");
      return one?.maps !== undefined && "value" in one.maps
        ? { ...one.maps.value, readFrom: 0, inViewOf: world.nameOf(one.maps.value.inViewOf ?? "") }
        : one?.maps;
    };
    const whole = [{ inside: 0, outside: 0, count: 4294967295 }];
    const expected = { uid: whole, gid: whole, projid: [], setgroups: "allow", readFrom: 0 };
    expect(await maps("user:init")).toEqual({ ...expected, inViewOf: "user:init" });
    expect(await maps("user:one")).toEqual({ ...expected, inViewOf: "user:one" });
  });

  test("maps and traces that nobody asked for are not read, and coverage says so", async () => {
    const world = machine("user:init\n  user:one by 1000");
    const viewer = processIn(world.actor, world.built, "user:init", taskName("viewer"));
    const snapshot = await seenBy(world.actor, viewer, { maps: false, traces: false });
    expect(snapshot.namespaces.filter(({ maps, traces }) => maps !== undefined || traces !== undefined)).toEqual([]);
    const rows = snapshot.coverage.filter(({ source }) => source === "maps" || source === "cgroups");
    expect(rows).toMatchObject(rows.map(() => ({ asked: 0, skipped: { why: "unasked" } })));
    expect(rows.length).toBe(2);
  });

  test("coverage adds up for every source", async () => {
    const snapshot = await machine(NESTED).seenFrom("user:one");
    for (const { asked, seen, vanished, refused } of snapshot.coverage) {
      expect(asked).toBe(seen + vanished + Object.values(refused).reduce((sum, times) => sum + times, 0));
    }
  });
});

test("inode numbers that repeat on two devices make two scans, and coverage says why", async () => {
  const world = drawnMachine("user:init\nnet:a\nnet:b", { devices: "two" });
  const snapshot = await world.seenFrom("user:init");
  const nets = snapshot.namespaces.filter(({ kind }) => kind === "net").map(({ id }) => id);
  expect(new Set(nets).size).toBe(3);
  expect(new Set(nets.map((id) => id.slice(id.indexOf("/")))).size).toBe(2);
  expect(coverageOf(snapshot, "identities").notes).toEqual(["several-devices"]);
});

test("a dead process's zombie still shows its user and pid namespaces", async () => {
  const world = drawnMachine("user:init");
  const { actor } = world;
  const child = taskName("child");
  must(actor, actor.first, { op: "clone", flags: 0, as: child });
  must(actor, child, { op: "exit" });
  const zombie = (await seenBy(actor, actor.first)).processes.find((process) => process.zombie);
  expect(Object.keys(zombie?.namespaces ?? {})).toEqual(["pid", "user"]);
});

function relations(world: DrawnMachine, snapshot: Snapshot): string[] {
  const shown = (relation: Relation): string =>
    "to" in relation ? world.nameOf(relation.to) : `${relation.refused} ${relation.reason ?? ""}`;
  return snapshot.namespaces
    .map(({ id, owner, parent }) => {
      const above = parent === undefined ? "" : `, parent ${shown(parent)}`;
      return `${world.nameOf(id)} of ${shown(owner)}${above}`;
    })
    .toSorted();
}

function coverageOf(snapshot: Snapshot, source: string): Snapshot["coverage"][number] {
  const row = snapshot.coverage.find((row) => row.source === source);
  if (row === undefined) throw new Error(`no coverage of ${source}`);
  return row;
}
