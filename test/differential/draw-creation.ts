import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import type { SysctlName } from "../../src/kernel/call.ts";
import type { Task } from "../../src/kernel/model/world.ts";
import type { Clone3Arguments } from "../../src/rules/clone3-arguments.ts";
import type { Digits } from "./digits.ts";
import type { Rows } from "./draft-call.ts";
import type { Scene } from "./scene.ts";

const FLAGS = KINDS.map((kind) => NAMESPACE_KINDS[kind].flag);
const { CLONE_FS, CLONE_FILES, CLONE_VM, CLONE_SIGHAND, CLONE_THREAD, CLONE_VFORK, CLONE_PARENT, CLONE_SYSVSEM } =
  CLONE_FLAGS;
const { CLONE_PIDFD, CLONE_PARENT_SETTID, CLONE_INTO_CGROUP } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
/** What a new task shares with its maker. */
const SHARED = [
  CLONE_FS,
  CLONE_FILES,
  CLONE_VM,
  THREAD,
  THREAD | CLONE_FS,
  THREAD | CLONE_FILES,
  CLONE_PARENT,
  CLONE_VM | CLONE_FS,
  CLONE_VFORK,
  CLONE_THREAD,
  CLONE_SIGHAND,
  CLONE_SYSVSEM,
  CLONE_VM | CLONE_VFORK,
];
const SIGCHLD = 17;
const SIZES = [63, 64, 65, 71, 73, 80, 81, 88, 89, 96, 4097];
const LIMITS: readonly SysctlName[] = KINDS.map((kind) => `max_${kind}_namespaces` as const);

/** Calls that make tasks and namespaces, or end them. */
export const CREATION_ROWS = {
  unshare: {
    weight: 18,
    draw: (_, __, digits) => ({
      op: "unshare",
      flags: kinds(digits) | (digits.once(6) ? digits.pick([CLONE_FS, CLONE_FILES, CLONE_VM, CLONE_THREAD, 1]) : 0),
    }),
  },
  clone: {
    weight: 16,
    draw: (scene, caller, digits) => {
      const as = scene.newName();
      if (as === undefined) return undefined;
      const flags = (digits.once(2) ? kinds(digits) : 0) | (digits.once(3) ? digits.pick(SHARED) : 0);
      if (digits.once(40)) return { op: "clone", flags: flags + CLONE_INTO_CGROUP, as, args: noCgroup(digits) };
      const args = digits.once(5) ? drawArguments(levelOfChild(scene, caller, flags), digits) : undefined;
      return { op: "clone", flags, as, ...(args === undefined ? {} : { args }) };
    },
  },
  "legacy-clone": {
    weight: 3,
    draw: (scene, _, digits) => {
      const as = scene.newName();
      if (as === undefined) return undefined;
      // It is given no address for a pidfd.
      const shared = [...SHARED, CLONE_PIDFD, CLONE_PIDFD | CLONE_PARENT_SETTID];
      const flags = (digits.once(2) ? kinds(digits) : 0) | (digits.once(4) ? digits.pick(shared) : 0);
      return { op: "legacy-clone", flags: (flags & ~0xff) | SIGCHLD, as };
    },
  },
  "read-sysctl": {
    weight: 1,
    draw: (_, __, digits) => ({ op: "read-sysctl", name: digits.pick([...LIMITS, "pid_max", "ns_last_pid"] as const) }),
  },
  "write-sysctl": {
    weight: 3,
    draw: (_, __, digits) =>
      digits.once(9)
        ? digits.once(2)
          ? { op: "write-sysctl", name: "ns_last_pid", text: digits.pick(["0", "20", "299", "320", "-1"]) }
          : { op: "write-sysctl", name: "pid_max", text: digits.pick(["301", "400", "300", "x"]) }
        : { op: "write-sysctl", name: digits.pick(LIMITS), text: digits.pick(["1", "0", "2", "3", "-1", "x", "50"]) },
  },
  chroot: { weight: 2, draw: (_, __, digits) => ({ op: "chroot", path: digits.once(3) ? "/" : EMPTY_FOLDER }) },
  "pivot-root": { weight: 1, draw: () => ({ op: "pivot-root" }) },
  getpid: { weight: 1, draw: () => ({ op: "getpid" }) },
  getppid: { weight: 2, draw: () => ({ op: "getppid" }) },
  exec: {
    weight: 4,
    draw: () => ({ op: "exec" }),
  },
  kill: {
    weight: 5,
    // Nobody is left to make calls without the first task.
    draw: (scene, _, digits) => {
      const of = scene.task(digits);
      const leader = scene.tasks.find(({ name }) => name === of)?.leader;
      return { op: "kill", of, signal: leader === scene.tasks[0]?.name || digits.once(3) ? "none" : "SIGKILL" };
    },
  },
  listns: { weight: 1, draw: (_, __, digits) => ({ op: "listns", types: digits.pick([0, ...FLAGS]) }) },
  exit: { weight: 6, draw: (scene, caller) => (caller === scene.tasks[0] ? undefined : { op: "exit" }) },
  "exit-thread": {
    weight: 2,
    draw: (scene, caller) => (caller === scene.tasks[0] ? undefined : { op: "exit-thread" }),
  },
  wait: { weight: 7, draw: (scene, caller, digits) => ({ op: "wait", child: childOf(scene, caller, digits) }) },
} as const satisfies Rows;

