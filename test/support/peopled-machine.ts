import fc from "./property.ts";
import { ALL_CAPABILITIES, capBit, type Capability } from "../../src/abi/capabilities.ts";
import { inodeOf, makedev, deviceTextOf, type NamespaceId } from "../../src/abi/ids.ts";
import { discover } from "../../src/discover/discover.ts";
import { BuildRefused, buildWorld, processIn, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { allIds, taskName, type TaskName } from "../../src/kernel/call.ts";
import type { DrawnNamespace } from "../../src/kernel/drawing.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import type { NsKey, Task } from "../../src/kernel/model/world.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../src/snapshot/types.ts";
import { anyDrawing } from "./arbitrary-drawing.ts";

/** Somebody in a drawn namespace, with ids and capabilities of its own. */
export interface Somebody {
  /** Counted around in the list of namespaces. */
  readonly place: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly capabilities: "all" | "none" | Capability;
  readonly dumpable: boolean;
}

const UIDS = [0, 1000, 1001] as const;
const SOME = [
  "CAP_SYS_ADMIN",
  "CAP_SYS_PTRACE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_NET_ADMIN",
  "CAP_SETUID",
  "CAP_SETGID",
] as const;
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
export const anySomebody: fc.Arbitrary<Somebody> = fc.record({
  place: fc.nat(20),
  uid: option(fc.constantFrom(...UIDS)),
  gid: option(fc.constantFrom(...UIDS)),
  capabilities: fc.constantFrom("all", "none", ...SOME),
  dumpable: fc.boolean(),
});

/** Worlds in which few uids make everything, so that who owns what is often somebody else who is there. */
export const anyPeopledWorld = fc.record({
  drawing: anyDrawing.map((namespaces) =>
    namespaces.map((one): DrawnNamespace => ({
      ...one,
      by: one.by === undefined ? undefined : UIDS[one.by % UIDS.length],
      // The first process of a pid namespace takes those below along.
      empty: one.empty && one.kind !== "pid",
    })),
  ),
  people: fc.array(anySomebody, { maxLength: 5 }),
});

/** Who comes later: in the viewer's numbers, with these capabilities and no others. */
export interface Added {
  readonly at: string;
  readonly uid: number | undefined;
  readonly capabilities: readonly Capability[];
}

export interface PeopledMachine {
  readonly actor: ModelActor;
  readonly built: BuiltWorld;
  readonly people: readonly TaskName[];
  /** One more process in a drawn namespace; undefined: the kernel does not let it be so. */
  add(one: Added): TaskName | undefined;
  /** What a process sees of it, ids and capabilities of all included. */
  seenBy(viewer?: TaskName): Promise<SnapshotIndex>;
  /** The task behind a record of what the first process saw. */
  taskOf(process: ProcessRecord): Task;
  keyOf(id: NamespaceId): NsKey;
}

/** As much of the drawing as the kernel allows, without what it refuses and what hangs from that. */
function build(drawing: readonly DrawnNamespace[]): { actor: ModelActor; built: BuiltWorld } {
  const actor = new ModelActor({});
  try {
    return { actor, built: buildWorld(actor, parentsFirst(drawing), 0) };
  } catch (error) {
    if (!(error instanceof BuildRefused) || error.drawn === undefined) throw error;
    const gone = new Set([error.drawn]);
    const left = parentsFirst(drawing).filter(({ name, parent, owner }) => {
      if (gone.has(name) || gone.has(parent ?? "") || gone.has(owner)) gone.add(name);
      return !gone.has(name);
    });
    return build(left);
  }
}

/** The world, built in the model as far as the kernel allows the drawing. */
export function peopled(drawing: readonly DrawnNamespace[], people: readonly Somebody[]): PeopledMachine {
  const { actor, built } = build(drawing);
  const places = [...built.keepers.keys()];
  const tasks = people.map((one, nth) =>
    settle(actor, built, { ...one, set: setOf(one.capabilities), at: places[one.place % places.length] ?? "", nth }),
  );
  return {
    actor,
    built,
    people: tasks.filter((task) => task !== undefined),
    add: ({ at, uid, capabilities }) => {
      const nth = actor.world.tasks.size;
      return settle(actor, built, { at, nth, uid, gid: undefined, set: setOf(capabilities), dumpable: true });
    },
    seenBy: (viewer = actor.first) => indexOf(actor, viewer),
    taskOf: (process) => taskWith(actor, process.pid),
    keyOf: (id) => keyWith(actor, id),
  };
}

interface Settling extends Pick<Somebody, "uid" | "gid" | "dumpable"> {
  readonly at: string;
  readonly nth: number;
  readonly set: bigint;
}

function setOf(capabilities: Somebody["capabilities"] | readonly Capability[]): bigint {
  if (capabilities === "all") return ALL_CAPABILITIES;
  if (capabilities === "none") return 0n;
  const list = typeof capabilities === "string" ? [capabilities] : capabilities;
  return list.reduce((set, one) => set | capBit(one), 0n);
}

function settle(
  actor: ModelActor,
  built: BuiltWorld,
  { at, nth, uid, gid, set, dumpable }: Settling,
): TaskName | undefined {
  let task: TaskName;
  try {
    task = processIn(actor, built, at, taskName(`somebody-${nth}`));
  } catch {
    return undefined;
  }
  // What is refused to it, it goes without.
  if (gid !== undefined) actor.call(task, { op: "setresgid", ids: allIds(gid) });
  // Some have capabilities and are not root.
  actor.call(task, { op: "set-keep-caps", keep: true });
  if (uid !== undefined) actor.call(task, { op: "setresuid", ids: allIds(uid) });
  const has = actor.world.tasks.get(task)?.credentials.permitted ?? 0n;
  actor.call(task, { op: "capset", effective: set & has, permitted: set & has });
  actor.call(task, { op: "set-dumpable", dumpable });
  return task;
}

/** A drawing may name a child before its parent, which building does not take. */
function parentsFirst(drawing: readonly DrawnNamespace[]): readonly DrawnNamespace[] {
  const left = new Map(drawing.map((one) => [one.name, one]));
  const ordered: DrawnNamespace[] = [];
  const add = (name: string | undefined): void => {
    const one = name === undefined ? undefined : left.get(name);
    if (one === undefined) return;
    left.delete(one.name);
    add(one.parent);
    add(one.owner);
    ordered.push(one);
  };
  for (const { name } of drawing) add(name);
  return ordered;
}

async function indexOf(actor: ModelActor, viewer: TaskName): Promise<SnapshotIndex> {
  const observer = new ModelObserver(() => actor.world, viewer);
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const snapshot = await discover(observer, { status: true }, stamp);
  if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
  return indexSnapshot(snapshot.value);
}

function taskWith(actor: ModelActor, pid: number): Task {
  for (const task of actor.world.tasks.values()) {
    if (task.leader !== task.name) continue;
    if (task.numbers.some(({ ns, number }) => ns === actor.world.initial.pid && number === pid)) return task;
  }
  throw new Error(`nobody has the number ${pid}`);
}

function keyWith(actor: ModelActor, id: NamespaceId): NsKey {
  const [major = 0, minor = 0] = deviceTextOf(id).split(":").map(Number);
  for (const { key, device, inode } of actor.world.namespaces.values()) {
    if (inode === Number(inodeOf(id)) && device === makedev({ major, minor })) return key;
  }
  throw new Error(`the world has no ${id}`);
}
