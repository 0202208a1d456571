import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { maySetns } from "../../rules/setns.ts";
import { CLONE_FLAGS } from "../../abi/constants.ts";
import { mayUnshareFlags, wants } from "../../rules/unshare.ts";
import { copyFs, copyTable } from "./processes.ts";
import { create, creatorOf, fullCredentials, isThreaded } from "./create.ts";
import { behind, resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { changeMemberships, fill, SLOTS_OF_KIND } from "./memberships.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

/** setns(2) with the descriptor of a namespace file. Source: kernel/nsproxy.c setns. */
export function setns(draft: Draft, caller: Task, fd: number, nstype: number): Outcome<number> {
  const target = behind(draft, caller, fd);
  if (!target.ok) return target;
  if (target.value === undefined) return refused("EINVAL", "not-a-namespace-file");
  const { credentials, pid } = caller;
  const { fs, memory } = resourcesOf(caller);
  const joiner = {
    credentials,
    pid,
    threaded: isThreaded(caller),
    sharesFs: draft.fss.get(fs).references > 1,
    sharesMemory: draft.memories.get(memory).references > 1,
  };
  const may = maySetns(viewOf(draft), joiner, target.value.key, nstype);
  if (!may.ok) return may;
  const { kind, key } = target.value;
  if (kind === "user") enterUser(draft, caller, key);
  else changeMemberships(draft, caller, fill(SLOTS_OF_KIND[kind].joined, key));
  // Joining a mount namespace takes its root as root and working directory.
  if (kind === "mnt") draft.fss.change(fs, { chrooted: false });
  return ok(0);
}

/**
 * A process that joins a user namespace whose creator it is not, nor of one on the way to it, is not dumpable any more.
 * Source: kernel/cred.c commit_creds.
 */
function enterUser(draft: Draft, caller: Task, user: NsKey): void {
  draft.hold(user);
  draft.letGo(caller.credentials.user);
  const owns = ownsOnTheWay(draft, caller, user);
  if (!owns) draft.memories.change(resourcesOf(caller).memory, { dumpable: false });
  draft.put({ ...caller, credentials: fullCredentials(caller.credentials, user) });
}

function ownsOnTheWay(draft: Draft, { credentials }: Task, user: NsKey): boolean {
  for (let at: NsKey | undefined = user; at !== undefined && at !== credentials.user;) {
    const { parent, user: state } = draft.namespace(at);
    if (parent === credentials.user) return state?.creatorUid === credentials.euid;
    at = parent;
  }
  return false;
}

const { CLONE_FS, CLONE_FILES } = CLONE_FLAGS;

/** What the task shared and shares no more: a new user or mount namespace wants a root and working directory of its own. */
function unshareResources(draft: Draft, caller: Task, flags: number): void {
  const { fs, table, memory } = resourcesOf(caller);
  const wantsFs = (flags & CLONE_FS) !== 0 || wants(flags, "user") || wants(flags, "mnt");
  const ownFs = wantsFs ? copyFs(draft, fs) : draft.fss.hold(fs);
  const ownTable = (flags & CLONE_FILES) !== 0 ? copyTable(draft, table) : draft.tables.hold(table);
  const resources = { fs: ownFs, table: ownTable, memory: draft.memories.hold(memory) };
  draft.letGoOfResources({ fs, table, memory });
  draft.put({ ...draft.task(caller.name), resources });
}

/** unshare(2): all that the flags ask for, or nothing. Source: kernel/fork.c ksys_unshare. */
export function unshare(draft: Draft, caller: Task, flags: number): Outcome<number> {
  const may = mayUnshareFlags(creatorOf(draft, caller), flags);
  if (!may.ok) return may;
  const made = create(draft, caller, flags);
  if (!made.ok) return made;
  unshareResources(draft, caller, flags);
  const moved = changeMemberships(draft, draft.task(caller.name), made.value.memberships);
  if (made.value.credentials !== caller.credentials) {
    draft.hold(made.value.credentials.user);
    draft.letGo(caller.credentials.user);
    draft.put({ ...moved, credentials: made.value.credentials });
  }
  return ok(0);
}
