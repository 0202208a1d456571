import { formatStatus, type ProcessStatus } from "../../procfs/status.ts";
import type { SeenCredentials, TaskName } from "../call.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { numberIn } from "./descriptors.ts";
import { shownGid, shownUid } from "./ids.ts";
import type { NsKey, Task, World } from "./world.ts";

type Shown = Pick<World, "namespaces">;

/** The credentials in /proc/PID/status: ids as the reader's user namespace numbers them, sets as they are. */
export function seenCredentials(world: Shown, reader: NsKey, { credentials }: Task): SeenCredentials {
  const uid = (id: number): number => shownUid(world, reader, id);
  const gid = (id: number): number => shownGid(world, reader, id);
  const { ruid, euid, suid, fsuid, rgid, egid, sgid, fsgid, groups } = credentials;
  const { inheritable, permitted, effective, bounding, ambient, noNewPrivs } = credentials;
  return {
    uid: { real: uid(ruid), effective: uid(euid), saved: uid(suid), fs: uid(fsuid) },
    gid: { real: gid(rgid), effective: gid(egid), saved: gid(sgid), fs: gid(fsgid) },
    groups: groups.map(gid),
    capabilities: { inheritable, permitted, effective, bounding, ambient },
    noNewPrivs,
  };
}

/** open, read and close of /proc/PID/status: anybody may. Source: fs/proc/array.c proc_pid_status. */
export function status(
  world: Pick<World, "namespaces" | "tasks">,
  caller: Task,
  of: TaskName,
): Outcome<{ status: SeenCredentials }> {
  const task = world.tasks.get(of);
  if (task === undefined) return refused("ENOENT", "no-such-process");
  return ok({ status: seenCredentials(world, caller.credentials.user, task) });
}

/** The text of the file, as far as the model knows it. */
export function statusText(world: World, viewer: Task, task: Task): string {
  const leader = world.tasks.get(task.leader);
  // Threads have no parent of their own.
  const parent = leader?.parent === undefined ? undefined : world.tasks.get(leader.parent);
  const seen = (of: Task): number => numberIn(of, viewer.pid) ?? 0;
  const inner = (of: Task): number[] => numbersFrom(of, viewer.pid);
  const record: ProcessStatus = {
    name: task.comm,
    state: task.memberships === undefined ? "Z" : "S",
    tgid: seen(leader ?? task),
    pid: seen(task),
    ppid: parent === undefined ? 0 : seen(parent),
    ...seenCredentials(world, viewer.credentials.user, task),
    nsTgid: inner(leader ?? task),
    nsPid: inner(task),
    threads: (leader?.threads.size ?? 0) + 1,
  };
  return formatStatus(record);
}

/** A task's numbers from one pid namespace down to its own. */
function numbersFrom({ numbers }: Task, pid: NsKey): number[] {
  const at = numbers.findIndex(({ ns }) => ns === pid);
  return numbers
    .slice(0, at + 1)
    .map(({ number }) => number)
    .toReversed();
}
