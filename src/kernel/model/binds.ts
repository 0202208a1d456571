import { hasCapability } from "../../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { fileAt } from "./descriptors.ts";
import { FOLDERS } from "./folders.ts";
import type { Draft } from "./draft.ts";
import { isRootElsewhere, mayFindFiles, mayMountThere } from "./roots.ts";
import { namespaceOf, viewOf } from "./view.ts";
import type { Bind, Namespace, NsKey, Task } from "./world.ts";

/** mount(2), MS_BIND, of an open namespace file. Source: fs/namespace.c do_loopback, mnt_ns_loop. */
export function bind(draft: Draft, caller: Task, { fd, path }: { fd: number; path: string }): Outcome<number> {
  // The file to mount over lies below a mount, /run; what is mounted is named under /proc, another one.
  const found = mayFindFiles(draft, caller);
  if (!found.ok) return found;
  if (!FOLDERS.has(dirname(path))) return refused("ENOENT", "no-such-file");
  const mnt = ownMounts(draft, caller);
  if (!mayMount(draft, caller, mnt)) return refused("EPERM", "no-admin-over-mounts");
  // By that name a place (O_PATH) does as well.
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return refused("ENOENT", "no-such-file");
  const { target } = file.value;
  const bound = target.type === "namespace" ? draft.namespace(target.namespace) : undefined;
  // A bind of a mount namespace in itself or a later one could keep itself alive. Ids tell the order.
  if (bound?.kind === "mnt" && bound.uniqueId <= mnt.uniqueId) return refused("EINVAL", "mount-namespace-loop");
  const there = mayMountThere(draft, caller);
  if (!there.ok) return there;
  if (bound === undefined) return refused("EINVAL", "not-a-namespace-file");
  if (FOLDERS.has(path)) return refused("ENOTDIR", "not-a-directory");
  draft.bind(mnt.key, { path, namespace: bound.key, locked: false });
  return ok(0);
}

/** umount2(2) of the topmost bind at a path. Source: fs/namespace.c ksys_umount. */
export function unbind(
  draft: Draft,
  caller: Task,
  { path, detach = true }: { path: string; detach?: boolean },
): Outcome<number> {
  // As above.
  const found = mayFindFiles(draft, caller);
  if (!found.ok) return found;
  const mnt = ownMounts(draft, caller);
  if (!mayMount(draft, caller, mnt)) return refused("EPERM", "no-admin-over-mounts");
  if (isRootElsewhere(draft, caller)) return refused("EINVAL", "root-elsewhere");
  const topmost = bindAt(mnt, path);
  if (topmost === undefined) return refused("EINVAL", "not-a-mount");
  if (topmost.locked) return refused("EINVAL", "mount-locked");
  if (!detach && isOpenThrough(draft, topmost)) return refused("EBUSY", "files-open-on-mount");
  draft.unbind(mnt.key, topmost);
  return ok(0);
}

const dirname = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

/** Whether a file that was opened through a mount is still open. */
const isOpenThrough = (draft: Draft, { mountId }: Bind): boolean => draft.files.map.countOf(mountId) > 0;

/** The bind mount that a path leads to: the last one made there covers the others. */
export const bindAt = (mnt: Namespace, path: string): Bind | undefined => mnt.binds?.topmost(path);

function ownMounts(draft: Draft, caller: Task): Namespace {
  if (caller.memberships === undefined) throw new Error(`${caller.name} has exited`);
  return namespaceOf(draft, caller.memberships.mnt);
}

function mayMount(draft: Draft, { credentials }: Task, { owner }: Namespace): boolean {
  return owner !== undefined && hasCapability<NsKey>(viewOf(draft), credentials, owner, "CAP_SYS_ADMIN");
}
