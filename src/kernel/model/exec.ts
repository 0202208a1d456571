import { executed } from "../../rules/fix-capabilities.ts";
import { changedCredentials } from "../../rules/full-credentials.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { commit } from "./commit.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { toKernelUid } from "./ids.ts";
import { changeMemberships } from "./memberships.ts";
import { endOtherThreads } from "./ends.ts";
import { copyTable, wake } from "./processes.ts";
import { changedTask } from "./shapes.ts";
import { freeze } from "./timens-offsets.ts";
import type { TableKey, Task } from "./world.ts";

/**
 * execve(2) of a program that anybody may read, without file capabilities: new memory, guarded by the
 * user namespace the process is in now; the time namespace for its children becomes its own (Linux 6.2); descriptors close, all but
 * those of dup(2); other threads end, and whoever made the call goes on as the first one.
 * `setuidRoot`: of a program with the set-user-ID bit that uid 0 of the caller's user namespace owns; the bit counts where
 * there is such a uid, and not under no_new_privs.
 * Source: fs/exec.c begin_new_exec, bprm_fill_uid; kernel/nsproxy.c exec_task_namespaces.
 */
export function exec(
  draft: Draft,
  caller: Task,
  { setuidRoot = false }: { setuidRoot?: boolean } = {},
): Outcome<number> {
  const alone = endOtherThreads(draft, caller);
  const { name, memberships, credentials } = alone;
  if (memberships === undefined) throw new Error(`${name} has exited`);
  const { table, fs, memory } = resourcesOf(alone);
  const root = toKernelUid(draft, credentials.user, 0);
  const sharesFs = draft.fss.references(fs) > 1;
  const asOfReal = !hasChange(draft.release, "exec-compares-new-ids");
  const setsId = setuidRoot && !credentials.noNewPrivs && root !== undefined && root !== credentials.euid;
  const begun = setsId ? changedCredentials(credentials, { euid: root }) : credentials;
  const after = executed(begun, { root, sharesFs, asOfReal, setsId });

  const dumpable = begun.euid === begun.ruid && begun.egid === begun.rgid;
  const resources = {
    fs: draft.fss.hold(fs),
    table: copyTable(draft, table),
    memory: draft.make(draft.memories, { dumpable, user: credentials.user }),
  };
  draft.letGoOfResources({ table, fs, memory });
  draft.put(changedTask(draft.task(name), { resources, awaitedBy: undefined }));
  wake(draft, alone);
  closeOnExec(draft, resources.table);
  const time = hasChange(draft.release, "exec-enters-time") ? memberships.time_for_children : memberships.time;
  if (memberships.time !== time) freeze(draft, time);
  const moved = changeMemberships(draft, draft.task(name), { time });
  commit(draft, moved, after);
  return ok(0);
}

function closeOnExec(draft: Draft, table: TableKey): void {
  const { descriptors, kept } = draft.tables.get(table);
  let left = descriptors;
  for (const [fd, file] of descriptors) {
    if (kept.has(fd)) continue;
    left = left.delete(fd);
    draft.letGoOfFile(file);
  }
  draft.tables.set(table, { descriptors: left, kept });
}
