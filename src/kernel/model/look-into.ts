import { PIDFD_IOCTLS } from "../../abi/ioctls.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import { hasChange, hasSince } from "../../rules/kernel-changes.ts";
import { mayRead } from "../../rules/may-read.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { readTarget } from "./descriptors.ts";
import { linkTarget } from "./memberships.ts";
import { namespaceOf, viewOf } from "./view.ts";
import type { FileKey, NsKey, Task, World } from "./world.ts";

/**
 * The network namespace of another process's socket, as pidfd_getfd(2) and SIOCGSKNS tell it to a viewer who may trace the
 * process (PTRACE_MODE_ATTACH: as to read, by real ids) and has power over the namespace; else SO_NETNS_COOKIE, since Linux
 * 6.18 the namespace's id, tells its number; before, whether it is the viewer's own.
 */
export function socketNamespace(
  world: World,
  viewer: Task,
  { process, socket }: { process: Task; socket: FileKey },
): Outcome<{ readonly namespace: NsKey } | { readonly uniqueId: bigint }> {
  const view = viewOf(world);
  const may = mayRead(view, viewer.credentials, readTarget(world, viewer, process), "real");
  if (!may.ok) return refused("EPERM", may.reason);
  const target = world.files.get(socket)?.target;
  if (target?.type !== "socket") return refused("EBADF", "bad-descriptor");
  const { owner, uniqueId } = namespaceOf(world, target.net);
  if (owner !== undefined && hasCapability(view, viewer.credentials, owner, "CAP_NET_ADMIN")) {
    return ok({ namespace: target.net });
  }
  if (target.net === viewer.memberships?.net) return ok({ namespace: target.net });
  const tells = hasChange(world.release, "handles-of-namespaces");
  return tells ? ok({ uniqueId }) : refused("EPERM", "no-admin-over-network");
}

/** PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE: it gives one without a process too. Source: fs/pidfs.c pidfd_ioctl. */
export function pidForChildren(world: World, viewer: Task, task: Task): Outcome<NsKey> {
  const { since } = PIDFD_IOCTLS.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE;
  if (!hasSince(world.release, since)) return refused("ENOTTY", "call-unknown-to-kernel");
  const ns = task.memberships === undefined ? undefined : linkTarget(task, "pid_for_children");
  if (ns === undefined) return refused("ESRCH", "process-has-exited");
  const may = mayRead(viewOf(world), viewer.credentials, readTarget(world, viewer, task), "fs");
  return may.ok ? ok(ns) : may;
}

/** Whether a viewer may follow the links of a task's folder: root, ns, fd. */
export const mayLookInto = (world: World, viewer: Task, task: Task): Outcome<true> =>
  mayRead(viewOf(world), viewer.credentials, readTarget(world, viewer, task), "fs");
