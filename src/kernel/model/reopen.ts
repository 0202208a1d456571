import { hasChange } from "../../rules/kernel-changes.ts";
import { mayRead } from "../../rules/may-read.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import { install, readTarget } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { O_LARGEFILE } from "./open-link.ts";
import { mayActAsOwner, mayUseAsOwner, ownerOf, SEARCHING } from "./proc-owner.ts";
import { viewOf } from "./view.ts";
import type { FileTarget, OpenFile, Task } from "./world.ts";

type TargetOf<Type extends FileTarget["type"]> = Extract<FileTarget, { readonly type: Type }>;

/** Whose pidfds are, with mode 0700 on a file system of their own, and before 0600. Source: fs/pidfs.c, fs/anon_inodes.c. */
const ROOT = { uid: 0, gid: 0 };

/**
 * openat(2) of /proc/PID/fd/FD, O_RDONLY: a new open file of the same thing, whatever the old one was opened for. The
 * folder can be searched by its owner and by the process itself; what is in it, by whoever may read the process.
 * Source: fs/proc/fd.c, fs/proc/base.c proc_pid_get_link.
 */
export function reopen(draft: Draft, caller: Task, { of, fd }: { of: TaskName; fd: number }): Outcome<number> {
  const target = draft.tasks.get(of);
  if (target === undefined) return refused("ENOENT", "no-such-process");
  if (caller.leader !== target.leader) {
    const owner = mayActAsOwner(draft, caller, target, SEARCHING);
    if (!owner.ok) return owner;
  }
  const file = fileOf(draft, target, fd);
  if (file === undefined) return refused("ENOENT", "no-such-file");
  const may = mayRead(viewOf(draft), caller.credentials, readTarget(draft, caller, target), "fs");
  if (!may.ok) return may;
  const again = openedAnew(draft, caller, file.target);
  return again.ok ? ok(install(draft, caller, again.value, O_LARGEFILE)) : again;
}

function fileOf(draft: Draft, { resources }: Task, fd: number): OpenFile | undefined {
  const key = resources === undefined ? undefined : draft.tables.get(resources.table).descriptors.get(fd);
  return key === undefined ? undefined : draft.files.get(key);
}

/** What the new file leads to, as far as the caller may open it. */
function openedAnew(draft: Draft, caller: Task, target: FileTarget): Outcome<FileTarget> {
  switch (target.type) {
    case "namespace":
      return ok(target);
    case "socket":
      return refused("ENXIO", "cannot-be-opened-anew");
    case "pidfd": {
      const may = either(mayUseAsOwner(draft, caller, ROOT, SEARCHING), target);
      const isFile = hasChange(draft.release, "pidfds-are-files");
      return may.ok && !isFile ? refused("ENXIO", "cannot-be-opened-anew") : may;
    }
    case "map":
      return mapAnew(draft, caller, target);
    case "other":
      return otherAnew(draft, caller, target);
  }
}

/** The maps of the user namespace that the process is in by now, for the new opener. Anybody may read them. */
function mapAnew(draft: Draft, caller: Task, target: TargetOf<"map">): Outcome<FileTarget> {
  const process = draft.tasks.get(target.of);
  if (process === undefined) return refused(target.file === "setgroups" ? "ESRCH" : "EINVAL", "process-gone");
  return ok({ ...target, user: process.credentials.user, opener: caller.credentials, offset: 0 });
}

function otherAnew(draft: Draft, caller: Task, target: TargetOf<"other">): Outcome<FileTarget> {
  const { what, of, owner } = target;
  const process = of === undefined ? undefined : draft.tasks.get(of);
  switch (what) {
    case "null":
    case "directory":
      return ok(target);
    case "pipe":
      return owner === undefined ? ok(target) : either(mayUseAsOwner(draft, caller, owner, SEARCHING), target);
    case "link":
      return refused("ELOOP", "symbolic-link");
    case "process-directory":
      return process === undefined ? refused("ESRCH", "process-gone") : ok(target);
    case "namespace-directory": {
      // The owner that the kernel saw when anybody last came by the folder's name. A world does not keep who did: here that
      // was whoever opened it, though another process of the machine may come by at any time.
      const seen = owner ?? (process === undefined ? ROOT : ownerOf(draft, process));
      return either(mayUseAsOwner(draft, caller, seen, SEARCHING), target);
    }
  }
}

const either = (may: Outcome<true>, target: FileTarget): Outcome<FileTarget> => (may.ok ? ok(target) : may);
