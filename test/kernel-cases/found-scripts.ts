import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { taskName, type Call, type SysctlName } from "../../src/kernel/call.ts";
import {
  capset,
  clone,
  close,
  exit,
  ioctl,
  open,
  openOther,
  pidfdIoctl,
  pidfdOpen,
  read,
  refused,
  setns,
  setnsFlags,
  setresgid,
  setresuid,
  SHELL,
  status,
  unshare,
  write,
  type Line,
  type Script,
} from "./script.ts";

/** What random sequences of calls found the model to have wrong, each as the fewest calls that showed it. */
const { CLONE_VM, CLONE_FS, CLONE_SIGHAND, CLONE_THREAD, CLONE_FILES } = CLONE_FLAGS;
const PLACE = "/run/netns/place";
const cloneWith = (as: string, flags: number): Call => ({ op: "clone", as: taskName(as), flags });
const unshareFlags = (flags: number): Call => ({ op: "unshare", flags });
const wait = (child: string): Call => ({ op: "wait", child: taskName(child) });
const getFlags = (fd: number): Call => ({ op: "fcntl", fd, command: "F_GETFL" });
const bind = (fd: number): Call => ({ op: "bind", fd, path: PLACE });
const unbind: Call = { op: "unbind", path: PLACE };
const busyUnbind: Call = { op: "unbind", path: PLACE, detach: false };
const chroot: Call = { op: "chroot", path: "/tmp" };
const exec: Call = { op: "exec" };
const undumpable: Call = { op: "set-dumpable", dumpable: false };
const offsets = (text: string): Call => ({ op: "write-timens-offsets", of: taskName(SHELL), text });
const getsockopt = (fd: number, option: "SO_PEERPIDFD" | "SO_NETNS_COOKIE", bytes: number): Call => ({
  op: "getsockopt",
  fd,
  option,
  bytes,
});
const fromHandle = (mount: number | "FD_PIDFS_ROOT", flags: readonly ("O_DIRECTORY" | "O_PATH")[] = []): Call => ({
  op: "open_by_handle_at",
  mount,
  handle: { bytes: 16, type: CONSTANTS.FILEID_NSFS, id: 1n, nsType: 0, inode: 0 },
  flags,
});
const { PIDFD_THREAD } = CONSTANTS;
const O_RDWR = 2;
/** Of the family of pidfds' ioctls. */
const NO_REQUEST = 0xff7f;
const sysctl = (name: SysctlName, text: string): Call => ({ op: "write-sysctl", name, text });
const MOUNTS_AND_NETWORK = NAMESPACE_KINDS.mnt.flag | NAMESPACE_KINDS.net.flag;