/** The path of an empty folder on both kernels: whoever has it as root sees no file at all. */
export const EMPTY_FOLDER = "empty";

/** One kind or several; often with a user namespace, which makes the others possible. */
export function kinds(digits: Digits): number {
  let flags = digits.pick(FLAGS);
  if (digits.once(2)) flags |= NAMESPACE_KINDS.user.flag;
  if (digits.once(3)) flags |= digits.pick(FLAGS) | digits.pick(FLAGS);
  return flags;
}

/** How many pid namespaces below the first one a child would be in. */
function levelOfChild({ world }: Scene, { memberships, pid }: Task, flags: number): number {
  const isNew = (flags & NAMESPACE_KINDS.pid.flag) !== 0;
  const ns = isNew ? pid : memberships?.pid_for_children;
  return (ns === undefined ? 0 : (world.namespaces.get(ns)?.level ?? 0)) + (isNew ? 1 : 0);
}

function drawArguments(level: number, digits: Digits): Clone3Arguments {
  const setTid = numbers(level, digits);
  switch (digits.next(4)) {
    case 0:
      return { setTid: digits.once(12) ? "bad-address" : setTid };
    case 1:
      return { setTid, size: digits.pick(SIZES) };
    case 2:
      return { size: digits.pick(SIZES), junkBehind: digits.once(3) };
    default:
      return { setTid, setTidSize: digits.pick([0, 1, setTid.length, 33]), exitSignal: digits.pick([SIGCHLD, 65]) };
  }
}

/** No descriptor that we open is of a cgroup's folder. */
const noCgroup = (digits: Digits): Clone3Arguments => ({
  cgroup: digits.pick([0, 1, 77, 0x7fffffff, -1]),
  ...(digits.once(6) && { size: digits.pick([80, 87]) }),
});

/** Wishes of numbers. The first pid namespace's are everybody's: of those only such that nobody can get. */
function numbers(level: number, digits: Digits): readonly number[] {
  const below = (): number => digits.pick([1, 2, 3, 7, 1, 50, 0, -1]);
  return Array.from({ length: 1 + digits.next(level + 2) }, (_, at) => (at < level ? below() : digits.pick([0, -1])));
}

/** Mostly a child of the caller's process. */
function childOf(scene: Scene, caller: Task, digits: Digits) {
  const children = scene.tasks.filter(({ parent, leader, name }) => parent === caller.leader && leader === name);
  const ended = children.filter(({ memberships }) => memberships === undefined);
  const from = digits.once(5) ? scene.tasks : ended.length > 0 ? ended : children;
  return from.length === 0 ? digits.pick(scene.tasks).name : digits.pick(from).name;
}
