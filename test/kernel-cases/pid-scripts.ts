import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { taskName, type Call } from "../../src/kernel/call.ts";
import {
  capset,
  clone,
  exit,
  ioctl,
  open,
  openOther,
  pidfdIoctl,
  pidfdOpen,
  refused,
  setns,
  setresuid,
  SHELL,
  unshare,
  type Line,
  type Script,
} from "./script.ts";
import { cloneWith, flagOf, readSysctl, THREAD, wait, writeSysctl } from "./facts/standings.ts";

/** Numbers: which one comes next, and what a clone that fails has used up. All in a pid namespace of the script's own. */
const FIRST = "first";
const { CLONE_PIDFD, CLONE_PARENT_SETTID, CLONE_DETACHED, CLONE_INTO_CGROUP } = CLONE_FLAGS;
const fault = { pidfd: "null" } as const;
const fcntl = (fd: number, command: "F_GETFD" | "F_GETFL"): Call => ({ op: "fcntl", fd, command });
/** O_RDWR, and with PIDFD_THREAD. */
const PIDFD_FLAGS = 2;
const THREAD_PIDFD_FLAGS = 0x82;
const INVALID_CGROUP = refused("EINVAL", "cgroup-not-told");
const NO_ADMIN = refused("EPERM", "no-admin-in-own-user-namespace");
const IN_OWN: readonly Line[] = [[SHELL, clone(FIRST, "pid"), "done"]];

