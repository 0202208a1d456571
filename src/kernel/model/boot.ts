import { noOpenFiles } from "./open-files.ts";
import { NameMap, NumberMap, setOfNames, setOfNumbers } from "./persistent.ts";
import { ALL_CAPABILITIES } from "../../abi/capabilities.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import { taskName, type TaskName } from "../call.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { NEWEST_RELEASE } from "../../rules/release.ts";
import { CountedMap } from "./counted.ts";
import { Draft } from "./draft.ts";
import { FIRST_DYNAMIC_INODE } from "./numbering.ts";
import { everyLimit } from "./create.ts";
import { holdMemberships } from "./memberships.ts";
import { start } from "./processes.ts";
import type {
  FileKey,
  Fs,
  FsKey,
  Memory,
  MemoryKey,
  Table,
  TableKey,
  Namespace,
  Numbering,
  NsKey,
  Task,
  UserState,
  World,
} from "./world.ts";

/** How a machine of the model starts. */
export interface Machine {
  /** The kernel it behaves as. */
  readonly release?: string;
  /** "two": namespace files lie on two devices, on which inode numbers repeat. */
  readonly devices?: Numbering["devices"];
  /** The uid and gid of the first task; without privileges unless 0. */
  readonly uid?: number;
  /** The first task's capabilities: all that bound it for uid 0, none for others, unless said otherwise. */
  readonly capabilities?: bigint;
  /** What bounds the first task's capabilities: those that it has where they are said, else all. */
  readonly bounding?: bigint;
}

/** The first process of the machine. It makes no calls: like PID 1 it is only there. */
const INIT = taskName("init");
/** The task that calls are made by; everything else is cloned from it. */
export const FIRST = taskName("shell");

/** Half of threads-max, which grows with memory: as on a machine of 24 GiB. */
const INITIAL_LIMIT = 96_551;
/** As long as a machine has less than 32 CPUs. Source: kernel/pid.c PIDS_PER_CPU_DEFAULT. */
const INITIAL_PID_MAX = 32_768;

/** The initial user namespace maps every id to itself. */
const EVERY_ID = [{ inside: 0, outside: 0, count: 0xffffffff }] as const;
const INITIAL_USER: UserState = {
  creatorUid: 0,
  creatorGid: 0,
  uidMap: EVERY_ID,
  gidMap: EVERY_ID,
  projidMap: EVERY_ID,
  setgroupsAllowed: true,
  parentCouldSetfcap: true,
  limits: everyLimit(INITIAL_LIMIT),
  counts: new NameMap<string, number>(),
};
/** In the order of their ids, which are fixed since Linux 6.19. Source: include/uapi/linux/nsfs.h. */
const NUMBERED = ["ipc", "uts", "user", "pid", "cgroup", "time", "net", "mnt"] as const;
/** The user namespace owns the others. */
const USER_FIRST = ["user", "ipc", "uts", "pid", "cgroup", "time", "net", "mnt"] as const;

/** A machine that has just booted: the initial namespaces, process 1, and a first task as its child. */
export function boot(machine: Machine = {}): World {
  const { release = NEWEST_RELEASE, devices = "one" } = machine;
  const nothing = emptyWorld(release, devices);
  const draft = new Draft(nothing);
  const initial = initialNamespaces(draft);
  const init = firstProcess(draft, initial);
  const credentials = credentialsOf(initial.user, machine);
  const shell = start(draft, init, { credentials, memberships: {} }, { name: FIRST, parent: INIT });
  if (!shell.ok) throw new Error(`a booted machine refuses its first process: ${shell.errno}`);
  draft.put({ ...shell.value, comm: "shell", commandLine: ["shell"] });
  return { ...draft.world(), initial, first: FIRST };
}

function initialNamespaces(draft: Draft): Record<NamespaceKind, NsKey> {
  const initial: Partial<Record<NamespaceKind, NsKey>> = {};
  for (const kind of USER_FIRST) {
    const inode = inodeOf(draft.release, kind);
    const user = kind === "user" ? { user: INITIAL_USER } : {};
    // The machine itself holds them: they never end.
    initial[kind] = draft.hold(
      draft.create({ kind, owner: initial.user, ...inode, key: keyOf(kind), label: "init", ...user }),
    );
  }
  return initial as Record<NamespaceKind, NsKey>;
}

