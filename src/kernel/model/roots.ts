import { hasCapability } from "../../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

/**
 * Whether a task finds the machine's files where they are. The folder that another root stands for is empty: below it
 * there is no /proc and nothing else.
 */
export const mayFindFiles = (draft: Draft, caller: Task): Outcome<true> =>
  draft.fss.get(resourcesOf(caller).fs).chrooted ? refused("ENOENT", "no-such-file") : ok(true);

/** chroot(2). "/" is the root as it is: one that was another stays so. Source: fs/open.c chroot. */
export function chroot(draft: Draft, caller: Task, path: string): Outcome<number> {
  const found = path === "/" ? ok(true) : mayFindFiles(draft, caller);
  if (!found.ok) return found;
  const { credentials } = caller;
  if (!hasCapability(viewOf(draft), credentials, credentials.user, "CAP_SYS_CHROOT")) {
    return refused("EPERM", "no-chroot");
  }
  if (path !== "/") draft.fss.change(resourcesOf(caller).fs, { chrooted: true });
  return ok(0);
}

/**
 * A new root for the mount namespace: the same tree, bound over a folder, becomes its root and the old one goes. Nobody is
 * chrooted by it. The root must be one that nothing outside shares. Source: fs/namespace.c pivot_root.
 */
export function pivotRoot(draft: Draft, caller: Task): Outcome<number> {
  if (caller.memberships === undefined) throw new Error(`${caller.name} has exited`);
  const { owner } = draft.namespace(caller.memberships.mnt);
  if (owner === undefined || !hasCapability<NsKey>(viewOf(draft), caller.credentials, owner, "CAP_SYS_ADMIN")) {
    return refused("EPERM", "no-admin-over-mounts");
  }
  // The caller's root is not where anything is mounted, or not the namespace's own.
  if (draft.fss.get(resourcesOf(caller).fs).chrooted) return refused("EINVAL", "chrooted");
  return ok(0);
}
