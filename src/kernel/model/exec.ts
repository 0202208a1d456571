import { executed } from "../../rules/fix-capabilities.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { commit } from "./commit.ts";
import { isThreaded } from "./create.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { toKernelUid } from "./ids.ts";
import { changeMemberships } from "./memberships.ts";
import { persistentMap } from "./persistent.ts";
import { wake } from "./processes.ts";
import type { FileKey, MemoryKey, TableKey, Task } from "./world.ts";

/**
 * execve(2) of a program that anybody may read, without set-id bits and file capabilities: new memory, guarded by the
 * user namespace the process is in now; the time namespace for its children becomes its own; descriptors close.
 * Source: fs/exec.c begin_new_exec, kernel/nsproxy.c exec_task_namespaces.
 */
export function exec(draft: Draft, caller: Task): Outcome<number> {
  if (isThreaded(caller)) throw new Error(`${caller.name} has other threads: exec is for a process of one`);
  const { memberships, credentials } = caller;
  if (memberships === undefined) throw new Error(`${caller.name} has exited`);
  const { table, fs, memory } = resourcesOf(caller);
  const root = toKernelUid(draft, credentials.user, 0);
  const after = executed(credentials, { root, sharesFs: draft.fss.get(fs).references > 1 });

  // Every file of the model was opened with O_CLOEXEC.
  const descriptors = persistentMap<number, FileKey>();
  const dumpable = credentials.euid === credentials.ruid && credentials.egid === credentials.rgid;
  const resources = {
    fs: draft.fss.hold(fs),
    table: draft.tables.set(draft.newKey() as TableKey, { descriptors, references: 1 }),
    memory: draft.memories.set(draft.newKey() as MemoryKey, { dumpable, user: credentials.user, references: 1 }),
  };
  draft.letGoOfResources({ table, fs, memory });
  draft.put({ ...caller, resources, awaitedBy: undefined });
  wake(draft, caller);
  const moved = changeMemberships(draft, draft.task(caller.name), { time: memberships.time_for_children });
  commit(draft, moved, after);
  return ok(0);
}
