import { ok, refused, type Outcome } from "./outcome.ts";
import { hasCapability } from "./has-capability.ts";
import type { Credentials, View } from "./view.ts";

/** A process as the target of a look: its credentials, and its memory's state. */
export interface ReadTarget<N> {
  readonly credentials: Credentials<N>;
  /** Whether prctl(PR_GET_DUMPABLE) says 1; a kernel thread and a zombie have no memory to protect (undefined). */
  readonly dumpable: boolean | undefined;
  /** Its user namespace at the last execve: the one that guards a process that is not dumpable. */
  readonly memoryUser: N;
  /** Whether it is in the caller's own thread group. */
  readonly sameThreadGroup: boolean;
}

/**
 * PREAD: ptrace access in read mode, as open and readlink of /proc/PID/ns/* ask it (`by` "fs": filesystem ids and
 * effective capabilities) and as setns(pidfd) and kcmp ask it (`by` "real": real ids and permitted capabilities). The
 * errno is the caller's affair: /proc says EACCES, setns says EPERM.
 * Source: kernel/ptrace.c __ptrace_may_access, security/commoncap.c cap_ptrace_access_check.
 */
export function mayRead<N>(
  view: View<N>,
  caller: Credentials<N>,
  target: ReadTarget<N>,
  by: "fs" | "real",
): Outcome<true> {
  if (target.sameThreadGroup) return ok(true);
  const theirs = target.credentials;
  const [uid, gid] = by === "fs" ? [caller.fsuid, caller.fsgid] : [caller.ruid, caller.rgid];
  const sameIds =
    uid === theirs.euid &&
    uid === theirs.suid &&
    uid === theirs.ruid &&
    gid === theirs.egid &&
    gid === theirs.sgid &&
    gid === theirs.rgid;
  // Checks on the capability itself always look at the effective set; only the comparison of sets below differs.
  const mayPtrace = (ns: N): boolean => hasCapability(view, caller, ns, "CAP_SYS_PTRACE");
  if (!sameIds && !mayPtrace(theirs.user)) return refused("EACCES", "process-of-another-user");
  if (target.dumpable === false && !mayPtrace(target.memoryUser)) return refused("EACCES", "process-not-dumpable");
  const mine = by === "fs" ? caller.effective : caller.permitted;
  if (caller.user === theirs.user && (theirs.permitted & ~mine) === 0n) return ok(true);
  if (mayPtrace(theirs.user)) return ok(true);
  return refused("EACCES", "process-more-privileged");
}
