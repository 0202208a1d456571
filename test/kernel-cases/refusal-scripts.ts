import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import { NSFS_IOCTL_NAMES, PIDFD_IOCTL_NAMES } from "../../src/abi/ioctls.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { taskName, type Call, type SysctlName } from "../../src/kernel/call.ts";
import {
  clone,
  exit,
  ioctl,
  open,
  openFolder,
  openMap,
  openOther,
  pidfdIoctl,
  pidfdOpen,
  refused,
  setresgid,
  setresuid,
  SHELL,
  status,
  unshare,
  write,
  writeFd,
  type Line,
  type Script,
} from "./script.ts";

/** Refusals that nothing else comes to: of every ioctl the descriptor's, of every path another root's, of clone(2) its own. */
const NOT_OPEN = 9;
const UNKNOWN = 0xb7ff;
const NO_SUCH_PID = 0x7fffffff;
const SOME_HANDLE = { bytes: 16, type: CONSTANTS.FILEID_NSFS, id: 1n, nsType: 0, inode: 0 };
const wait = (child: string): Call => ({ op: "wait", child: taskName(child) });
const legacyClone = (flags: number): Call => ({ op: "legacy-clone", flags, as: taskName("never") });
const cookie = (fd: number): Call => ({ op: "getsockopt", fd, option: "SO_NETNS_COOKIE" });
const sysctl = (name: SysctlName, text: string): Call => ({ op: "write-sysctl", name, text });
const by = (caller: string, calls: readonly Call[], gives: Line[2]): readonly Line[] =>
  calls.map((call) => [caller, call, gives] as const);

const onDescriptor = (fd: number): readonly Call[] => NSFS_IOCTL_NAMES.map((request) => ioctl(fd, request));
const onPidfd = (fd: number, argument = 0): readonly Call[] =>
  PIDFD_IOCTL_NAMES.map((request) => pidfdIoctl(fd, request, argument));
const namespacesOn = (fd: number, argument = 0): readonly Call[] =>
  PIDFD_IOCTL_NAMES.filter((name) => name !== "PIDFD_GET_INFO").map((request) => pidfdIoctl(fd, request, argument));
const TRANSLATIONS = NSFS_IOCTL_NAMES.filter((name) => name.endsWith("_PIDNS"));

/** Everything that looks for a file by its name. */
const BY_NAME: readonly Call[] = [
  open(SHELL, "uts"),
  { op: "readlink", of: taskName(SHELL), link: "uts" },
  { op: "stat", of: taskName(SHELL), link: "uts" },
  { op: "lstat", of: taskName(SHELL), link: "uts" },
  { op: "reopen", of: taskName(SHELL), fd: 0 },
  openFolder(SHELL),
  { op: "open-path", path: "/run/netns/blue" },
  { op: "link_to_handle_at", of: taskName(SHELL), link: "uts", follow: true },
  openMap(SHELL, "uid_map", "read"),
  write(SHELL, "uid_map", "0 0 1"),
  status(SHELL),
  { op: "read-timens-offsets", of: taskName(SHELL) },
  { op: "write-timens-offsets", of: taskName(SHELL), text: "monotonic 1 0" },
  { op: "read-sysctl", name: "max_uts_namespaces" },
  sysctl("max_uts_namespaces", "1"),
  openOther("null"),
  { op: "unbind", path: "/run/netns/blue" },
  { op: "chroot", path: "/tmp" },
];

/** The least that pid_max can be is 301: so many numbers there are, from 1 on. */
const PID_MAX = 301;
const FILLERS = Array.from({ length: PID_MAX - 2 }, (_, at) => `filler-${at}`);

