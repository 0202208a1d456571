import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import type { Call } from "../../src/kernel/call.ts";
import { clone, exit, open, pidfdIoctl, pidfdOpen, refused, setresuid, SHELL, unshare, type Script } from "./script.ts";
import { cloneWith, THREAD, wait } from "./facts/standings.ts";

/** execve by one of several threads. */
const exec: Call = { op: "exec" };
const getpid: Call = { op: "getpid" };
const getppid: Call = { op: "getppid" };
const exitThread: Call = { op: "exit-thread" };
const { PIDFD_THREAD } = CONSTANTS;
const { CLONE_VM, CLONE_VFORK, CLONE_FILES } = CLONE_FLAGS;

export const EXEC_SCRIPTS: readonly Script[] = [
  {
    title: "a further thread that executes a program goes on as the first, alone and under its number",
    uid: 0,
    lines: [
      [SHELL, clone("init", "pid"), "done"],
      ["init", clone("first"), 2],
      ["first", clone("child"), 3],
      ["first", cloneWith("second", THREAD), 4],
      ["first", cloneWith("third", THREAD), 5],
      ["init", pidfdOpen("first"), 0],
      ["init", pidfdOpen("second", PIDFD_THREAD), 1],
      ["init", pidfdOpen("first", PIDFD_THREAD), 2],
      ["second", exec, 0],
      ["first", getpid, 2],
      ["child", getppid, 2],
      ["init", pidfdOpen("third", PIDFD_THREAD), refused("ESRCH", "no-such-process")],
      ["init", pidfdOpen("second", PIDFD_THREAD), refused("ESRCH", "no-such-process")],
      ["init", pidfdIoctl(0, "PIDFD_GET_INFO"), 2],
      ["init", pidfdIoctl(1, "PIDFD_GET_INFO"), refused("ESRCH", "process-gone")],
      ["init", pidfdIoctl(2, "PIDFD_GET_INFO"), 2],
      // Alone: what takes a process of one thread goes.
      ["first", unshare("user"), 0],
      ["child", exit, 0],
      ["first", wait("child"), 3],
      ["first", exit, 0],
      ["init", wait("first"), 2],
    ],
  },
  {
    title: "a further thread that executes a program ends a first one that waits for a child with its memory",
    uid: 0,
    lines: [
      [SHELL, clone("init", "pid"), "done"],
      ["init", clone("first"), 2],
      ["first", cloneWith("second", THREAD), 3],
      ["first", cloneWith("child", CLONE_VM | CLONE_VFORK), 4],
      ["second", exec, 0],
      // By the thread that has its place: the call of the other is never answered.
      ["first", getpid, 2],
      ["child", getppid, 2],
      ["child", exit, 0],
      ["first", wait("child"), 4],
      ["first", exit, 0],
      ["init", wait("first"), 2],
    ],
  },
  {
    title: "a further thread takes the place of a first one that had ended before",
    uid: 0,
    lines: [
      [SHELL, clone("init", "pid"), "done"],
      ["init", clone("first"), 2],
      ["first", cloneWith("second", THREAD), 3],
      ["first", exitThread, 0],
      ["second", getpid, 2],
      ["second", exec, 0],
      ["first", getpid, 2],
      ["init", open("first", "net"), 0],
      ["first", exit, 0],
      ["init", wait("first"), 2],
    ],
  },
  {
    title: "what is each thread's own, its ids and namespaces, is the caller's after execve",
    uid: 0,
    lines: [
      [SHELL, clone("first"), "done"],
      ["first", cloneWith("second", THREAD | CLONE_FILES), "done"],
      ["second", unshare("uts"), 0],
      ["second", open("second", "uts"), 0],
      ["second", { op: "fstat", fd: 0 }, { names: "new" }],
      ["second", { op: "setresuid", ids: { real: -1, effective: 1000, saved: -1 } }, 0],
      ["first", { op: "getresuid" }, { reads: { ids: { real: 0, effective: 0, saved: 0 } } }],
      ["second", exec, 0],
      ["first", { op: "getresuid" }, { reads: { ids: { real: 0, effective: 1000, saved: 1000 } } }],
      ["first", setresuid({ real: -1, effective: 0, saved: -1 }), 0],
      ["first", open("first", "uts"), 0],
      ["first", { op: "fstat", fd: 0 }, { is: "new" }],
    ],
  },
  {
    title: "who waits by CLONE_VFORK for a thread's process goes on when another thread of it executes a program",
    uid: 0,
    lines: [
      [SHELL, cloneWith("first", CLONE_VM | CLONE_VFORK), "done"],
      ["first", cloneWith("second", THREAD), "done"],
      ["second", exec, 0],
      [SHELL, wait("first"), 0],
      ["first", exit, 0],
      [SHELL, wait("first"), "done"],
    ],
  },
  {
    title: "the first process of a pid namespace stays its first when another thread executes a program",
    uid: 0,
    lines: [
      [SHELL, clone("init", "pid"), "done"],
      ["init", clone("child"), 2],
      ["init", cloneWith("second", THREAD), 3],
      ["second", exec, 0],
      ["init", getpid, 1],
      ["child", clone("orphan"), 4],
      ["child", exit, 0],
      ["init", wait("child"), 2],
      ["orphan", getppid, 1],
      ["init", exit, 0],
      [SHELL, open("orphan", "net"), refused("ENOENT", "no-such-process")],
    ],
  },
];
