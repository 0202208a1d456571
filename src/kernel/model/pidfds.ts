import { CONSTANTS } from "../../abi/constants.ts";
import { PIDFD_IOCTLS } from "../../abi/ioctls.ts";
import { mayRead } from "../../rules/may-read.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import { hasChange, hasSince } from "../../rules/kernel-changes.ts";
import type { FileCall } from "../file-call.ts";
import { descriptorAt, fileAt, install, numberIn, readTarget, receive } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { taskWithNumber } from "./proc-paths.ts";
import { viewOf } from "./view.ts";
import type { PidfdTarget, Task } from "./world.ts";

/** O_RDWR; what F_GETFL shows of a pidfd. */
export const O_RDWR = 2;
const { PIDFD_THREAD, O_NONBLOCK } = CONSTANTS;

/** pidfd_open(2). Source: kernel/pid.c sys_pidfd_open, kernel/fork.c pidfd_prepare. */
export function pidfdOpen(
  draft: Draft,
  caller: Task,
  of: TaskName | { readonly number: number },
  flags: number,
): Outcome<number> {
  const number = typeof of === "object" ? of.number : numberOf(draft, caller, of);
  const known = hasChange(draft.release, "pidfds-of-threads") ? PIDFD_THREAD | O_NONBLOCK : O_NONBLOCK;
  if ((flags & ~known) !== 0 || (number !== undefined && number <= 0)) return refused("EINVAL", "bad-pid");
  const task = number === undefined ? undefined : taskWithNumber(draft, caller.pid, number);
  if (task === undefined) return refused("ESRCH", "no-such-process");
  const thread = (flags & PIDFD_THREAD) !== 0;
  if (!thread && task.leader !== task.name) {
    return refused(
      hasChange(draft.release, "thread-number-is-enoent") ? "ENOENT" : "EINVAL",
      "not-a-thread-group-leader",
    );
  }
  return ok(install(draft, caller, pidfdOf(task, thread), O_RDWR | flags));
}

function numberOf(draft: Draft, caller: Task, name: TaskName): number | undefined {
  const task = draft.tasks.get(name);
  return task === undefined ? undefined : numberIn(task, caller.pid);
}

/** What a pidfd leads to. */
export const pidfdOf = ({ name, numbers }: Task, thread: boolean): PidfdTarget => ({
  type: "pidfd",
  task: name,
  thread,
  seenIn: numbers.map(({ ns }) => ns),
});

/**
 * What came before any look at the number of an ioctl until Linux 6.13, where pidfds have any: that it passes nothing, and whom it
 * is about. Source: fs/pidfs.c pidfd_ioctl.
 */
export function mayAskOf(
  draft: Draft,
  caller: Task,
  { task }: PidfdTarget,
  { passesSome }: { readonly passesSome: boolean },
): Outcome<unknown> {
  const hasAny = hasSince(draft.release, PIDFD_IOCTLS.PIDFD_GET_NET_NAMESPACE.since);
  if (!hasAny || hasChange(draft.release, "pidfd-command-first")) return ok(true);
  return passesSome ? refused("EINVAL", "argument-not-zero") : mayHaveNamespaces(draft, caller, draft.tasks.get(task));
}

/** The process that a pidfd leads to, where it still has namespaces and the caller may look at it. */
export function mayHaveNamespaces(draft: Draft, caller: Task, task: Task | undefined): Outcome<Task> {
  if (task === undefined) return refused("ESRCH", "process-gone");
  if (task.memberships === undefined) return refused("ESRCH", "process-has-exited");
  const may = mayRead(viewOf(draft), caller.credentials, readTarget(draft, caller, task), "fs");
  return may.ok ? ok(task) : may;
}

/**
 * pidfd_getfd(2): whoever may attach to a process may have its open files; without Yama this is the check of setns.
 * Source: kernel/pid.c pidfd_getfd, __pidfd_fget.
 */
export function pidfdGetfd(
  draft: Draft,
  caller: Task,
  { fd, target, flags = 0 }: Extract<FileCall, { op: "pidfd_getfd" }>,
): Outcome<number> {
  if (!hasSince(draft.release, PIDFD_GETFD_SINCE)) return refused("ENOSYS", "call-unknown-to-kernel");
  if (flags !== 0) return refused("EINVAL", "argument-not-zero");
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return file;
  if ((file.value.flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  if (file.value.target.type !== "pidfd") return refused("EBADF", "not-a-pidfd");
  const process = draft.tasks.get(file.value.target.task);
  if (process === undefined) return refused("ESRCH", "process-gone");
  const may = mayRead(viewOf(draft), caller.credentials, readTarget(draft, caller, process), "real");
  if (!may.ok) return refused("EPERM", may.reason);
  if (process.resources === undefined) {
    const isTold = hasChange(draft.release, "ended-processes-have-no-files");
    return isTold ? refused("ESRCH", "process-has-exited") : refused("EBADF", "process-has-exited");
  }
  const found = descriptorAt(draft, process, target);
  return found.ok ? ok(receive(draft, caller, found.value)) : found;
}
const PIDFD_GETFD_SINCE = "5.6";
