import type { NamespaceId } from "../../abi/ids.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { AssumedFact } from "../proof.ts";

/**
 * A call of a step, as the model's kernel has it. What a call opens has a name (`gives`), by which later ones of the same
 * path take it (`on`); `fd:3` is a descriptor that the process had all along.
 */
export type ReachCall =
  /** openat(2) of /proc/PID/ns/LINK; with `tid` of /proc/PID/task/TID/ns/LINK. */
  | { readonly op: "open"; readonly of: number; readonly tid?: number; readonly link: ProcLink; readonly gives: string }
  /** openat(2) of /proc/PID/fd/FD. */
  | { readonly op: "reopen"; readonly of: number; readonly fd: number; readonly gives: string }
  /** openat(2) of a path over which the namespace's file is mounted, in the mount namespace that the process is in by then. */
  | { readonly op: "open-path"; readonly path: string; readonly gives: string }
  | { readonly op: "ioctl"; readonly request: "NS_GET_USERNS"; readonly on: string; readonly gives: string }
  | { readonly op: "setns"; readonly on: string }
  | { readonly op: "pidfd_open"; readonly of: number; readonly gives: string }
  /** What ptrace(2) and pidfd_getfd(2) ask is the same; the second can be tried without harm, and by `fd` takes that one. */
  | { readonly op: "pidfd_getfd"; readonly on: string }
  | { readonly op: "pidfd_getfd"; readonly on: string; readonly fd: number; readonly gives: string }
  /** capset(2): the effective set becomes the permitted one. */
  | { readonly op: "capset"; readonly permitted: string }
  | { readonly op: "unshare"; readonly flags: number }
  /** dup(2): execve(2) leaves what it gives open. */
  | { readonly op: "dup"; readonly on: string; readonly gives: string }
  /** prctl(2), PR_SET_KEEPCAPS. */
  | { readonly op: "keep-caps" }
  /** All three, as the process's own user namespace numbers ids. */
  | { readonly op: "setresuid" | "setresgid"; readonly id: number }
  /** execve(2) of any program without set-id bits and file capabilities. */
  | { readonly op: "exec" };

/** What lets a process take a step. */
export type Because =
  /** It has the ids of the other one, and no fewer capabilities. */
  | { readonly rule: "same-ids" }
  /** The bit in its effective set counts in that user namespace and below. */
  | { readonly rule: "capability"; readonly user: NamespaceId }
  /** It is in the parent of that user namespace, with the uid that made it. */
  | { readonly rule: "owner"; readonly user: NamespaceId }
  /** It is uid 0 of that user namespace, and a program that it starts gets what its bounding set leaves. */
  | { readonly rule: "root"; readonly user: NamespaceId }
  | { readonly rule: "itself" };

/** What a step does. */
export type Way =
  /** It uses capabilities that it is permitted and had lowered. */
  | { readonly way: "raise" }
  /** It takes other ids (in the viewer's numbers) with its capabilities kept; null: stays as it is. */
  | { readonly way: "become"; readonly uid: number | null; readonly gid: number | null }
  /** It starts a program as root. */
  | { readonly way: "execute" }
  /** It attaches to another process, which from then on does as it wishes. */
  | { readonly way: "take-over"; readonly pid: number }
  | { readonly way: "join"; readonly namespace: NamespaceId; readonly through: Through }
  /** The files of a mount namespace, under /proc/PID/root. */
  | { readonly way: "look"; readonly namespace: NamespaceId; readonly pid: number }
  /** A user namespace of its own, with every capability in it, and namespaces that it owns. */
  | { readonly way: "unshare" };

/** By what a namespace was found. */
export type Through =
  | { readonly by: "link"; readonly pid: number; readonly tid?: number; readonly link: ProcLink }
  /** A path over which its file is mounted. */
  | { readonly by: "mount"; readonly path: string }
  | { readonly by: "descriptor"; readonly pid: number; readonly fd: number }
  /** The same of a process that it may attach to: pidfd_getfd(2). */
  | { readonly by: "taken-descriptor"; readonly pid: number; readonly fd: number };

export interface ReachStep {
  /** The process that makes the calls. */
  readonly by: number;
  readonly how: Way;
  readonly because: Because;
  readonly calls: readonly ReachCall[];
  /** What no file tells, and is taken to be as it mostly is. */
  readonly assumed: readonly AssumedFact[];
}

/** The last step of a path, and the one before it. */
export interface PathNode {
  readonly before: PathNode | undefined;
  readonly step: ReachStep;
  readonly length: number;
}

export const after = (before: PathNode | undefined, step: ReachStep): PathNode => ({
  before,
  step,
  length: (before?.length ?? 0) + 1,
});

/** From the first step to the last. */
export function stepsOf(node: PathNode | undefined): readonly ReachStep[] {
  const steps: ReachStep[] = [];
  for (let at = node; at !== undefined; at = at.before) steps.push(at.step);
  return steps.reverse();
}

/** Whether the process that the path has come to has executed a program on it. */
export function hasExecuted(node: PathNode | undefined): boolean {
  for (let at = node; at !== undefined && at.step.how.way !== "take-over"; at = at.before) {
    if (at.step.how.way === "execute") return true;
  }
  return false;
}
