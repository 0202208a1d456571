import { hasCapability } from "../../rules/has-capability.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { viewOf } from "./view.ts";
import type { Fs, FsKey, Namespace, NsKey, Task } from "./world.ts";

interface Rooted {
  readonly namespaces: { get(key: NsKey): Namespace | undefined };
  readonly fss: { get(key: FsKey): Fs | undefined };
}

function rootOf({ fss }: Pick<Rooted, "fss">, task: Task): Fs {
  const root = fss.get(resourcesOf(task).fs);
  if (root === undefined) throw new Error(`the model lost the root of ${task.name}`);
  return root;
}

/** Whether a task's root lies in another mount namespace than its own. */
export const isRootElsewhere = (world: Pick<Rooted, "fss">, task: Task): boolean =>
  task.memberships !== undefined && rootOf(world, task).mnt !== task.memberships.mnt;

/** The mount namespace whose mounts a task finds below its root; undefined: it finds none. */
export function mountsFound(world: Rooted, task: Task): Namespace | undefined {
  if (task.memberships === undefined) return undefined;
  const { chrooted, mnt } = rootOf(world, task);
  return chrooted ? undefined : world.namespaces.get(mnt);
}

/** The folder that another root stands for is empty. */
export const mayFindFolders = (draft: Draft, caller: Task): Outcome<true> =>
  rootOf(draft, caller).chrooted ? refused("ENOENT", "no-such-file") : ok(true);

/**
 * Whether a task finds the machine's files where they are, /proc among them: a mount, which is gone where the mount namespace
 * of the root has ended, unless it is locked to what it is mounted on. Source: fs/namespace.c disconnect_mount.
 */
export function mayFindFiles(draft: Draft, caller: Task): Outcome<true> {
  const { chrooted, mnt, locked } = rootOf(draft, caller);
  const isThere = !chrooted && (draft.namespaces.has(mnt) || locked);
  return isThere ? ok(true) : refused("ENOENT", "no-such-file");
}

/** Whether anything can be mounted where a task's paths lead to. Source: fs/namespace.c do_lock_mount, check_mnt. */
export function mayMountThere(draft: Draft, caller: Task): Outcome<true> {
  if (!isRootElsewhere(draft, caller)) return ok(true);
  const isThere =
    draft.namespaces.has(rootOf(draft, caller).mnt) || !hasChange(draft.release, "gone-mounts-are-enoent");
  return isThere ? refused("EINVAL", "root-elsewhere") : refused("ENOENT", "root-elsewhere");
}

/** Whoever joins a mount namespace takes its root for root and cwd, for all who share them. Source: fs/namespace.c mntns_install. */
export function moveRoot(draft: Draft, fs: FsKey, mnt: NsKey): void {
  // Nobody but a sharer can be left with it.
  const locked = draft.fss.references(fs) > 1 && draft.namespace(mnt).mountsLocked;
  draft.fss.change(fs, { chrooted: false, mnt, locked });
}

/** Whoever gets a copy of its mounts goes along, where its root is one of them. Source: fs/namespace.c copy_mnt_ns. */
export function followMounts(draft: Draft, fs: FsKey, { from, to }: { from: NsKey; to: NsKey }): void {
  if (from !== to && draft.fss.get(fs).mnt === from) draft.fss.change(fs, { mnt: to });
}

/**
 * Before "failed-unshare-keeps-root", unshare moves the root that only its caller has into the mount namespace it makes before it
 * knows whether it will come to its end; where it does not, that namespace ends. Source: kernel/fork.c unshare_fs, ksys_unshare.
 */
export function leaveRoot(draft: Draft, caller: Task, mounts: NsKey): void {
  if (hasChange(draft.release, "failed-unshare-keeps-root")) return;
  const { fs } = resourcesOf(caller);
  if (draft.fss.references(fs) > 1 || isRootElsewhere(draft, caller)) return;
  draft.lasting.noteRoot(fs, { locked: draft.namespace(mounts).mountsLocked });
}

/** chroot(2). "/" is the root as it is: one that was another stays so. Source: fs/open.c chroot. */
export function chroot(draft: Draft, caller: Task, path: string): Outcome<number> {
  const found = path === "/" ? ok(true) : mayFindFolders(draft, caller);
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
  const there = mayMountThere(draft, caller);
  if (!there.ok) return there;
  if (rootOf(draft, caller).chrooted) return refused("EINVAL", "chrooted");
  // MS_REC: what is mounted below comes along, as mounts of its own (fs/namespace.c do_loopback, copy_tree).
  draft.renewBinds(caller.memberships.mnt);
  return ok(0);
}