export const PID_SCRIPTS: readonly Script[] = [
  {
    title: "a clone into a pid namespace whose first process has ended uses up a number in those above",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, clone("maker"), 2],
      ["maker", unshare("pid"), 0],
      ["maker", clone("one"), 3],
      ["one", exit, 0],
      ["maker", wait("one"), 3],
      ["maker", clone("two"), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, clone("next"), 5],
      ["maker", clone("two"), refused("ENOMEM", "pid-namespace-dead")],
      ["maker", clone("two"), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, clone("last"), 8],
    ],
  },
  {
    title:
      "a clone that fails after its child had numbers uses them up: for a pidfd without room, or a cgroup that is none",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, openOther("null"), 0],
      [FIRST, cloneWith("two", CLONE_PIDFD, fault), refused("EFAULT", "bad-address")],
      [FIRST, clone("three"), 3],
      [FIRST, cloneWith("four", CLONE_INTO_CGROUP, { cgroup: 77 }), refused("EBADF", "not-a-cgroup")],
      [FIRST, cloneWith("five", CLONE_INTO_CGROUP, { cgroup: 0 }), refused("EBADF", "not-a-cgroup")],
      [FIRST, clone("six"), 6],
      [FIRST, cloneWith("seven", CLONE_INTO_CGROUP + CLONE_PIDFD, fault), refused("EFAULT", "bad-address")],
      [FIRST, cloneWith("eight", CLONE_INTO_CGROUP + CLONE_PIDFD, { cgroup: 77 }), refused("EBADF", "not-a-cgroup")],
      [FIRST, clone("nine"), 9],
      // What is refused before uses up nothing.
      [FIRST, cloneWith("ten", CLONE_INTO_CGROUP, { cgroup: -1 }), refused("EINVAL", "cgroup-not-told")],
      [FIRST, cloneWith("ten", CLONE_INTO_CGROUP, { size: 80 }), refused("EINVAL", "cgroup-not-told")],
      [FIRST, cloneWith("ten", CLONE_PIDFD | CLONE_DETACHED), refused("EINVAL", "unknown-flag")],
      [FIRST, cloneWith("ten", CLONE_PIDFD | CLONE_PARENT_SETTID, fault), refused("EINVAL", "one-address-for-two")],
      [FIRST, clone("ten"), 10],
      [FIRST, pidfdOpen("ten"), 1],
    ],
  },
  {
    title: "what clone3 is told of a cgroup is asked after the exit signal and before set_tid's address, the rest last",
    uid: 0,
    lines: [
      [SHELL, cloneWith("x", CLONE_INTO_CGROUP, { cgroup: -1, setTid: "bad-address", setTidSize: 1 }), INVALID_CGROUP],
      [SHELL, cloneWith("x", CLONE_INTO_CGROUP, { cgroup: -1, exitSignal: 65 }), refused("EINVAL", "no-such-signal")],
      [SHELL, cloneWith("x", CLONE_INTO_CGROUP, { cgroup: 77, setTid: [0] }), refused("EINVAL", "number-out-of-range")],
      [SHELL, setresuid(1000), 0],
      [SHELL, cloneWith("x", CLONE_INTO_CGROUP + flagOf("net"), { cgroup: 77 }), NO_ADMIN],
      [SHELL, cloneWith("x", CLONE_INTO_CGROUP, { cgroup: 77 }), refused("EBADF", "not-a-cgroup")],
    ],
  },
  {
    // In a pid namespace of its own: where a kernel lets the first process start after all, its number is known.
    title: "where the first process fails to start after it had numbers, a pid namespace never has one",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, open(FIRST, "pid"), 0],
      [FIRST, pidfdOpen(FIRST), 1],
      [FIRST, unshare("pid"), 0],
      [FIRST, cloneWith("one", CLONE_PIDFD, fault), refused("EFAULT", "bad-address")],
      [FIRST, pidfdIoctl(1, "PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE"), 2],
      // Any other number than the first stays out of reach.
      [FIRST, cloneWith("one", 0, { setTid: [2] }), refused("EINVAL", "first-process-must-be-1")],
      [FIRST, clone("one"), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, ioctl(2, "NS_GET_PID_FROM_PIDNS", 1), refused("ESRCH", "no-such-process")],
      [FIRST, open(FIRST, "pid_for_children"), refused("ENOENT", "pid-namespace-unborn")],
      [FIRST, setns(0, "pid"), 0],
      // Refused before it has all of its numbers, it can be tried again.
      [FIRST, unshare("pid"), 0],
      [FIRST, cloneWith("two", 0, { setTid: [1, 1] }), refused("EEXIST", "number-taken")],
      [FIRST, clone("two"), "done"],
      ["two", { op: "getpid" }, 1],
    ],
  },
  {
    title: "where a wished first number was had and lost, a pid namespace has no first process by another wish either",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, unshare("pid"), 0],
      [FIRST, cloneWith("one", CLONE_PIDFD, { ...fault, setTid: [1] }), refused("EFAULT", "bad-address")],
      [FIRST, cloneWith("one", CLONE_PIDFD, fault), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, cloneWith("one", 0, { setTid: [1, 20] }), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, clone("next"), refused("ENOMEM", "pid-namespace-dead")],
    ],
  },
  {
    title: "CLONE_PIDFD gives the caller, and not the child, a pidfd that exec closes",
    uid: 0,
    lines: [
      [SHELL, cloneWith("child", CLONE_PIDFD), "done"],
      [SHELL, fcntl(0, "F_GETFD"), 1],
      [SHELL, fcntl(0, "F_GETFL"), PIDFD_FLAGS],
      [SHELL, pidfdIoctl(0, "PIDFD_GET_NET_NAMESPACE"), 1],
      ["child", fcntl(0, "F_GETFD"), refused("EBADF", "bad-descriptor")],
      [SHELL, cloneWith("thread", CLONE_PIDFD | THREAD), "done"],
      [SHELL, fcntl(2, "F_GETFL"), THREAD_PIDFD_FLAGS],
      [SHELL, { op: "legacy-clone", as: taskName("old"), flags: CLONE_PIDFD }, refused("EFAULT", "bad-address")],
      [
        SHELL,
        { op: "legacy-clone", as: taskName("old"), flags: CLONE_PIDFD | CLONE_DETACHED },
        refused("EINVAL", "flags-exclude-each-other"),
      ],
      [
        SHELL,
        { op: "legacy-clone", as: taskName("old"), flags: CLONE_PIDFD | CLONE_PARENT_SETTID },
        refused("EINVAL", "one-address-for-two"),
      ],
    ],
  },
  {
    title:
      "ns_last_pid says after which number the search for the next begins; writing it takes a capability over the owner",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, readSysctl("ns_last_pid"), 1],
      [FIRST, writeSysctl("ns_last_pid", 20), 2],
      [FIRST, readSysctl("ns_last_pid"), 20],
      [FIRST, clone("child"), 21],
      [FIRST, writeSysctl("ns_last_pid", 20), 2],
      // That one is taken.
      [FIRST, clone("next"), 22],
      [FIRST, writeSysctl("ns_last_pid", 0), 1],
      [FIRST, clone("again"), 2],
      [FIRST, cloneWith("wished", 0, { setTid: [30] }), 30],
      [FIRST, readSysctl("ns_last_pid"), 2],
      [FIRST, writeSysctl("ns_last_pid", -1), refused("EINVAL", "number-out-of-range")],
      [FIRST, writeSysctl("ns_last_pid", 4_194_305), refused("EINVAL", "number-out-of-range")],
      [FIRST, writeSysctl("ns_last_pid", "x"), refused("EINVAL", "number-out-of-range")],
      ["child", capset("CAP_CHECKPOINT_RESTORE"), 0],
      ["child", writeSysctl("ns_last_pid", 40), 2],
      ["next", capset("CAP_SYS_ADMIN"), 0],
      ["next", writeSysctl("ns_last_pid", 41), 2],
      ["again", capset("CAP_SETUID"), 0],
      ["again", writeSysctl("ns_last_pid", "x"), refused("EPERM", "no-restore-in-pid-namespace")],
      ["again", readSysctl("ns_last_pid"), 41],
    ],
  },
  {
    title: "ns_last_pid is that of the writer's own pid namespace, not of the one for its children",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, clone("maker"), 2],
      ["maker", unshare("pid"), 0],
      ["maker", clone("inner"), 3],
      ["maker", writeSysctl("ns_last_pid", 50), 2],
      ["inner", clone("below"), 2],
      [FIRST, clone("next"), 52],
      // Who is root of another user namespace has no say over this one.
      ["maker", unshare("user"), 0],
      ["maker", writeSysctl("ns_last_pid", 60), refused("EPERM", "no-restore-in-pid-namespace")],
    ],
  },
];