export const FOUND_SCRIPTS: readonly Script[] = [
  {
    title: "below another root there is no /proc, and nothing to mount over",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "net"), 0],
      [SHELL, chroot, 0],
      [SHELL, open(SHELL, "net"), refused("ENOENT", "no-such-file")],
      [SHELL, status(SHELL), refused("ENOENT", "no-such-file")],
      [SHELL, write(SHELL, "uid_map", "0 0 1"), refused("ENOENT", "no-such-file")],
      [SHELL, bind(0), refused("ENOENT", "no-such-file")],
      [SHELL, unbind, refused("ENOENT", "no-such-file")],
      [SHELL, openOther("null"), refused("ENOENT", "no-such-file")],
      [SHELL, chroot, refused("ENOENT", "no-such-file")],
    ],
  },
  {
    title: "a mount that came from another owner's mount namespace cannot be taken away, one that was made there can",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "net"), 0],
      [SHELL, bind(0), 0],
      [SHELL, clone("copy", "mnt"), "done"],
      ["copy", unbind, 0],
      [SHELL, clone("box", "user", "mnt"), "done"],
      ["box", unbind, refused("EINVAL", "mount-locked")],
      ["box", bind(0), 0],
      ["box", unbind, 0],
      ["box", unbind, refused("EINVAL", "mount-locked")],
    ],
  },
  {
    title: "a bind mount takes the name under /proc: a place does, and what is no namespace does not",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "net", "O_PATH"), 0],
      [SHELL, bind(0), 0],
      [SHELL, { op: "open-path", path: PLACE }, 1],
      [SHELL, ioctl(1, "NS_GET_NSTYPE"), NAMESPACE_KINDS.net.flag],
      [SHELL, pidfdOpen(SHELL), 2],
      [SHELL, bind(2), refused("EINVAL", "not-a-namespace-file")],
      [SHELL, bind(7), refused("ENOENT", "no-such-file")],
      [SHELL, { op: "bind", fd: 0, path: "/run/netns" }, refused("ENOTDIR", "not-a-directory")],
      [SHELL, { op: "bind", fd: 0, path: "/run/nowhere/place" }, refused("ENOENT", "no-such-file")],
    ],
  },
  {
    title: "a zombie stays as guarded as it was at its end",
    uid: 1000,
    lines: [
      [SHELL, clone("open"), "done"],
      [SHELL, clone("guarded"), "done"],
      ["guarded", undumpable, 0],
      ["open", exit, 0],
      ["guarded", exit, 0],
      [SHELL, open("open", "user"), 0],
      [SHELL, open("guarded", "user"), refused("EACCES", "process-not-dumpable")],
    ],
  },
  {
    title: "a pidfd tells whose view it is outside of also after the end, and shows that it leads to a thread",
    uid: 0,
    lines: [
      [SHELL, pidfdOpen(SHELL), 0],
      [SHELL, getFlags(0), O_RDWR],
      [SHELL, pidfdOpen(SHELL, PIDFD_THREAD), 1],
      [SHELL, getFlags(1), O_RDWR | PIDFD_THREAD],
      [SHELL, clone("child"), "done"],
      [SHELL, pidfdOpen("child"), 2],
      [SHELL, clone("box", "pid"), "done"],
      ["child", exit, 0],
      [SHELL, wait("child"), "done"],
      ["box", pidfdIoctl(2, "PIDFD_GET_INFO"), refused("EREMOTE", "process-outside-view")],
      [SHELL, pidfdIoctl(2, "PIDFD_GET_INFO"), refused("ESRCH", "process-gone")],
    ],
  },
  {
    title:
      "whoever would gain capabilities by exec, and shares its root or may gain nothing, goes back to its real ids",
    uid: 0,
    lines: [
      [SHELL, clone("child"), "done"],
      ["child", { op: "set-no-new-privs" }, 0],
      ["child", setresgid({ real: 5, effective: 0, saved: 0 }), 0],
      ["child", setresuid({ real: 1000, effective: 0, saved: 0 }), 0],
      ["child", capset("CAP_SETUID"), 0],
      ["child", exec, 0],
      ["child", { op: "getresuid" }, { reads: { ids: { real: 1000, effective: 1000, saved: 1000 } } }],
      ["child", { op: "getresgid" }, { reads: { ids: { real: 5, effective: 5, saved: 5 } } }],
      [SHELL, cloneWith("sharer", CLONE_FS), "done"],
      ["sharer", setresuid({ real: 1000, effective: 0, saved: 0 }), 0],
      ["sharer", capset("CAP_SETUID"), 0],
      // With CAP_SETUID it keeps them.
      ["sharer", exec, 0],
      ["sharer", { op: "getresuid" }, { reads: { ids: { real: 1000, effective: 0, saved: 0 } } }],
    ],
  },
  {
    title: "unshare(CLONE_VM) wants the memory to be nobody else's, as setns of a time namespace does",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "time"), 0],
      [SHELL, cloneWith("sharer", CLONE_VM), "done"],
      [SHELL, unshareFlags(CLONE_VM), refused("EINVAL", "shares-memory")],
      [SHELL, setns(0, "time"), refused("EUSERS", "shares-memory")],
      ["sharer", exit, 0],
      [SHELL, unshareFlags(CLONE_VM), 0],
      [SHELL, setns(0, "time"), 0],
      // A further thread that has ended shares nothing, though it is not the last.
      [SHELL, cloneWith("thread", CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_FILES), "done"],
      [SHELL, setns(0, "time"), refused("EUSERS", "shares-memory")],
    ],
  },
  {
    title: "what is opened besides namespaces: its flags, and that folders are not read",
    uid: 0,
    lines: [
      [SHELL, openOther("process-directory"), 0],
      [SHELL, read(0), refused("EISDIR", "nothing-to-read-or-write")],
      [SHELL, openOther("pipe"), 1],
      [SHELL, getFlags(1), 0],
    ],
  },
  {
    title: "a handle wants a descriptor that is more than a place, and on pidfs no flags of folders",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "net", "O_PATH"), 0],
      [SHELL, fromHandle(0), refused("EBADF", "bad-descriptor")],
      [SHELL, fromHandle("FD_PIDFS_ROOT", ["O_DIRECTORY"]), refused("EINVAL", "unknown-flag")],
      [SHELL, fromHandle("FD_PIDFS_ROOT"), refused("ESTALE", "handle-of-nothing")],
    ],
  },
  {
    title: "a network's cookie takes room of just its size, a peer's pidfd any",
    uid: 0,
    lines: [
      [SHELL, openOther("inet-socket"), 0],
      [SHELL, getsockopt(0, "SO_NETNS_COOKIE", 7), refused("EINVAL", "room-of-another-size")],
      [SHELL, getsockopt(0, "SO_NETNS_COOKIE", 9), refused("EINVAL", "room-of-another-size")],
      [SHELL, getsockopt(0, "SO_NETNS_COOKIE", 8), "done"],
      [SHELL, openOther("socket-pair"), 1],
      [SHELL, getsockopt(1, "SO_PEERPIDFD", 3), 2],
      [SHELL, getsockopt(1, "SO_PEERPIDFD", 9), 3],
      [SHELL, close(3), 0],
    ],
  },
  {
    title: "a clone that comes to nothing has fixed the offsets of the time namespace its child was to enter",
    uid: 0,
    lines: [
      [SHELL, unshare("pid"), 0],
      [SHELL, clone("first"), "done"],
      ["first", exit, 0],
      [SHELL, unshare("time"), 0],
      [SHELL, offsets("1 1 1"), 5],
      [SHELL, clone("second"), refused("ENOMEM", "pid-namespace-dead")],
      [SHELL, offsets("1 2 2"), refused("EACCES", "offsets-frozen")],
    ],
  },
  {
    title: "a copy of mounts that a user namespace had locked, which outlasts its mount namespace below a shared root",
    uid: 0,
    lines: [
      [SHELL, cloneWith("box", NAMESPACE_KINDS.user.flag | MOUNTS_AND_NETWORK), "done"],
      [SHELL, pidfdOpen("box"), 0],
      [SHELL, cloneWith("visitor", CLONE_FS), "done"],
      ["visitor", setnsFlags(0, MOUNTS_AND_NETWORK), 0],
      ["visitor", cloneWith("copy", MOUNTS_AND_NETWORK), "done"],
      ["visitor", pidfdOpen("copy"), 1],
      ["visitor", cloneWith("sharer", CLONE_FS), "done"],
      ["sharer", setnsFlags(1, MOUNTS_AND_NETWORK), 0],
      ["sharer", exit, 0],
      ["copy", exit, 0],
      ["visitor", open("visitor", "mnt"), 2],
    ],
  },
  {
    title: "the number that comes next lies below the pid_max of the pid namespace that it is for",
    uid: 0,
    needs: "pid-max-by-namespace",
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      ["box", sysctl("pid_max", "301"), 3],
      ["box", sysctl("ns_last_pid", "302"), refused("EINVAL", "number-out-of-range")],
      ["box", sysctl("ns_last_pid", "301"), 3],
      // Of who is further in it is not that one's.
      ["box", clone("inner", "pid"), "done"],
      ["inner", sysctl("ns_last_pid", "302"), 3],
    ],
  },
  {
    title: "an ioctl that no kernel has is unknown to a pidfd, whoever asks, and one of pidfds to a namespace file",
    uid: 0,
    lines: [
      [SHELL, clone("stranger"), "done"],
      [SHELL, clone("child"), "done"],
      [SHELL, pidfdOpen(SHELL), 0],
      ["child", exit, 0],
      [SHELL, pidfdOpen("child"), 1],
      [SHELL, open(SHELL, "net"), 2],
      ...[0, 1].flatMap((fd): Line[] => [
        [SHELL, { op: "send", fd, to: taskName("stranger") }, fd],
        [SHELL, pidfdIoctl(fd, NO_REQUEST), refused("ENOTTY", "call-unknown-to-kernel")],
        [SHELL, pidfdIoctl(fd, NO_REQUEST, 1), refused("ENOTTY", "call-unknown-to-kernel")],
      ]),
      ["stranger", setresuid(1000), 0],
      ["stranger", pidfdIoctl(0, NO_REQUEST), refused("ENOTTY", "call-unknown-to-kernel")],
      [SHELL, pidfdIoctl(2, "PIDFD_GET_UTS_NAMESPACE"), refused("ENOTTY", "not-a-pidfd")],
      [SHELL, pidfdIoctl(2, "PIDFD_GET_UTS_NAMESPACE", 1), refused("ENOTTY", "not-a-pidfd")],
    ],
  },
  {
    title: "a new root comes with mounts of its own: what is open through an old one does not keep the new one busy",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "time"), 0],
      [SHELL, bind(0), 0],
      [SHELL, { op: "open-path", path: PLACE }, 1],
      [SHELL, busyUnbind, refused("EBUSY", "files-open-on-mount")],
      [SHELL, { op: "pivot-root" }, 0],
      [SHELL, busyUnbind, 0],
    ],
  },
];
