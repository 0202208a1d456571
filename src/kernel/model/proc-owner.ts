import type { Capability } from "../../abi/capabilities.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Draft } from "./draft.ts";
import { fromKernelGid, fromKernelUid, toKernelGid, toKernelUid } from "./ids.ts";
import { viewOf } from "./view.ts";
import type { FileOwner, Task } from "./world.ts";

/** What lets somebody else than the owner read a folder or search it. */
export const SEARCHING = ["CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH"] as const;

/**
 * Whether a task may do with a file of /proc/PID what its owner may: that is the process's effective ids or, where it is
 * not dumpable, root of the user namespace it was started in; before Linux 7.2 root where it has ended. One of the
 * capabilities serves as well where that owner and group have numbers in the caller's user namespace.
 * Source: fs/proc/base.c task_dump_owner, fs/namei.c generic_permission.
 */
export function mayActAsOwner(
  draft: Draft,
  { credentials }: Task,
  process: Task,
  capabilities: readonly Capability[],
): Outcome<true> {
  return mayUseAsOwner(draft, { credentials }, ownerOf(draft, process), capabilities);
}

/** The same with any file that gives others nothing. Source: fs/namei.c generic_permission, kernel/capability.c. */
export function mayUseAsOwner(
  draft: Draft,
  { credentials }: Pick<Task, "credentials">,
  { uid, gid }: FileOwner,
  capabilities: readonly Capability[],
): Outcome<true> {
  if (credentials.fsuid === uid) return ok(true);
  const { user } = credentials;
  const mapped = fromKernelUid(draft, user, uid) !== undefined && fromKernelGid(draft, user, gid) !== undefined;
  const capable = capabilities.some((name) => hasCapability(viewOf(draft), credentials, user, name));
  return mapped && capable ? ok(true) : refused("EACCES", "file-of-another-user");
}

/** Who owns the files of a process below /proc. */
export function ownerOf(draft: Draft, { resources, credentials, endedDumpable }: Task): FileOwner {
  if (resources === undefined) {
    const kept = endedDumpable === true && hasChange(draft.release, "zombies-keep-their-files");
    return kept ? { uid: credentials.euid, gid: credentials.egid } : { uid: 0, gid: 0 };
  }
  const memory = draft.memories.get(resources.memory);
  if (memory.dumpable) return { uid: credentials.euid, gid: credentials.egid };
  return { uid: toKernelUid(draft, memory.user, 0) ?? 0, gid: toKernelGid(draft, memory.user, 0) ?? 0 };
}
