import { CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { allIds } from "../call.ts";
import { writeMap } from "./actor-maps.ts";
import * as calls from "./holder-calls.ts";
import { HolderProgramError } from "./holder-program.ts";

/**
 * Gives a task a mount namespace of its own, out of which no mount can leak, with an empty /run for files to mount over,
 * and /run/netns in it. The machine's root below it is read-only: where that mount namespace ends under somebody's root,
 * that root is the machine's bare file system, and no file is to be left there. Needs CAP_SYS_ADMIN.
 */
export function isolateMounts(by: calls.Caller): void {
  succeed(calls.unshare(by, NAMESPACE_KINDS.mnt.flag));
  succeed(calls.mount(by, { source: "none", target: "/", flags: CONSTANTS.MS_REC | CONSTANTS.MS_PRIVATE }));
  const readOnly = CONSTANTS.MS_REMOUNT | CONSTANTS.MS_BIND | CONSTANTS.MS_RDONLY;
  succeed(calls.mount(by, { source: "none", target: "/", flags: readOnly }));
  succeed(calls.mount(by, { source: "nsatlas", target: "/run", type: "tmpfs" }));
  succeed(calls.mkdir(by, "/run/netns"));
}

/** Gives a task a user namespace of its own, in which its ids, the only ones there, are 0. Needs no capability. */
export function enterOwnUser(by: calls.Caller): void {
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  succeed(calls.unshare(by, NAMESPACE_KINDS.user.flag));
  succeed(writeMap(by, "/proc/thread-self/setgroups", "deny"));
  succeed(writeMap(by, "/proc/thread-self/uid_map", `0 ${uid} 1`));
  succeed(writeMap(by, "/proc/thread-self/gid_map", `0 ${gid} 1`));
}

/** Makes a task an ordinary user's, as if a login had started it. Needs root, unless it is that user's already. */
export function become(by: calls.Caller, uid: number): void {
  if (process.geteuid?.() === 0) succeed(calls.setgroups(by, []));
  succeed(calls.setresgid(by, allIds(uid)));
  succeed(calls.setresuid(by, allIds(uid)));
  // As after the execve that a login makes.
  succeed(calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, 1));
}

/** execve(2) of the holder's own program: what it keeps for itself apart, it is as any other would be. */
export function exec({ holders, holder }: calls.Caller): Outcome<number> {
  const answer = holders.exec(holder);
  if (answer.state !== "done") throw new calls.HolderLostError("execveat", holder, answer.state);
  return answer.ret < 0 ? refused(errnoName(-answer.ret)) : ok(answer.ret);
}

/** The folder that every machine has, over which the tree is bound. */
const ANY_FOLDER = "/tmp";

/** A root of the task's own in its mount namespace, which looks like the old one: what pivot_root(2) describes. */
export function pivotRoot(by: calls.Caller): Outcome<number> {
  const bound = calls.mount(by, { source: "/", target: ANY_FOLDER, flags: CONSTANTS.MS_BIND | CONSTANTS.MS_REC });
  if (!bound.ok) return bound;
  calls.chdir(by, ANY_FOLDER);
  const pivoted = calls.pivotRoot(by, ".", ".");
  // Where it was refused, this takes the bound tree away again.
  const gone = calls.umount2(by, ".", CONSTANTS.MNT_DETACH);
  calls.chdir(by, "/");
  return pivoted.ok ? gone : pivoted;
}

function succeed(outcome: Outcome<number>): void {
  if (!outcome.ok) throw new HolderProgramError(`its first task could not be set up: ${outcome.errno}`);
}
