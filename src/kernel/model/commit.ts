import type { FullCredentials } from "../../rules/full-credentials.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { changedTask } from "./shapes.ts";
import { namespaceOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

type All = FullCredentials<NsKey>;

/**
 * Gives a task other credentials. Its process is not dumpable any more where effective or file system ids change, or
 * where it gains capabilities other than by owning the user namespace it goes to.
 * Source: kernel/cred.c commit_creds, cred_cap_issubset.
 */
export function commit(draft: Draft, caller: Task, after: All): void {
  const before = caller.credentials;
  const sameIds =
    before.euid === after.euid &&
    before.egid === after.egid &&
    before.fsuid === after.fsuid &&
    before.fsgid === after.fsgid;
  if (!sameIds || gains(draft, before, after)) {
    draft.memories.change(resourcesOf(caller).memory, { dumpable: false });
  }
  if (before.user !== after.user) {
    draft.hold(after.user);
    draft.letGo(before.user);
  }
  draft.put(changedTask(draft.task(caller.name), { credentials: after }));
}

function gains(draft: Draft, before: All, after: All): boolean {
  if (before.user === after.user) return (after.permitted & ~before.permitted) !== 0n;
  for (let at: NsKey | undefined = after.user; at !== undefined;) {
    const { parent, user } = namespaceOf(draft, at);
    if (parent === before.user && user?.creatorUid === before.euid) return false;
    at = parent;
  }
  return true;
}
