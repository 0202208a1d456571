import { ALL_CAPABILITIES } from "../../src/abi/capabilities.ts";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { LINKS } from "../../src/abi/proc-links.ts";
import { allIds, taskName, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import type { FileHandle } from "../../src/rules/file-handle.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { flagsOf, type Pod } from "./pods.ts";

/** Who plays: makes calls on some kernel, and chooses by chance, the same choices in each run. */
export interface Stage {
  readonly first: TaskName;
  readonly call: (caller: TaskName, call: Call) => Outcome<Value>;
  /** One of several, evenly. */
  readonly pick: <T>(some: readonly T[]) => T;
  /** A name that no task had. */
  readonly fresh: () => TaskName;
  readonly pods: readonly Pod[];
}

/** What programs do, call after call. Each leaves the machine as populated as it was. */
export type Scene = (stage: Stage) => void;

const fdIn = (outcome: Outcome<Value>): number =>
  outcome.ok && typeof outcome.value === "number" ? outcome.value : -1;

/** As lsns and we do: root looks at a namespace of some process, its owner, its parents, its ids. */
const survey: Scene = ({ first, call, pick, pods }) => {
  const { root, sandbox, workers } = pick(pods);
  const of = pick([root, sandbox, pick(workers)]);
  const fd = fdIn(call(first, { op: "open", of, link: pick(LINKS) }));
  call(first, { op: "fstat", fd });
  call(first, { op: "ioctl", fd, request: "NS_GET_NSTYPE" });
  call(first, { op: "ioctl", fd, request: "NS_GET_ID" });
  const owner = fdIn(call(first, { op: "ioctl", fd, request: "NS_GET_USERNS" }));
  call(first, { op: "ioctl", fd: owner, request: "NS_GET_OWNER_UID" });
  const parent = fdIn(call(first, { op: "ioctl", fd, request: "NS_GET_PARENT" }));
  for (const opened of [parent, owner, fd]) call(first, { op: "close", fd: opened });
};

/** A program without privileges tries what it can. */
const probe: Scene = ({ call, pick, pods }) => {
  const { root, workers } = pick(pods);
  const by = pick(workers);
  const fd = fdIn(call(by, { op: "open", of: by, link: pick(LINKS) }));
  call(by, { op: "ioctl", fd, request: "NS_GET_USERNS" });
  call(by, { op: "setns", fd, nstype: 0 });
  call(by, { op: "open", of: root, link: "net" });
  call(by, { op: "unshare", flags: flagsOf("net") });
  call(by, { op: "status", of: root });
  call(by, { op: "getresuid" });
  call(by, { op: "dup", fd });
  call(by, { op: "fcntl", fd, command: "F_GETFD" });
  // Whatever has been opened, from its lowest descriptor up.
  for (const opened of [4, 5, 6]) call(by, { op: "close", fd: opened });
};

/** As nsenter does, by pidfd and by files. */
const enter: Scene = ({ first, call, pick, fresh, pods }) => {
  const { root, sandbox } = pick(pods);
  const by = fresh();
  call(first, { op: "clone", flags: 0, as: by });
  const pidfd = fdIn(call(by, { op: "pidfd_open", of: root, flags: 0 }));
  call(by, { op: "setns", fd: pidfd, nstype: flagsOf("user", "mnt", "net", "pid", "uts") });
  call(by, { op: "close", fd: pidfd });
  const fd = fdIn(call(by, { op: "open", of: sandbox, link: "net" }));
  call(by, { op: "setns", fd, nstype: flagsOf("net") });
  call(by, { op: "close", fd });
  call(by, { op: "setresgid", ids: allIds(0) });
  call(by, { op: "setresuid", ids: allIds(0) });
  const inside = fresh();
  call(by, { op: "clone", flags: 0, as: inside });
  call(inside, { op: "exec" });
  call(inside, { op: "getpid" });
  call(inside, { op: "exit" });
  call(by, { op: "wait", child: inside });
  call(by, { op: "exit" });
  call(first, { op: "wait", child: by });
};

/** As `unshare --map-root-user` does, by an ordinary user, and with what it may do then. */
const sandbox: Scene = ({ first, call, fresh }) => {
  const by = fresh();
  call(first, { op: "clone", flags: 0, as: by });
  call(by, { op: "setresgid", ids: allIds(1000) });
  call(by, { op: "setresuid", ids: allIds(1000) });
  call(by, { op: "set-dumpable", dumpable: true });
  call(by, { op: "unshare", flags: flagsOf("net") });
  call(by, { op: "unshare", flags: flagsOf("user", "mnt", "net") });
  call(by, { op: "write", of: by, file: "gid_map", text: "0 1000 1" });
  call(by, { op: "write", of: by, file: "setgroups", text: "deny" });
  call(by, { op: "write", of: by, file: "uid_map", text: "0 1000 1" });
  call(by, { op: "write", of: by, file: "gid_map", text: "0 1000 1" });
  call(by, { op: "setresuid", ids: allIds(0) });
  const fd = fdIn(call(by, { op: "open", of: by, link: "net" }));
  call(by, { op: "bind", fd, path: "/run/netns/own" });
  call(by, { op: "close", fd });
  call(by, { op: "close", fd: fdIn(call(by, { op: "open-path", path: "/run/netns/own" })) });
  call(by, { op: "unbind", path: "/run/netns/own" });
  call(by, { op: "exit" });
  call(first, { op: "wait", child: by });
};

/** As a container runtime does for the machine's root. */
const run: Scene = ({ first, call, fresh }) => {
  const [root, child] = [fresh(), fresh()];
  call(first, { op: "clone", flags: flagsOf("pid", "mnt", "net", "uts", "ipc", "cgroup"), as: root });
  call(root, { op: "pivot-root" });
  call(root, { op: "drop-bounding", capability: "CAP_SYS_MODULE" });
  call(root, { op: "setgroups", groups: [10, 20] });
  call(root, { op: "setresgid", ids: allIds(1000) });
  call(root, { op: "setresuid", ids: allIds(1000) });
  call(root, { op: "capset", effective: 0n, permitted: 0n });
  call(root, { op: "capset", effective: ALL_CAPABILITIES, permitted: ALL_CAPABILITIES });
  call(root, { op: "set-no-new-privs" });
  call(root, { op: "exec" });
  call(root, { op: "clone", flags: 0, as: child });
  call(child, { op: "exec" });
  call(child, { op: "exit" });
  call(root, { op: "wait", child });
  call(root, { op: "exit" });
  call(first, { op: "wait", child: root });
};

/** A program with threads, which opens and closes files of its own. */
const work: Scene = ({ call, pick, fresh, pods }) => {
  const by = pick(pick(pods).workers);
  const thread = fresh();
  const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
  call(by, { op: "clone", flags: CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, as: thread });
  const fd = fdIn(call(thread, { op: "open-other", what: "socket" }));
  call(by, { op: "getsockopt", fd, option: "SO_NETNS_COOKIE" });
  call(by, { op: "close", fd });
  call(thread, { op: "getpid" });
  call(by, { op: "getppid" });
  call(thread, { op: "exit-thread" });
};

/** As a daemon does that keeps namespaces for others: handles, the walk over mount namespaces, files sent. */
const keep: Scene = ({ first, call, pick, pods }) => {
  const { root, workers } = pick(pods);
  const fd = fdIn(call(first, { op: "open", of: root, link: "mnt" }));
  const named = call(first, { op: "name_to_handle_at", fd });
  const handle = handleIn(named);
  if (handle !== undefined) {
    const again = fdIn(call(first, { op: "open_by_handle_at", mount: "FD_NSFS_ROOT", handle }));
    call(first, { op: "close", fd: again });
  }
  for (const request of ["NS_MNT_GET_NEXT", "NS_MNT_GET_PREV"] as const) {
    call(first, { op: "close", fd: fdIn(call(first, { op: "ioctl", fd, request })) });
  }
  const to = pick(workers);
  const sent = fdIn(call(first, { op: "send", fd, to }));
  call(to, { op: "ioctl", fd: sent, request: "NS_GET_MNTNS_ID" });
  call(to, { op: "close", fd: sent });
  call(first, { op: "close", fd });
};

const handleIn = (outcome: Outcome<Value>): FileHandle | undefined =>
  outcome.ok && typeof outcome.value === "object" && "handle" in outcome.value ? outcome.value.handle : undefined;

/** As often as each stands here. */
export const SCENES: readonly Scene[] = [survey, survey, survey, probe, probe, enter, sandbox, run, work, work, keep];

/** Names that tasks of a run have one after the other. */
export function names(): () => TaskName {
  let count = 0;
  return () => taskName(`task-${count++}`);
}

/** Numbers from 0 to 1, the same in each run. Source: mulberry32. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
