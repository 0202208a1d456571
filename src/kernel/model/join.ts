import { ok, type Outcome } from "../../rules/outcome.ts";
import { maySetns } from "../../rules/setns.ts";
import { mayUnshareFlags } from "../../rules/unshare.ts";
import { create, creatorOf, fullCredentials } from "./create.ts";
import { behind, resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { changeMemberships, fill, SLOTS_OF_KIND } from "./memberships.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

/** setns(2) with the descriptor of a namespace file. Source: kernel/nsproxy.c setns. */
export function setns(draft: Draft, caller: Task, fd: number, nstype: number): Outcome<number> {
  const target = behind(draft, caller, fd);
  if (!target.ok) return target;
  const { credentials, pid } = caller;
  const joiner = { credentials, pid, threaded: false, sharesFs: false, sharesMemory: false };
  const may = maySetns(viewOf(draft), joiner, target.value.key, nstype);
  if (!may.ok) return may;
  const { kind, key } = target.value;
  if (kind === "user") enterUser(draft, caller, key);
  else changeMemberships(draft, caller, fill(SLOTS_OF_KIND[kind].joined, key));
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

/** unshare(2): all that the flags ask for, or nothing. Source: kernel/fork.c ksys_unshare. */
export function unshare(draft: Draft, caller: Task, flags: number): Outcome<number> {
  const may = mayUnshareFlags(creatorOf(draft, caller), flags);
  if (!may.ok) return may;
  const made = create(draft, caller, flags);
  if (!made.ok) return made;
  const moved = changeMemberships(draft, caller, made.value.memberships);
  if (made.value.credentials !== caller.credentials) {
    draft.hold(made.value.credentials.user);
    draft.letGo(caller.credentials.user);
    draft.put({ ...moved, credentials: made.value.credentials });
  }
  return ok(0);
}
