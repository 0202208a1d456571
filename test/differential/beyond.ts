import { CONSTANTS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import type { Call, TaskName } from "../../src/kernel/call.ts";
import { bindAt } from "../../src/kernel/model/binds.ts";
import { Draft } from "../../src/kernel/model/draft.ts";
import { isZombie } from "../../src/kernel/model/ends.ts";
import { FOLDERS } from "../../src/kernel/model/folders.ts";
import { mountsFound } from "../../src/kernel/model/roots.ts";
import { step } from "../../src/kernel/model/step.ts";
import { viewOf } from "../../src/kernel/model/view.ts";
import type { FileTarget, NsKey, Task, World } from "../../src/kernel/model/world.ts";
import type { HandleRoot } from "../../src/kernel/file-call.ts";
import { hasCapability } from "../../src/rules/has-capability.ts";
import { hasChange, hasSince } from "../../src/rules/kernel-changes.ts";
import { maySeeAll } from "../../src/rules/see-all.ts";
import { fileAt } from "./scene.ts";

/**
 * Why a call is not played: the machine we run on and the model's machine differ there, or the whole machine would be
 * changed. Undefined: it is played.
 */
export function whyNotPlayed(world: World, caller: Task, call: Call): string | undefined {
  const inFirstUser = caller.credentials.user === world.initial.user;
  const inFirstPid = caller.pid === world.initial.pid;
  if (call.op === "read-sysctl" || call.op === "write-sysctl") {
    if (call.name === "pid_max" || call.name === "ns_last_pid" ? inFirstPid : inFirstUser)
      return "these numbers are the machine's";
  }
  if (call.op === "listns" && hasSince(world.release, "6.19")) return "the machine has namespaces of its own";
  const target = "fd" in call ? fileAt(world, caller, call.fd) : undefined;
  if (call.op === "fcntl" && target?.type === "other" && FLAGGED.has(target.what)) {
    return "O_DIRECTORY and O_NOFOLLOW are other bits on each CPU";
  }
  if (call.op === "name_to_handle_at" && target !== undefined && mayHaveHandles(target)) {
    return "other file systems have handles of their own";
  }
  const chrooted = caller.resources !== undefined && world.fss.get(caller.resources.fs)?.chrooted === true;
  if (call.op === "open-path" && !chrooted && !isBound(world, caller, call.path)) {
    return "the path is that of an ordinary file";
  }
  const isMount = target?.type === "namespace" && world.namespaces.get(target.namespace)?.kind === "mnt";
  if (isMount && isWalk(call, world.release) && maySeeAll(viewOf(world), { ...caller }).ok) {
    return "the machine has mount namespaces of its own";
  }
  if (call.op === "open_by_handle_at" && isElsewhere(world, caller, call.mount)) {
    if (call.handle.type !== CONSTANTS.FILEID_NSFS) return "other file systems have handles of their own";
    if (mayMountOver(world, caller)) return "what is mounted where decides: of other mounts the model has none";
  }
  if (call.op === "bind" && chrooted && FOLDERS.has(call.path)) return "there the file to mount over would be made";
  if ((call.op === "exit" || call.op === "kill") && isLastThreadOpen(world, caller, call)) {
    return "any thread of a first process may be the one that ends last, and waits for those who are left";
  }
  if (call.op === "setns" && target?.type === "pidfd" && sharesRoot(world, caller)) {
    const mnt = world.tasks.get(target.task)?.memberships?.mnt;
    const isAsked = (call.nstype & NAMESPACE_KINDS.mnt.flag) !== 0;
    if (isAsked && mnt !== undefined && hasLockedBinds(world, mnt)) {
      return "locked mounts stay below a root that outlasts their namespace, and keep what they lead to";
    }
  }
  if (call.op === "pivot-root" && chrooted) return "its steps go through folders, of which there are none";
  return undefined;
}

/** What was opened with flags that fcntl shows and that have other numbers on arm64. */
const FLAGGED: ReadonlySet<string> = new Set(["directory", "process-directory", "namespace-directory", "link"]);
const WALKS: ReadonlySet<unknown> = new Set(["NS_MNT_GET_NEXT", "NS_MNT_GET_PREV"]);
/** The call of pidfds has the last byte of NS_MNT_GET_NEXT. */
const isWalk = (call: Call, release: string): boolean =>
  (call.op === "ioctl" && WALKS.has(call.request)) ||
  (call.op === "pidfd-ioctl" && call.request === "PIDFD_GET_INFO" && !hasChange(release, "short-struct-is-enotty"));

/** Sockets, pipes and the files of /proc have none, and of namespaces the model knows. */
function mayHaveHandles(target: FileTarget): boolean {
  return (
    target.type === "pidfd" || (target.type === "other" && (target.what === "null" || target.what === "directory"))
  );
}

/** Whether handles are looked up on another file system than nsfs and pidfs. */
function isElsewhere(world: World, caller: Task, mount: HandleRoot | number): boolean {
  if (typeof mount === "string") return mount === "AT_FDCWD";
  const target = fileAt(world, caller, mount);
  return target?.type === "other" || target?.type === "map";
}

/**
 * There, who may mount the file system or bind its mount is let through as far as who has CAP_DAC_READ_SEARCH for the
 * whole machine. Source: fs/fhandle.c may_decode_fh.
 */
const mayMountOver = (world: World, { credentials }: Task): boolean =>
  credentials.user !== world.initial.user &&
  hasCapability(viewOf(world), credentials, credentials.user, "CAP_DAC_READ_SEARCH");

const hasLockedBinds = (world: World, mnt: NsKey): boolean =>
  [...(world.namespaces.get(mnt)?.binds?.values() ?? [])].some(({ locked }) => locked);

const sharesRoot = (world: World, { resources }: Task): boolean =>
  resources !== undefined && (world.fss.held(resources.fs)?.references ?? 0) > 1;

/**
 * Whether the first process of a pid namespace ends with several threads at once, and has to wait for somebody. The first
 * thread hands over to one that has not begun to end yet, and then is a zombie; where all have begun, it waits itself. That
 * is a race. Measured on Linux 6.18, of 40 each: exit_group by the first of two threads hands over 40 times on one CPU and 38
 * times on two; SIGKILL from outside 18 and 10 times. Source: kernel/exit.c find_child_reaper, find_alive_thread.
 */
function isLastThreadOpen(world: World, caller: Task, call: Call): boolean {
  const [after] = step(world, caller.name, call);
  return [...after.tasks.values()].some(
    ({ name, leader }) => name === leader && livingThreads(world, name) > 1 && isWaitingInItsEnd(after, name),
  );
}

const isAlive = (world: World, name: TaskName): boolean => world.tasks.get(name)?.memberships !== undefined;
const threadsOf = (world: World, name: TaskName): TaskName[] => [name, ...(world.tasks.get(name)?.threads ?? [])];
const livingThreads = (world: World, name: TaskName): number =>
  threadsOf(world, name).filter((thread) => isAlive(world, thread)).length;
function isWaitingInItsEnd(world: World, name: TaskName): boolean {
  const task = world.tasks.get(name);
  return task !== undefined && livingThreads(world, name) === 0 && !isZombie(new Draft(world), task);
}

function isBound(world: World, caller: Task, path: string): boolean {
  const mnt = mountsFound(world, caller);
  return mnt !== undefined && bindAt(mnt, path) !== undefined;
}