export const REFUSAL_SCRIPTS: readonly Script[] = [
  {
    title: "whatever takes a descriptor minds whether it is open, and what it leads to",
    uid: 0,
    lines: [
      ...by(SHELL, onDescriptor(NOT_OPEN), refused("EBADF", "bad-descriptor")),
      ...by(SHELL, onPidfd(NOT_OPEN), refused("EBADF", "bad-descriptor")),
      ...by(
        SHELL,
        [
          ioctl(NOT_OPEN, "SIOCGSKNS"),
          ioctl(NOT_OPEN, UNKNOWN),
          pidfdIoctl(NOT_OPEN, UNKNOWN),
          { op: "fcntl", fd: NOT_OPEN, command: "F_GETFL" },
          { op: "dup", fd: NOT_OPEN },
          { op: "name_to_handle_at", fd: NOT_OPEN },
          { op: "open_by_handle_at", mount: NOT_OPEN, handle: SOME_HANDLE },
          cookie(NOT_OPEN),
        ],
        refused("EBADF", "bad-descriptor"),
      ),
      [SHELL, openOther("null"), 0],
      ...by(SHELL, onDescriptor(0), refused("ENOTTY", "not-a-namespace-file")),
      ...by(SHELL, onPidfd(0), refused("ENOTTY", "not-a-pidfd")),
      [SHELL, cookie(0), refused("ENOTSOCK", "not-a-socket")],
      [SHELL, openOther("socket"), 1],
      [SHELL, writeFd(1, "anything"), refused("ENOTCONN", "nothing-to-read-or-write")],
      [SHELL, openOther("inet-socket"), 2],
      [SHELL, writeFd(2, "anything"), refused("EDESTADDRREQ", "nothing-to-read-or-write")],
      [SHELL, openOther("socket-pair"), 3],
      [SHELL, writeFd(3, "anything"), refused("ECONNREFUSED", "nothing-to-read-or-write")],
    ],
  },
  {
    title: "an ioctl for another kind of namespace, or for a process that there is not",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "uts"), 0],
      ...by(
        SHELL,
        TRANSLATIONS.map((request) => ioctl(0, request, 1)),
        refused("EINVAL", "not-a-pid-namespace"),
      ),
      [SHELL, ioctl(0, "NS_MNT_GET_PREV"), refused("EINVAL", "not-a-mount-namespace")],
      [SHELL, open(SHELL, "pid"), 1],
      ...by(
        SHELL,
        TRANSLATIONS.map((request) => ioctl(1, request, NO_SUCH_PID)),
        refused("ESRCH", "no-such-process"),
      ),
    ],
  },
  {
    title: "the walk over mount namespaces has to write down what it came to",
    uid: 0,
    lines: [
      [SHELL, clone("another", "mnt"), "done"],
      [SHELL, open(SHELL, "mnt"), 0],
      [SHELL, open("another", "mnt"), 1],
      [SHELL, ioctl(0, "NS_MNT_GET_NEXT", "bad-address"), refused("EFAULT", "bad-address")],
      [SHELL, ioctl(1, "NS_MNT_GET_PREV", "bad-address"), refused("EFAULT", "bad-address")],
    ],
  },
  {
    title: "a zombie has no namespaces to give, and who is gone nothing at all",
    uid: 0,
    lines: [
      [SHELL, clone("child"), "done"],
      ["child", exit, 0],
      [SHELL, pidfdOpen("child"), 0],
      ...by(SHELL, namespacesOn(0, 1), refused("EINVAL", "argument-not-zero")),
      ...by(SHELL, namespacesOn(0), refused("ESRCH", "process-has-exited")),
      [
        SHELL,
        { op: "write-timens-offsets", of: taskName("child"), text: "monotonic 1 0" },
        refused("ESRCH", "process-has-exited"),
      ],
      [SHELL, wait("child"), "done"],
      ...by(SHELL, onPidfd(0), refused("ESRCH", "process-gone")),
    ],
  },
  {
    title: "below another root there is no /proc, and nothing else",
    uid: 0,
    lines: [[SHELL, { op: "chroot", path: "/tmp" }, 0], ...by(SHELL, BY_NAME, refused("ENOENT", "no-such-file"))],
  },
  {
    title: "without privileges there is no other root, no other group, and no look at others",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "uts", "O_DIRECTORY"), refused("ENOTDIR", "not-a-directory")],
      [SHELL, clone("user"), "done"],
      ["user", setresgid(1000), 0],
      ["user", setresuid(1000), 0],
      ["user", setresgid(0), refused("EPERM", "no-setid")],
      ["user", { op: "chroot", path: "/tmp" }, refused("EPERM", "no-chroot")],
      ["user", { op: "pivot-root" }, refused("EPERM", "no-admin-over-mounts")],
      ["user", { op: "unbind", path: "/proc/self" }, refused("EPERM", "no-admin-over-mounts")],
      [SHELL, { op: "unbind", path: "/proc/self" }, refused("EINVAL", "not-a-mount")],
      [
        "user",
        { op: "link_to_handle_at", of: taskName(SHELL), link: "uts", follow: true },
        refused("EACCES", "process-of-another-user"),
      ],
      ["user", legacyClone(NAMESPACE_KINDS.uts.flag), refused("EPERM", "no-admin-in-own-user-namespace")],
      ["user", unshare("user"), 0],
      ["user", setresgid(5), refused("EINVAL", "id-unmapped")],
    ],
  },
  {
    title: "of several kinds that cannot be made the first one is told: ipc before pid, pid before cgroup",
    uid: 0,
    lines: [
      [SHELL, clone("box", "user"), "done"],
      [SHELL, write("box", "uid_map", "0 0 1"), 5],
      [SHELL, write("box", "gid_map", "0 0 1"), 5],
      ["box", unshare("pid"), 0],
      ["box", unshare("pid"), refused("EINVAL", "pid-for-children-pending")],
      ["box", sysctl("max_ipc_namespaces", "0"), 1],
      ["box", sysctl("max_cgroup_namespaces", "0"), 1],
      ["box", unshare("ipc", "pid"), refused("ENOSPC", "limit-reached")],
      ["box", unshare("pid", "cgroup"), refused("EINVAL", "pid-for-children-pending")],
    ],
  },
  {
    title: "clone(2) is refused as clone3(2) is",
    uid: 0,
    lines: [
      [
        SHELL,
        legacyClone(NAMESPACE_KINDS.mnt.flag | CLONE_FLAGS.CLONE_FS),
        refused("EINVAL", "flags-exclude-each-other"),
      ],
      [SHELL, clone("box", "user"), "done"],
      [SHELL, write("box", "uid_map", "0 0 1"), 5],
      [SHELL, write("box", "gid_map", "0 0 1"), 5],
      ["box", sysctl("max_uts_namespaces", "0"), 1],
      ["box", legacyClone(NAMESPACE_KINDS.uts.flag), refused("ENOSPC", "limit-reached")],
      [SHELL, unshare("pid"), 0],
      [SHELL, clone("only"), "done"],
      ["only", exit, 0],
      [SHELL, wait("only"), "done"],
      [SHELL, legacyClone(0), refused("ENOMEM", "pid-namespace-dead")],
    ],
  },
  {
    title: "clone(2) finds no free number, as clone3(2)",
    uid: 0,
    needs: "pid-max-by-namespace",
    lines: [
      [SHELL, clone("first", "pid"), "done"],
      ["first", sysctl("pid_max", `${PID_MAX}`), 3],
      // A zombie keeps its number.
      ...FILLERS.flatMap((name): Line[] => [
        ["first", clone(name), "done"],
        [name, exit, 0],
      ]),
      ["first", legacyClone(0), refused("EAGAIN", "no-free-number")],
    ],
  },
];