/** The number that a first namespace always has; none: the next free one. */
function inodeOf(release: string, kind: NamespaceKind): { inode?: number } {
  const isFixed = (kind !== "net" && kind !== "mnt") || hasChange(release, "initial-inodes-are-fixed");
  if (isFixed) return { inode: NAMESPACE_KINDS[kind].initialInode };
  // The files of /proc are numbered between the two, and all later namespaces behind them.
  return kind === "mnt" && !networkComesFirst(release) ? { inode: FIRST_DYNAMIC_INODE } : {};
}
const networkComesFirst = (release: string): boolean => hasChange(release, "first-network-comes-first");
/** As many as Debian's Linux 5.10 has at its start. */
const FILES_OF_PROC = 0x97;
const keyOf = (kind: NamespaceKind): number => NUMBERED.indexOf(kind) + 1;

function firstProcess(draft: Draft, initial: Record<NamespaceKind, NsKey>): Task {
  const { user, pid, time, ...flat } = initial;
  draft.hold(user);
  draft.hold(pid);
  const task: Task = {
    name: INIT,
    comm: "init",
    commandLine: ["/sbin/init"],
    cgroup: "/",
    startTime: 0,
    parent: undefined,
    children: setOfNames<TaskName>(),
    credentials: credentialsOf(user, {}),
    leader: INIT,
    threads: setOfNames<TaskName>(),
    resources: {
      table: draft.make(draft.tables, {
        descriptors: new NumberMap<number, FileKey>(),
        kept: setOfNumbers<number>(),
      }),
      fs: draft.make(draft.fss, { chrooted: false, mnt: flat.mnt, locked: false }),
      memory: draft.make(draft.memories, { dumpable: true, user }),
    },
    pid,
    numbers: [{ ns: pid, number: 1 }],
    memberships: holdMemberships(draft, { ...flat, pid_for_children: pid, time, time_for_children: time }),
  };
  draft.changePid(pid, {
    init: "alive",
    lastPid: 1,
    max: INITIAL_PID_MAX,
    tasks: new NumberMap<number, TaskName>().set(1, INIT),
  });
  draft.put(task);
  return task;
}

function credentialsOf(
  user: NsKey,
  { uid = 0, capabilities, bounding = capabilities ?? ALL_CAPABILITIES }: Machine,
): FullCredentials<NsKey> {
  const held = capabilities ?? (uid === 0 ? bounding : 0n);
  return {
    user,
    ruid: uid,
    euid: uid,
    suid: uid,
    fsuid: uid,
    rgid: uid,
    egid: uid,
    sgid: uid,
    fsgid: uid,
    groups: [],
    permitted: held,
    effective: held,
    inheritable: 0n,
    ambient: 0n,
    bounding,
    securebits: 0,
    noNewPrivs: false,
  };
}

const NONE = new NumberMap<NsKey, true>();

const firstFree = (release: string, devices: Numbering["devices"]): number =>
  networkComesFirst(release) || devices === "two" ? FIRST_DYNAMIC_INODE : FIRST_DYNAMIC_INODE + 1 + FILES_OF_PROC;

function emptyWorld(release: string, devices: Numbering["devices"]): World {
  return {
    release,
    namespaces: new CountedMap<NsKey, Namespace>(),
    ofKind: { cgroup: NONE, ipc: NONE, mnt: NONE, net: NONE, pid: NONE, time: NONE, user: NONE, uts: NONE },
    tasks: new NameMap<TaskName, Task>(),
    files: noOpenFiles(),
    tables: new CountedMap<TableKey, Table>(),
    fss: new CountedMap<FsKey, Fs>(),
    memories: new CountedMap<MemoryKey, Memory>(),
    // Filled by `boot` before anyone sees it.
    initial: {} as World["initial"],
    first: FIRST,
    numbering: { devices, nextInode: firstFree(release, devices), free: undefined },
    nextMount: 1,
    nextNamespace: NUMBERED.length + 1,
    ticks: 0,
  };
}
