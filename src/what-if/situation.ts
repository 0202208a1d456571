import { KINDS } from "../abi/namespace-kinds.ts";
import { buildWorld } from "../kernel/build-world.ts";
import { taskName, type TaskName } from "../kernel/call.ts";
import type { DrawnNamespace } from "../kernel/drawing.ts";
import { ModelActor } from "../kernel/model/actor.ts";
import { NEWEST_RELEASE } from "../rules/release.ts";
import { linkTarget } from "../kernel/model/memberships.ts";
import type { NsKey, World } from "../kernel/model/world.ts";
import type { Snapshot } from "../snapshot/types.ts";
import type { Evidence } from "./seen/evidence.ts";
import { Names } from "./names.ts";

/** Where calls begin: a world, and what its namespaces are called. */
export interface Situation {
  readonly world: World;
  readonly names: Names;
  /** The process that sits in each drawn namespace, by the namespace's name; in the initial ones the first process. */
  readonly keepers: ReadonlyMap<string, TaskName>;
  /** Of a world that somebody saw: what answers rest on, and the snapshot. */
  readonly evidence?: Evidence;
  readonly snapshot?: Snapshot;
  /** What it was drawn as, where it was. */
  readonly drawn?: readonly DrawnNamespace[];
}

/**
 * A drawn world on a kernel, by default the newest that the model knows. As in a shell, 0, 1 and 2 of every process are
 * open. What is drawn empty is held by a descriptor of the first process; no other namespace is held by more than its
 * process, children and what it owns. Throws `BuildRefused` where the kernel does not allow the drawing.
 */
export function situationOf(drawn: readonly DrawnNamespace[], release: string = NEWEST_RELEASE): Situation {
  const actor = new ModelActor({ release });
  const { first } = actor;
  for (let fd = 0; fd <= 2; fd++) actor.call(first, { op: "open-other", what: "null" });
  const built = buildWorld(actor, drawn, 0);
  const empty = new Set(drawn.filter((one) => one.empty).map(({ name }) => name));
  const names = new Names();
  for (const kind of KINDS) names.add(actor.world.initial[kind], `${kind}:init`);
  for (const [name, fd] of built.fds) {
    const key = behindOf(actor.world, first, fd);
    if (key !== undefined) names.add(key, name);
    if (!empty.has(name)) actor.call(first, { op: "close", fd });
  }
  for (const name of empty) moveDown(actor, built.fds.get(name) ?? -1);
  reapAll(actor);
  return { world: withOwnNames(actor.world, built.keepers), names, keepers: built.keepers, drawn };
}

/** A world that a text says as it is: nothing is built. A namespace's own process is the one of the same name. */
export function situationSaid(world: World, said: ReadonlyMap<string, NsKey>): Situation {
  const names = new Names();
  const keepers = new Map<string, TaskName>();
  for (const [name, key] of said) {
    names.add(key, name);
    const keeper = name.endsWith(":init") ? world.first : taskName(name);
    if (world.tasks.has(keeper)) keepers.set(name, keeper);
  }
  return { world, names, keepers };
}

/** Each process is called what the drawing calls it, where a copy would be called as its parent is. */
function withOwnNames(world: World, keepers: ReadonlyMap<string, TaskName>): World {
  let { tasks } = world;
  for (const [name, keeper] of keepers) {
    const task = keeper === world.first ? undefined : tasks.get(keeper);
    if (task !== undefined) tasks = tasks.set(keeper, { ...task, comm: name, commandLine: [name] });
  }
  return { ...world, tasks };
}

/** The namespace that a descriptor of a process leads to. */
function behindOf(world: World, name: TaskName, fd: number) {
  const table = world.tasks.get(name)?.resources?.table;
  const file = table === undefined ? undefined : world.tables.get(table)?.descriptors.get(fd);
  const target = file === undefined ? undefined : world.files.get(file)?.target;
  return target?.type === "namespace" ? target.namespace : undefined;
}

/** What the first process keeps open is numbered from 3, whatever else was open while the world was built. */
function moveDown(actor: ModelActor, fd: number): void {
  const { first } = actor;
  actor.call(first, { op: "dup", fd });
  actor.call(first, { op: "close", fd });
}

/** Whoever helped to build is gone for good. */
function reapAll(actor: ModelActor): void {
  const { tasks } = actor.world;
  for (const { name, parent, ...task } of tasks.values()) {
    if (parent === undefined || linkTarget({ name, parent, ...task }, "mnt") !== undefined) continue;
    if (tasks.get(parent)?.memberships !== undefined) actor.call(parent, { op: "wait", child: name });
  }
}
