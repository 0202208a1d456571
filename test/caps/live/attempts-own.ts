import { CONSTANTS } from "../../../src/abi/constants.ts";
import { ERRNOS } from "../../../src/abi/errnos.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { allIds, taskName, type TaskName } from "../../../src/kernel/call.ts";
import type { LiveActor } from "../../../src/kernel/live/actor.ts";
import { pointing, room } from "../../../src/kernel/live/holder-arguments.ts";
import { made, raw, struct, type Aimed, type Attempt, type Attempts } from "./attempt.ts";

/** No host has so long a name. */
const TOO_LONG = 65;
const NO_CAPABILITY = 200;
const [IPC_SET, IPC_STAT] = [1, 2];
const QUEUE_BYTES = 120;
const NO_ID = 0xffffffff;
const { AT_FDCWD, MS_BIND } = CONSTANTS;
const MS_REMOUNT = 32;
const [O_RDONLY, O_WRONLY] = [0, 1];
const PTRACE_SEIZE = 0x4206;
const PTRACE = process.arch === "arm64" ? 117 : 101;
const PROCESS_VM_READV = process.arch === "arm64" ? 270 : 310;

const call = (make: Attempt["make"], refusedBy: Attempt["refusedBy"], passedBy: Attempt["passedBy"] = []): Attempt => ({
  make,
  refusedBy,
  passedBy,
});

const join = (kind: NamespaceKind, refusedBy: Attempt["refusedBy"] = ["EPERM"]): Attempt =>
  call((aimed) => made(aimed, "setns", [aimed.fd, NAMESPACE_KINDS[kind].flag]), refusedBy);

/** open and one write, of which the first refusal counts; nothing is written where the text is empty. */
function write(aimed: Pick<Aimed, "actor" | "by">, path: string, text: string): number {
  const fd = made(aimed, "openat", [AT_FDCWD, path, O_WRONLY, 0]);
  if (fd < 0) return fd;
  const bytes = new TextEncoder().encode(text);
  const result = text === "" ? 0 : made(aimed, "write", [fd, bytes, bytes.length]);
  made(aimed, "close", [fd]);
  return result;
}

/**
 * Through a child that enters the user namespace, for a file of somebody else's process may be closed to who may write its
 * map; from within, through its own.
 */
function writeMap(aimed: Aimed, file: "uid_map" | "gid_map"): number {
  const { actor, by } = aimed;
  const child = taskName(`${by}-child`);
  const born = raw(actor.call(by, { op: "clone", flags: 0, as: child }));
  if (born < 0) return born;
  const entered = made({ actor, by: child }, "setns", [aimed.fd, NAMESPACE_KINDS.user.flag]);
  // Already there.
  const isIn = entered === -ERRNOS.EINVAL;
  made({ actor, by: child }, "prctl", [CONSTANTS.PR_SET_DUMPABLE, 1, 0, 0, 0]);
  const writer = isIn ? child : by;
  const result =
    entered < 0 && !isIn ? entered : write({ actor, by: writer }, procFile(actor, child, file), aimed.mapText);
  actor.call(child, { op: "exit" });
  actor.call(by, { op: "wait", child });
  return result;
}

const procFile = (actor: LiveActor, of: TaskName, file: string): string => `/proc/${actor.pidOf(of)}/${file}`;

