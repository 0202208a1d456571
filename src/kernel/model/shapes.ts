/**
 * Records of a world, copied with something changed. Each kind has one literal that names all of its fields, so that all
 * of its records have one shape in V8. A spread gives its copy a shape that no other spread gives: of a record that went
 * through several of them there are too many to expect, the next spread takes it apart field by field, at ten times the
 * cost, and whoever looks at a field has to search for it.
 */
import { changed, isReserved } from "../../rules/reserved.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Memberships, Namespace, PidState, Task, UserState, World } from "./world.ts";

export const changedNamespace = (namespace: Namespace, change: Partial<Namespace>): Namespace =>
  isReserved(namespace) ? changed(namespace, change) : Object.assign(namespaceLike(namespace), change);

/** A record like another, and of the shape that all have. */
export const namespaceLike = (like: Namespace): Namespace => ({
  key: like.key,
  kind: like.kind,
  device: like.device,
  inode: like.inode,
  creator: like.creator,
  uniqueId: like.uniqueId,
  owner: like.owner,
  parent: like.parent,
  level: like.level,
  user: like.user,
  pid: like.pid,
  time: like.time,
  binds: like.binds,
  label: like.label,
});

export const changedUser = (state: UserState, change: Partial<UserState>): UserState =>
  isReserved(state) ? changed(state, change) : Object.assign(userLike(state), change);

const userLike = (like: UserState): UserState => ({
  creatorUid: like.creatorUid,
  creatorGid: like.creatorGid,
  uidMap: like.uidMap,
  gidMap: like.gidMap,
  projidMap: like.projidMap,
  setgroupsAllowed: like.setgroupsAllowed,
  parentCouldSetfcap: like.parentCouldSetfcap,
  limits: like.limits,
  counts: like.counts,
});

export const changedPid = (state: PidState, change: Partial<PidState>): PidState =>
  isReserved(state) ? changed(state, change) : Object.assign(pidLike(state), change);

const pidLike = ({ init, lastPid, max, tasks }: PidState): PidState => ({ init, lastPid, max, tasks });

/** What nobody saw of a task or its memberships is read here, and by that asked for. */
export const changedTask = (task: Task, change: Partial<Task>): Task => Object.assign(taskLike(task), change);

const taskLike = (like: Task): Required<Task> => ({
  name: like.name,
  comm: like.comm,
  commandLine: like.commandLine,
  cgroup: like.cgroup,
  startTime: like.startTime,
  parent: like.parent,
  children: like.children,
  credentials: like.credentials,
  leader: like.leader,
  threads: like.threads,
  resources: like.resources,
  pid: like.pid,
  numbers: like.numbers,
  waitsFor: like.waitsFor,
  awaitedBy: like.awaitedBy,
  endedDumpable: like.endedDumpable,
  memberships: like.memberships,
});

export const changedMemberships = (memberships: Memberships, change: Partial<Memberships>): Memberships =>
  Object.assign(membershipsLike(memberships), change);

const membershipsLike = (like: Memberships): Memberships => ({
  mnt: like.mnt,
  uts: like.uts,
  ipc: like.ipc,
  net: like.net,
  cgroup: like.cgroup,
  pid_for_children: like.pid_for_children,
  time: like.time,
  time_for_children: like.time_for_children,
});

export function changedKinds<K extends NamespaceKind>(
  { cgroup, ipc, mnt, net, pid, time, user, uts }: World["ofKind"],
  kind: K,
  keys: World["ofKind"][K],
): World["ofKind"] {
  const kinds: { -readonly [Kind in NamespaceKind]: World["ofKind"][Kind] } = {
    cgroup,
    ipc,
    mnt,
    net,
    pid,
    time,
    user,
    uts,
  };
  kinds[kind] = keys;
  return kinds;
}
