import { CONSTANTS } from "../../abi/constants.ts";
import { PIDFD_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import { hasSince } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { FileCall } from "../file-call.ts";
import { fileAt, install, numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { ioctl } from "./ioctl-requests.ts";
import { linkTarget } from "./memberships.ts";
import { mayAskOf, mayHaveNamespaces } from "./pidfds.ts";
import type { NsKey, Task } from "./world.ts";

/** ioctl(2) on a pidfd. Source: fs/pidfs.c pidfd_ioctl. */
export function pidfdIoctl(
  draft: Draft,
  caller: Task,
  { fd, request, argument = 0 }: Extract<FileCall, { op: "pidfd-ioctl" }>,
): Outcome<Value> {
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return file;
  if ((file.value.flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  const { target } = file.value;
  // The struct that PIDFD_GET_INFO is passed counts as an argument.
  const hasStruct = request === "PIDFD_GET_INFO";
  if (target.type === "namespace") {
    // There the number counts, which may be that of another call.
    const number = typeof request === "number" ? request : requestNumber(PIDFD_IOCTLS[request]);
    const passed = hasStruct ? {} : { argument: argument === 0 ? ("null" as const) : argument };
    const answer = ioctl(draft, caller, { op: "ioctl", fd, request: number, ...passed });
    return answer.ok || answer.errno !== "ENOTTY" ? answer : refused("ENOTTY", "not-a-pidfd");
  }
  if (target.type !== "pidfd") return refused("ENOTTY", "not-a-pidfd");
  const task = draft.tasks.get(target.task);
  const known = typeof request !== "number" && hasSince(draft.release, PIDFD_IOCTLS[request].since);
  const may = mayAskOf(draft, caller, target, { passesSome: argument !== 0 || hasStruct });
  if (!may.ok) return may;
  if (!known) return refused("ENOTTY", "call-unknown-to-kernel");
  return hasStruct
    ? info(caller, target.seenIn, task)
    : namespaceOfTask(draft, caller, { task, link: PIDFD_IOCTLS[request].link, argument });
}

/** The number that the caller sees. Whether it sees any is asked first, also after the end. Source: fs/pidfs.c pidfd_info. */
function info({ pid }: Task, seenIn: readonly NsKey[], task: Task | undefined): Outcome<number> {
  if (!seenIn.includes(pid)) return refused("EREMOTE", "process-outside-view");
  return task === undefined ? refused("ESRCH", "process-gone") : ok(numberIn(task, pid) ?? 0);
}

/** One of the namespaces of a process. Since Linux 6.11. */
function namespaceOfTask(
  draft: Draft,
  caller: Task,
  { task, link, argument }: { task: Task | undefined; link: ProcLink; argument: number },
): Outcome<number> {
  if (task !== undefined && argument !== 0) return refused("EINVAL", "argument-not-zero");
  const process = mayHaveNamespaces(draft, caller, task);
  if (!process.ok) return process;
  const namespace = linkTarget(process.value, link);
  if (namespace === undefined) throw new Error("a living task has all namespaces");
  return ok(install(draft, caller, { type: "namespace", namespace }));
}