/** What is done to namespaces, and to the process itself. */
export const OWN_ATTEMPTS = {
  mount: call((aimed) => made(aimed, "mount", ["none", "/", "no-such-type", 0, 0]), ["EPERM"], ["ENODEV"]),
  // As it is already.
  remount: call((aimed) => made(aimed, "mount", [0, aimed.path, 0, MS_REMOUNT, 0]), ["EPERM"]),
  "clear-mount-flags": call((aimed) => made(aimed, "mount", [0, aimed.path, 0, MS_REMOUNT | MS_BIND, 0]), ["EPERM"]),
  // Nothing is mounted there.
  umount: call((aimed) => made(aimed, "umount2", [aimed.path, 0]), ["EPERM"], ["EINVAL"]),
  // The root that it has already. Since Linux 7.3 the folders are looked up before anybody is asked who calls.
  "pivot-root": call((aimed) => made(aimed, "pivot_root", ["/", "/"]), ["EPERM"], ["EBUSY", "EINVAL"]),
  chroot: call((aimed) => made(aimed, "chroot", ["/"]), ["EPERM"]),
  sethostname: call((aimed) => made(aimed, "sethostname", [new Uint8Array(TOO_LONG), TOO_LONG]), ["EPERM"], ["EINVAL"]),
  setdomainname: call(
    (aimed) => made(aimed, "setdomainname", [new Uint8Array(TOO_LONG), TOO_LONG]),
    ["EPERM"],
    ["EINVAL"],
  ),
  "setns-user": join("user", ["EPERM", "EINVAL"]),
  "setns-mnt": join("mnt"),
  "setns-uts": join("uts"),
  "setns-ipc": join("ipc"),
  "setns-net": join("net"),
  "setns-cgroup": join("cgroup"),
  // One that is not below.
  "setns-pid": join("pid", ["EPERM", "EINVAL"]),
  "setns-time": join("time"),
  "unshare-user": call((aimed) => made(aimed, "unshare", [NAMESPACE_KINDS.user.flag]), ["EPERM"]),
  unshare: call((aimed) => made(aimed, "unshare", [NAMESPACE_KINDS.uts.flag]), ["EPERM"]),
  "write-uid-map": call((aimed) => writeMap(aimed, "uid_map"), ["EPERM"]),
  "write-gid-map": call((aimed) => writeMap(aimed, "gid_map"), ["EPERM"]),
  // Who is not dumpable could not open its own. The machine's cannot be set, which comes up behind the check.
  "write-timens-offsets": call(
    (aimed) => {
      made(aimed, "prctl", [CONSTANTS.PR_SET_DUMPABLE, 1, 0, 0, 0]);
      return write(aimed, "/proc/self/timens_offsets", "monotonic 0 0\n");
    },
    ["EPERM"],
    ["EACCES"],
  ),
  "set-last-pid": call((aimed) => write(aimed, "/proc/sys/kernel/ns_last_pid", "-1"), ["EPERM"], ["EINVAL"]),
  // Its own number is taken.
  "choose-pid": call(
    ({ actor, by }) => {
      const own = raw(actor.call(by, { op: "getpid" }));
      return raw(actor.call(by, { op: "clone", flags: 0, as: taskName(`${by}-twin`), args: { setTid: [own] } }));
    },
    ["EPERM"],
    ["EEXIST"],
  ),
  // None of the words that it takes.
  reboot: call((aimed) => made(aimed, "reboot", [0, 0, 0, 0]), ["EPERM"], ["EINVAL"]),
  "any-ipc-object": call((aimed) => made(aimed, "msgctl", [aimed.queue, IPC_STAT, room(QUEUE_BYTES)]), ["EACCES"]),
  // It shall be nobody's.
  "remove-ipc-object": call(
    (aimed) => {
      const wish = new Uint8Array(QUEUE_BYTES);
      wish.set(struct([4, 0], [4, NO_ID], [4, NO_ID]));
      return made(aimed, "msgctl", [aimed.queue, IPC_SET, wish]);
    },
    ["EPERM"],
    ["EINVAL"],
  ),
  setuid: call(({ actor, by, otherId }) => raw(actor.call(by, { op: "setresuid", ids: allIds(otherId) })), ["EPERM"]),
  setgid: call(({ actor, by, otherId }) => raw(actor.call(by, { op: "setresgid", ids: allIds(otherId) })), ["EPERM"]),
  setgroups: call((aimed) => made(aimed, "setgroups", [0, 0]), ["EPERM"]),
  "drop-bounding": call(
    (aimed) => made(aimed, "prctl", [CONSTANTS.PR_CAPBSET_DROP, NO_CAPABILITY, 0, 0, 0]),
    ["EPERM"],
    ["EINVAL"],
  ),
  kill: call(({ actor, by, of }) => raw(actor.call(by, { op: "kill", of, signal: "none" })), ["EPERM"]),
  // Linux 5.10.262 loses the refusal, and opens the folder that the link lies in.
  "open-ns-file": call(
    ({ actor, by, of }) => {
      const fd = raw(actor.call(by, { op: "open", of, link: "user" }));
      if (fd < 0) return fd;
      return actor.call(by, { op: "ioctl", fd, request: "NS_GET_NSTYPE" }).ok ? fd : -ERRNOS.EACCES;
    },
    ["EACCES"],
  ),
  "read-maps": call(
    (aimed) => made(aimed, "openat", [AT_FDCWD, `/proc/${aimed.actor.pidOf(aimed.of)}/maps`, O_RDONLY, 0]),
    ["EACCES"],
  ),
  // Nothing is mapped where it would read.
  "read-memory": {
    make: (aimed) => {
      const here = pointing(struct([8, 0], [8, 8]), [[0, room(8)]]);
      const pid = aimed.actor.numberFor(aimed.by, aimed.of);
      return made(aimed, PROCESS_VM_READV, [pid, here, 1, struct([8, 0], [8, 8]), 1, 0]);
    },
    refusedBy: ["EPERM"],
    passedBy: ["EFAULT"],
  },
  // It does not stop, and is let go when who has seized it ends.
  ptrace: {
    make: (aimed) => made(aimed, PTRACE, [PTRACE_SEIZE, aimed.actor.numberFor(aimed.by, aimed.of), 0, 0]),
    refusedBy: ["EPERM"],
  },
  // No number, which is found out last. The name of the host could be that.
  "write-sysctl": {
    make: (aimed) => write(aimed, `/proc/sys/${aimed.sysctl}`, aimed.sysctl === "kernel/hostname" ? "" : "no number\n"),
    refusedBy: ["EACCES", "EPERM"],
    passedBy: ["EINVAL"],
    lackedBy: ["ENOENT"],
  },
  chown: call((aimed) => made(aimed, "fchownat", [AT_FDCWD, aimed.path, aimed.otherId, -1, 0]), ["EPERM", "EINVAL"]),
  chmod: call((aimed) => made(aimed, "fchmodat", [AT_FDCWD, aimed.path, 0o600]), ["EPERM"]),
  "read-file": call((aimed) => made(aimed, "openat", [AT_FDCWD, aimed.path, O_RDONLY, 0]), ["EACCES"]),
  "set-file-capabilities": call(
    (aimed) => {
      const capabilities = struct([4, FILE_CAPABILITIES_3], [8, 0], [8, 0], [4, aimed.otherId]);
      return made(aimed, "setxattr", [aimed.path, "security.capability", capabilities, capabilities.length, 0]);
    },
    ["EPERM"],
  ),
} as const satisfies Attempts;

/** VFS_CAP_REVISION_3: they hold where the id that follows is root. */
const FILE_CAPABILITIES_3 = 0x03000000;
