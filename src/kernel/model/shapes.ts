/** Records of a world with something changed: see `changedLike` for why each kind has a literal that names all of its fields. */
import { changedLike } from "../../rules/reserved.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Memberships, Namespace, PidState, Task, UserState, World } from "./world.ts";

export const changedNamespace = (namespace: Namespace, change: Partial<Namespace>): Namespace =>
  changedLike(namespace, change, copyOfNamespace);

const copyOfNamespace = (of: Namespace): Namespace => ({
  key: of.key,
  kind: of.kind,
  device: of.device,
  inode: of.inode,
  creator: of.creator,
  uniqueId: of.uniqueId,
  owner: of.owner,
  parent: of.parent,
  level: of.level,
  user: of.user,
  pid: of.pid,
  time: of.time,
  binds: of.binds,
  mountsLocked: of.mountsLocked,
  label: of.label,
});

export const changedUser = (state: UserState, change: Partial<UserState>): UserState =>
  changedLike(state, change, copyOfUser);

const copyOfUser = (of: UserState): UserState => ({
  creatorUid: of.creatorUid,
  creatorGid: of.creatorGid,
  uidMap: of.uidMap,
  gidMap: of.gidMap,
  projidMap: of.projidMap,
  setgroupsAllowed: of.setgroupsAllowed,
  parentCouldSetfcap: of.parentCouldSetfcap,
  limits: of.limits,
  counts: of.counts,
});

export const changedPid = (state: PidState, change: Partial<PidState>): PidState =>
  changedLike(state, change, copyOfPid);

const copyOfPid = ({ init, lastPid, max, tasks }: PidState): PidState => ({ init, lastPid, max, tasks });

/** What nobody saw of a task or its memberships is read here, and by that asked for. */
export const changedTask = (task: Task, change: Partial<Task>): Task => Object.assign(copyOfTask(task), change);

const copyOfTask = (of: Task): Required<Task> => ({
  name: of.name,
  comm: of.comm,
  commandLine: of.commandLine,
  cgroup: of.cgroup,
  startTime: of.startTime,
  parent: of.parent,
  children: of.children,
  credentials: of.credentials,
  leader: of.leader,
  threads: of.threads,
  resources: of.resources,
  pid: of.pid,
  numbers: of.numbers,
  waitsFor: of.waitsFor,
  awaitedBy: of.awaitedBy,
  endedDumpable: of.endedDumpable,
  memberships: of.memberships,
});

export const changedMemberships = (memberships: Memberships, change: Partial<Memberships>): Memberships =>
  Object.assign(copyOfMemberships(memberships), change);

const copyOfMemberships = (of: Memberships): Memberships => ({
  mnt: of.mnt,
  uts: of.uts,
  ipc: of.ipc,
  net: of.net,
  cgroup: of.cgroup,
  pid_for_children: of.pid_for_children,
  time: of.time,
  time_for_children: of.time_for_children,
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
