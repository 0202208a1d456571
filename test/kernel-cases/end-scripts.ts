import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { taskName, type Call } from "../../src/kernel/call.ts";
import { clone, exit, fstat, open, refused, send, setns, setresuid, SHELL, unshare, type Script } from "./script.ts";

/** How tasks end, who becomes whose parent, and who waits for whom. */
const { CLONE_VM, CLONE_SIGHAND, CLONE_THREAD, CLONE_VFORK, CLONE_PARENT, CLONE_SYSVSEM } = CLONE_FLAGS;
const wait = (child: string): Call => ({ op: "wait", child: taskName(child) });
const cloneWith = (as: string, flags: number): Call => ({ op: "clone", as: taskName(as), flags });
const thread = (as: string): Call => cloneWith(as, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM);
const getpid: Call = { op: "getpid" };
const getppid: Call = { op: "getppid" };
const exitThread: Call = { op: "exit-thread" };
const noChild = refused("ECHILD", "no-such-child");

const kill = (of: string): Call => ({ op: "kill", of: taskName(of), signal: "SIGKILL" });
const mayKill = (of: string): Call => ({ op: "kill", of: taskName(of), signal: "none" });

export const END_SCRIPTS: readonly Script[] = [
  {
    title: "whoever may send a signal ends a process with all its threads; a zombie hears of none",
    uid: 0,
    lines: [
      [SHELL, clone("victim"), "done"],
      ["victim", thread("thread"), "done"],
      [SHELL, mayKill("victim"), 0],
      [SHELL, kill("thread"), 0],
      [SHELL, mayKill("victim"), 0],
      [SHELL, open("victim", "net"), refused("ENOENT", "process-has-exited")],
      [SHELL, wait("victim"), "done"],
      [SHELL, mayKill("victim"), refused("ESRCH", "no-such-process")],
      [SHELL, clone("stranger"), "done"],
      ["stranger", setresuid(2000), 0],
      ["stranger", kill(SHELL), refused("EPERM", "no-kill")],
      [SHELL, clone("own"), "done"],
      ["own", kill("own"), 0],
      [SHELL, wait("own"), "done"],
    ],
  },
  {
    title: "the first process of a pid namespace hears of signals from outside only, and takes the others along",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      ["box", clone("child"), 2],
      ["child", kill(SHELL), refused("ESRCH", "no-such-process")],
      ["child", kill("box"), 0],
      ["box", kill("box"), 0],
      ["box", getpid, 1],
      [SHELL, kill("box"), 0],
      [SHELL, mayKill("child"), refused("ESRCH", "no-such-process")],
      [SHELL, wait("box"), "done"],
    ],
  },
  {
    title: "a descriptor that is sent leads to the same open file, and keeps its namespace",
    uid: 0,
    lines: [
      [SHELL, clone("box", "uts"), "done"],
      ["box", open("box", "uts"), 0],
      ["box", fstat(0), { names: "uts of box" }],
      ["box", send(0, SHELL), 0],
      ["box", send(7, SHELL), refused("EBADF", "bad-descriptor")],
      ["box", exit, 0],
      [SHELL, wait("box"), "done"],
      [SHELL, fstat(0), { is: "uts of box" }],
      [SHELL, setns(0, "uts"), 0],
    ],
  },
  {
    title: "an orphan gets the first process of its pid namespace, which has to wait for it",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      ["box", getppid, 0],
      ["box", clone("middle"), 2],
      ["middle", clone("low"), 3],
      ["low", getppid, 2],
      ["middle", exit, 0],
      ["low", getppid, 1],
      ["box", wait("low"), 0],
      ["low", exit, 0],
      [SHELL, wait("low"), noChild],
      ["box", wait("low"), 3],
      ["box", wait("middle"), 2],
      ["box", wait("middle"), noChild],
    ],
  },
  {
    title: "an orphan of the initial pid namespace is waited for at once",
    uid: 1000,
    lines: [
      [SHELL, clone("middle"), "done"],
      ["middle", clone("low"), "done"],
      ["middle", clone("zombie"), "done"],
      ["zombie", exit, 0],
      ["middle", exit, 0],
      [SHELL, wait("low"), noChild],
      ["low", exit, 0],
      [SHELL, wait("middle"), "done"],
    ],
  },
  {
    title: "the first process takes everybody in its pid namespace along, and those below",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      ["box", clone("child"), "done"],
      ["child", clone("inner", "pid"), "done"],
      ["inner", clone("deep"), "done"],
      [SHELL, open("deep", "pid"), 0],
      ["box", exit, 0],
      [SHELL, open("deep", "net"), refused("ENOENT", "no-such-process")],
      [SHELL, wait("box"), "done"],
      [SHELL, setns(0, "pid"), 0],
      [SHELL, clone("late"), refused("ENOMEM", "pid-namespace-dead")],
    ],
  },
  {
    title: "a zombie in it whose parent is outside keeps the first process from its end",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      [SHELL, open("box", "pid"), 0],
      [SHELL, clone("helper"), "done"],
      ["helper", setns(0, "pid"), 0],
      ["helper", clone("inside"), "done"],
      ["inside", getpid, 2],
      ["inside", getppid, 0],
      ["box", exit, 0],
      [SHELL, wait("box"), 0],
      ["helper", wait("inside"), "done"],
      [SHELL, wait("box"), "done"],
    ],
  },
  {
    title: "where the parent outside ends, the first process comes to its end too",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      [SHELL, open("box", "pid"), 0],
      [SHELL, clone("helper"), "done"],
      ["helper", setns(0, "pid"), 0],
      ["helper", clone("inside"), "done"],
      ["box", exit, 0],
      [SHELL, wait("box"), 0],
      ["helper", exit, 0],
      [SHELL, wait("box"), "done"],
    ],
  },
  {
    title: "the children of one who came in from outside go to the first process inside",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      [SHELL, open("box", "pid"), 0],
      [SHELL, clone("helper"), "done"],
      ["helper", setns(0, "pid"), 0],
      ["helper", clone("inside"), "done"],
      ["inside", clone("low"), 3],
      ["inside", exit, 0],
      ["low", getppid, 1],
      ["low", exit, 0],
      ["box", wait("low"), 3],
      ["box", wait("inside"), noChild],
      ["helper", wait("inside"), "done"],
    ],
  },
  {
    title: "a process lives as long as one of its threads, the first process of a pid namespace as well",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      ["box", thread("second"), 2],
      ["box", clone("child"), 3],
      ["box", exitThread, 0],
      [SHELL, wait("box"), 0],
      ["child", getppid, 1],
      ["second", clone("other"), 4],
      ["second", exitThread, 0],
      [SHELL, wait("box"), "done"],
      [SHELL, open("child", "net"), refused("ENOENT", "no-such-process")],
    ],
  },
  {
    title: "a sibling is the parent's to wait for",
    uid: 1000,
    lines: [
      [SHELL, clone("one"), "done"],
      ["one", cloneWith("two", CLONE_PARENT), "done"],
      ["two", exit, 0],
      ["one", wait("two"), noChild],
      [SHELL, wait("two"), "done"],
    ],
  },
  {
    title: "CLONE_VFORK: the caller goes on once the child has ended, or executes a program",
    uid: 1000,
    lines: [
      [SHELL, cloneWith("first", CLONE_VM | CLONE_VFORK), "done"],
      ["first", exit, 0],
      [SHELL, wait("first"), "done"],
      [SHELL, cloneWith("second", CLONE_VM | CLONE_VFORK), "done"],
      ["second", { op: "exec" }, 0],
      [SHELL, wait("second"), 0],
      ["second", exit, 0],
      [SHELL, wait("second"), "done"],
    ],
  },
  {
    title: "a program executed from a child that shares memory is in the time namespace for children",
    uid: 0,
    lines: [
      [SHELL, unshare("time"), 0],
      [SHELL, open(SHELL, "time_for_children"), 0],
      [SHELL, fstat(0), { names: "new" }],
      [SHELL, cloneWith("child", CLONE_VM | CLONE_VFORK), "done"],
      ["child", open("child", "time"), 1],
      ["child", fstat(1), { names: "old" }],
      ["child", { op: "dup", fd: 1 }, 2],
      ["child", { op: "exec" }, 0],
      ["child", fstat(1), refused("EBADF", "bad-descriptor")],
      ["child", fstat(2), { is: "old" }],
      ["child", open("child", "time"), 0],
      ["child", fstat(0), { is: "new" }],
    ],
  },
  {
    title: "unshare takes CLONE_NEWIPC and CLONE_SYSVSEM together, which clone refuses",
    uid: 0,
    lines: [
      [SHELL, { op: "unshare", flags: 0x08000000 | CLONE_SYSVSEM }, 0],
      [SHELL, cloneWith("child", 0x08000000 | CLONE_SYSVSEM), refused("EINVAL", "flags-exclude-each-other")],
    ],
  },
];
