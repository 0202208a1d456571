import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { Draft } from "./draft.ts";
import { changedMemberships, changedTask } from "./shapes.ts";
import type { Memberships, NsKey, Task } from "./world.ts";

/** The slots of a task's memberships, in one place: whatever holds or gives up memberships walks this list. */
export const SLOTS = [
  "mnt",
  "uts",
  "ipc",
  "net",
  "cgroup",
  "pid_for_children",
  "time",
  "time_for_children",
] as const satisfies (keyof Memberships)[];

export function holdMemberships(draft: Draft, memberships: Memberships): Memberships {
  for (const slot of SLOTS) draft.hold(memberships[slot]);
  return memberships;
}

export function letGoOfMemberships(draft: Draft, memberships: Memberships): void {
  for (const slot of SLOTS) draft.letGo(memberships[slot]);
}

/** With some changed; the same record where nothing does, so that the tasks of a container share one. */
export function moved(before: Memberships, change: Partial<Memberships>): Memberships {
  const after = changedMemberships(before, change);
  return SLOTS.every((slot) => after[slot] === before[slot]) ? before : after;
}

/** Puts a task into other namespaces: holds the new ones before it lets go of the old ones. */
export function changeMemberships(draft: Draft, task: Task, change: Partial<Memberships>): Task {
  if (task.memberships === undefined) throw new Error(`${task.name} has exited`);
  const before = task.memberships;
  const memberships = moved(before, change);
  const changed = SLOTS.filter((slot) => memberships[slot] !== before[slot]);
  for (const slot of changed) draft.hold(memberships[slot]);
  for (const slot of changed) draft.letGo(before[slot]);
  const next = changedTask(task, { memberships });
  draft.put(next);
  return next;
}

/** The namespace behind /proc/PID/ns/LINK; undefined where a zombie has left it. */
export function linkTarget(task: Task, link: ProcLink): NsKey | undefined {
  if (link === "user") return task.credentials.user;
  if (link === "pid") return task.pid;
  return task.memberships?.[link];
}

/** The slots that joining or making a namespace of a kind fills; user namespaces are credentials, not memberships. */
export const SLOTS_OF_KIND: Readonly<Record<Exclude<NamespaceKind, "user">, { joined: Slot[]; made: Slot[] }>> = {
  mnt: { joined: ["mnt"], made: ["mnt"] },
  uts: { joined: ["uts"], made: ["uts"] },
  ipc: { joined: ["ipc"], made: ["ipc"] },
  net: { joined: ["net"], made: ["net"] },
  cgroup: { joined: ["cgroup"], made: ["cgroup"] },
  // A task never changes its own pid namespace, and its own time namespace only by setns, fork or exec.
  pid: { joined: ["pid_for_children"], made: ["pid_for_children"] },
  time: { joined: ["time", "time_for_children"], made: ["time_for_children"] },
};
type Slot = keyof Memberships;

export function fill(slots: readonly Slot[], ns: NsKey): Partial<Memberships> {
  const filled: { -readonly [S in Slot]?: NsKey } = {};
  for (const slot of slots) filled[slot] = ns;
  return filled;
}
