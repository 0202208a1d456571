import { AllocationFailed, KernelFault } from "./allocation.ts";
import { maySetns2011 } from "../../rules/posted.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { TaskName } from "../call.ts";
import { hasChange, isSpecial } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { JOIN_ORDER, mayFollowFlags, maySetns, maySetnsPidfd, type Joiner } from "../../rules/setns.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import { mayUnshareFlags, wants } from "../../rules/unshare.ts";
import { copyFs, copyTable } from "./processes.ts";
import { commit } from "./commit.ts";
import { create, creatorOf, fullCredentials, isThreaded } from "./create.ts";
import { fileAt, readTarget, resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { followMounts, leaveRoot, moveRoot } from "./roots.ts";
import { changeMemberships, fill, SLOTS_OF_KIND } from "./memberships.ts";
import { changedTask } from "./shapes.ts";
import { freeze } from "./timens-offsets.ts";
import { viewOf } from "./view.ts";
import type { OpenFile, NsKey, Task } from "./world.ts";

/** setns(2). Source: kernel/nsproxy.c setns. */
export function setns(draft: Draft, caller: Task, fd: number, nstype: number): Outcome<number> {
  const file = fileAt(draft, caller, fd);
  if (isSpecial(draft.release, "setns-capability-first")) return setns2011(draft, caller, file, nstype);
  if (!file.ok) return file;
  if ((file.value.flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  const { target } = file.value;
  if (target.type === "pidfd") return follow(draft, caller, target.task, nstype);
  if (target.type !== "namespace") return refused("EINVAL", "not-a-namespace-file");
  const may = maySetns(viewOf(draft), joinerOf(draft, caller), target.namespace, nstype);
  if (!may.ok) return may;
  join(draft, caller, [target.namespace]);
  return ok(0);
}

function setns2011(draft: Draft, caller: Task, file: Outcome<OpenFile>, nstype: number): Outcome<number> {
  const open = file.ok ? file.value.target : undefined;
  const target = open?.type === "namespace" ? open.namespace : open === undefined ? undefined : "other";
  const who = { who: caller.credentials, initial: draft.initial.user };
  const may = maySetns2011<NsKey>(viewOf(draft), who, target, nstype);
  if (!may.ok) return may;
  try {
    if (typeof target === "number") join(draft, caller, [target]);
  } catch (error) {
    // The posted code hands what create_new_namespaces gave on to `install`, be it an error.
    if (error instanceof AllocationFailed) throw new KernelFault(`${error.errno} was taken for a set of namespaces`);
    throw error;
  }
  return ok(0);
}

/** The same with a pidfd: several kinds at once, of one process. Source: kernel/nsproxy.c validate_nsset. */
function follow(draft: Draft, caller: Task, name: TaskName, nstype: number): Outcome<number> {
  if (!hasChange(draft.release, "setns-takes-pidfds")) return refused("EINVAL", "not-a-namespace-file");
  const flags = mayFollowFlags(nstype);
  if (!flags.ok) return flags;
  const target = draft.tasks.get(name);
  if (target === undefined) return refused("ESRCH", "process-gone");
  const namespaces = ownNamespaces(target);
  const followed = { read: readTarget(draft, caller, target), namespaces };
  const may = maySetnsPidfd(viewOf(draft), joinerOf(draft, caller), followed, nstype);
  if (!may.ok) return may;
  if (namespaces === undefined) throw new Error("nobody follows a zombie");
  join(
    draft,
    caller,
    JOIN_ORDER.filter((kind) => wants(nstype, kind)).map((kind) => namespaces[kind]),
  );
  return ok(0);
}

function ownNamespaces({ memberships, pid, credentials }: Task): Record<NamespaceKind, NsKey> | undefined {
  if (memberships === undefined) return undefined;
  const { mnt, uts, ipc, net, cgroup, time } = memberships;
  return { mnt, uts, ipc, net, cgroup, time, pid, user: credentials.user };
}

function joinerOf(draft: Draft, caller: Task): Joiner<NsKey> {
  const { credentials, pid } = caller;
  const { fs, memory } = resourcesOf(caller);
  return {
    credentials,
    pid,
    threaded: isThreaded(caller),
    sharesFs: draft.fss.references(fs) > 1,
    strictFs: hasChange(draft.release, "shared-root-joins-no-mounts"),
    sharesMemory: draft.memories.references(memory) > 1,
  };
}

/** A new set of namespaces, from the caller's own, takes their places. Source: kernel/nsproxy.c prepare_nsset. */
function join(draft: Draft, caller: Task, targets: readonly NsKey[]): void {
  draft.allocate();
  for (const key of targets) {
    const { kind } = draft.namespace(key);
    const task = draft.task(caller.name);
    if (kind === "user") commit(draft, task, fullCredentials(task.credentials, key));
    else changeMemberships(draft, task, fill(SLOTS_OF_KIND[kind].joined, key));
    if (kind === "time") freeze(draft, key);
    if (kind === "mnt") moveRoot(draft, resourcesOf(task).fs, key);
  }
}

const { CLONE_FS, CLONE_FILES } = CLONE_FLAGS;

/** What the task shared and shares no more: a new user or mount namespace wants a root and working directory of its own. */
function unshareResources(draft: Draft, caller: Task, flags: number, mounts: NsKey | undefined): void {
  const { fs, table, memory } = resourcesOf(caller);
  const wantsFs = (flags & CLONE_FS) !== 0 || wants(flags, "user") || wants(flags, "mnt");
  const ownFs = wantsFs ? copyFs(draft, fs) : draft.fss.hold(fs);
  if (mounts !== undefined && caller.memberships !== undefined) {
    followMounts(draft, ownFs, { from: caller.memberships.mnt, to: mounts });
  }
  const ownTable = (flags & CLONE_FILES) !== 0 ? copyTable(draft, table) : draft.tables.hold(table);
  const resources = { fs: ownFs, table: ownTable, memory: draft.memories.hold(memory) };
  draft.letGoOfResources({ fs, table, memory });
  draft.put(changedTask(draft.task(caller.name), { resources }));
}

/** unshare(2): all that the flags ask for, or nothing. Source: kernel/fork.c ksys_unshare. */
export function unshare(draft: Draft, caller: Task, flags: number): Outcome<number> {
  const may = mayUnshareFlags(creatorOf(draft, caller), flags);
  if (!may.ok) return may;
  const made = create(draft, caller, flags, { onMounts: (mounts) => leaveRoot(draft, caller, mounts) });
  if (!made.ok) return made;
  unshareResources(draft, caller, flags, made.value.memberships.mnt);
  const moved = changeMemberships(draft, draft.task(caller.name), made.value.memberships);
  if (made.value.credentials !== caller.credentials) {
    commit(draft, moved, made.value.credentials);
  }
  return ok(0);
}
