import { discover } from "../../../src/discover/discover.ts";
import type { LiveActor } from "../../../src/kernel/live/actor.ts";
import { LiveObserver } from "../../../src/kernel/live/observer.ts";
import type { Native } from "../../../src/kernel/live/native.ts";
import type { TaskName } from "../../../src/kernel/call.ts";
import type { ScanWish } from "../../../src/kernel/observer.ts";
import { indexSnapshot, type SnapshotIndex } from "../../../src/snapshot/index-snapshot.ts";

/** The running kernel, of whose processes these alone are looked at: others come and go. */
class SomeProcesses extends LiveObserver {
  readonly #pids: Int32Array;
  constructor(native: Native, pids: readonly number[]) {
    super(native);
    this.#pids = Int32Array.from(pids.toSorted((a, b) => a - b));
  }
  override scan(wish: ScanWish) {
    return super.scan({ ...wish, pids: this.#pids });
  }
}

/** What we see of some tasks, and of the namespaces that they lead to. */
export async function look(native: Native, actor: LiveActor, tasks: Iterable<TaskName>): Promise<SnapshotIndex> {
  const observer = new SomeProcesses(
    native,
    [...new Set(tasks)].map((task) => actor.pidOf(task)),
  );
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const without = ["sockets", "mounts", "attributes"] as const;
  const snapshot = await discover(observer, { status: true, enter: false, without }, stamp);
  if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
  return indexSnapshot(snapshot.value);
}

/**
 * The same as an ordinary user sees it, who is refused most links: the effective ids of all our threads are that user's
 * meanwhile. For root.
 */
export async function lookAs(
  uid: number,
  native: Native,
  actor: LiveActor,
  tasks: Iterable<TaskName>,
): Promise<SnapshotIndex> {
  process.setegid?.(uid);
  process.seteuid?.(uid);
  try {
    return await look(native, actor, tasks);
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
