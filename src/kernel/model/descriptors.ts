import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { mayRead, type ReadTarget } from "../../rules/may-read.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { TaskName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { linkTarget } from "./memberships.ts";
import { viewOf } from "./view.ts";
import type { Namespace, NsKey, Task, World } from "./world.ts";

/** What `fcntl(fd, F_GETFL)` shows of a file opened by name: O_RDONLY | O_LARGEFILE. One that an ioctl made shows 0. */
const O_LARGEFILE = 0x8000;
const FD_CLOEXEC = 1;

type Worldly = Pick<World, "tasks" | "namespaces">;

/** The namespace behind /proc/PID/ns/LINK, as far as one task may see it. Source: fs/proc/namespaces.c. */
export function followLink(world: Worldly, caller: Task, of: TaskName, link: ProcLink): Outcome<NsKey> {
  const target = world.tasks.get(of);
  if (target === undefined || numberIn(target, caller.pid) === undefined) return refused("ENOENT", "no-such-process");
  const may = mayRead(viewOf(world), caller.credentials, readTarget(caller, target), "fs");
  if (!may.ok) return may;
  const ns = linkTarget(target, link);
  if (ns === undefined) return refused("ENOENT", "process-has-exited");
  if (link === "pid_for_children" && world.namespaces.get(ns)?.pid?.init === "unborn") {
    return refused("ENOENT", "pid-namespace-unborn");
  }
  return ok(ns);
}

const readTarget = (caller: Task, target: Task): ReadTarget<NsKey> => ({
  credentials: target.credentials,
  dumpable: target.memberships === undefined ? undefined : target.dumpable,
  memoryUser: target.memoryUser,
  sameThreadGroup: caller.name === target.name,
});

/** A task's number as a pid namespace sees it; undefined where it has none there. */
export const numberIn = (task: Task, pid: NsKey): number | undefined =>
  task.numbers.find(({ ns }) => ns === pid)?.number;

export function open(draft: Draft, caller: Task, of: TaskName, link: ProcLink): Outcome<number> {
  const ns = followLink(draft, caller, of, link);
  return ns.ok ? ok(install(draft, caller, ns.value, O_LARGEFILE)) : ns;
}

/** Opens a namespace at the lowest free descriptor. */
export function install(draft: Draft, caller: Task, ns: NsKey, flags = 0): number {
  const task = draft.task(caller.name);
  let fd = 0;
  while (task.descriptors.has(fd)) fd++;
  draft.put({ ...task, descriptors: task.descriptors.set(fd, draft.openFile(ns, flags)) });
  return fd;
}

export function close(draft: Draft, caller: Task, fd: number): Outcome<number> {
  const file = caller.descriptors.get(fd);
  if (file === undefined) return refused("EBADF", "bad-descriptor");
  draft.put({ ...caller, descriptors: caller.descriptors.delete(fd) });
  draft.releaseFile(file);
  return ok(0);
}

/** The namespace behind a descriptor. */
export function behind(draft: Draft, caller: Task, fd: number): Outcome<Namespace> {
  const file = caller.descriptors.get(fd);
  if (file === undefined) return refused("EBADF", "bad-descriptor");
  return ok(draft.namespace(draft.file(file).namespace));
}

export function fcntl(draft: Draft, caller: Task, fd: number, command: "F_GETFD" | "F_GETFL"): Outcome<number> {
  const file = caller.descriptors.get(fd);
  if (file === undefined) return refused("EBADF", "bad-descriptor");
  return ok(command === "F_GETFD" ? FD_CLOEXEC : draft.file(file).flags);
}
