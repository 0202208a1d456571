import { CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import {
  mayDecode,
  mayOpenByHandle,
  mayReadHandle,
  NSFS_HANDLE_BYTES,
  type FileHandle,
  type HandleRules,
} from "../../rules/file-handle.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { FileCall } from "../file-call.ts";
import { isAwake } from "./awake.ts";
import { fileAt, followLink, resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { leadsToFolder, linkItself, openNamespace, openWish } from "./open-link.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

type CallOf<Op extends FileCall["op"]> = Extract<FileCall, { readonly op: Op }>;

const rulesOf = (release: string): HandleRules => ({
  byIdAlone: hasChange(release, "handles-by-id-alone"),
  permission: hasChange(release, "handles-need-sight") ? "all" : "owner",
});

/** name_to_handle_at(2) of an open file. Nobody needs permission. Source: fs/fhandle.c, fs/nsfs.c nsfs_encode_fh. */
export function handleOfFile(
  draft: Draft,
  caller: Task,
  { fd, bytes = NSFS_HANDLE_BYTES }: CallOf<"name_to_handle_at">,
): Outcome<Value> {
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return file;
  const { target } = file.value;
  if (target.type !== "namespace" || !hasChange(draft.release, "handles-of-namespaces")) {
    return refused("EOPNOTSUPP", "file-system-without-handles");
  }
  return handleOf(draft, target.namespace, bytes);
}

/** The same by the link under /proc: the link itself has none, as proc has none. */
export function handleOfLink(
  draft: Draft,
  caller: Task,
  { of, link, follow }: CallOf<"link_to_handle_at">,
): Outcome<Value> {
  const none = refused("EOPNOTSUPP", "file-system-without-handles");
  if (!follow) {
    const there = linkItself(draft, of);
    return there.ok ? none : there;
  }
  const ns = followLink(draft, caller, { of, link, proc: draft.initial.pid });
  if (leadsToFolder(draft, ns)) return none;
  if (!ns.ok) return ns;
  return hasChange(draft.release, "handles-of-namespaces") ? handleOf(draft, ns.value, NSFS_HANDLE_BYTES) : none;
}

function handleOf(draft: Draft, ns: NsKey, bytes: number): Outcome<{ handle: FileHandle }> {
  if (bytes < NSFS_HANDLE_BYTES) return refused("EOVERFLOW", "handle-room-too-small");
  const { kind, uniqueId, inode } = draft.namespace(ns);
  const nsType = NAMESPACE_KINDS[kind].flag;
  return ok({ handle: { bytes: NSFS_HANDLE_BYTES, type: CONSTANTS.FILEID_NSFS, id: uniqueId, nsType, inode } });
}

/** open_by_handle_at(2). Source: fs/fhandle.c do_handle_open, fs/nsfs.c nsfs_fh_to_dentry, nsfs_export_open. */
export function openByHandle(
  draft: Draft,
  caller: Task,
  { mount, handle, flags = [] }: CallOf<"open_by_handle_at">,
): Outcome<number> {
  const checksType = hasChange(draft.release, "handles-are-read-first");
  const may = mayReadHandle(handle, { checksType });
  const readsFirst = checksType || !hasChange(draft.release, "handles-want-their-place-first");
  if (readsFirst && !may.ok) return may;
  const system = fileSystemOf(draft, caller, mount);
  if (!system.ok) return system;
  if (!may.ok) return may;
  if (system.value === "pidfs" && flags.some((flag) => NOT_OF_PIDFS.has(flag)))
    return refused("EINVAL", "unknown-flag");
  const target =
    system.value === "nsfs" ? namespaceOfHandle(draft, caller, handle) : refused("ESTALE", "handle-of-nothing");
  if (!target.ok) return target;
  const opened = openNamespace(draft, caller, target.value, openWish(flags));
  // Not close-on-exec, as open(2) would make it without O_CLOEXEC.
  if (opened.ok) keep(draft, caller, opened.value);
  return opened;
}

/** A handle with nothing but an id, which will do since Linux 6.19. */
export const idHandle = (id: bigint): FileHandle => ({
  bytes: NSFS_HANDLE_BYTES,
  type: CONSTANTS.FILEID_NSFS,
  id,
  nsType: 0,
  inode: 0,
});

/** The namespace that a handle of nsfs means, where the caller may have it opened. */
export function namespaceOfHandle(draft: Draft, caller: Task, handle: FileHandle): Outcome<NsKey> {
  const ns = draft.namespaceOfId(handle.id);
  const target = ns === undefined ? undefined : draft.namespace(ns);
  const rules = rulesOf(draft.release);
  const found = ns !== undefined && isAwake(draft, ns) ? target : undefined;
  const decoded = mayDecode(handle, found, rules);
  if (!decoded.ok || target === undefined) return decoded.ok ? refused("ESTALE", "handle-of-nothing") : decoded;
  const opener = { credentials: caller.credentials, current: currentOf(caller) };
  const allowed = mayOpenByHandle(viewOf(draft), opener, target.key, rules);
  return allowed.ok ? ok(target.key) : allowed;
}

/** Source: fs/pidfs.c pidfs_export_permission. */
const NOT_OF_PIDFS: ReadonlySet<string> = new Set(["O_DIRECTORY", "O_PATH", "O_NOFOLLOW", "O_TRUNC"]);

/** EBADF: no open file. EPERM: another file system, whose handles take a capability. */
function fileSystemOf(
  draft: Draft,
  caller: Task,
  mount: CallOf<"open_by_handle_at">["mount"],
): Outcome<"nsfs" | "pidfs" | "other"> {
  if (mount === "FD_NSFS_ROOT") {
    return hasChange(draft.release, "handles-of-namespaces") ? ok("nsfs") : refused("EBADF", "bad-descriptor");
  }
  if (mount === "FD_PIDFS_ROOT") {
    return hasChange(draft.release, "root-of-pidfs") ? ok("pidfs") : refused("EBADF", "bad-descriptor");
  }
  if (mount !== "AT_FDCWD") {
    const file = fileAt(draft, caller, mount);
    if (!file.ok) return file;
    if ((file.value.flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
    const { type } = file.value.target;
    if (type === "namespace" && hasChange(draft.release, "handles-of-namespaces")) return ok("nsfs");
    if (type === "pidfd" && hasChange(draft.release, "pidfds-are-files")) return ok("pidfs");
  }
  return hasCapability(viewOf(draft), caller.credentials, draft.initial.user, "CAP_DAC_READ_SEARCH")
    ? ok("other")
    : refused("EPERM", "no-search-capability");
}

/** A task's own namespaces; of pid namespaces the one it is in itself. */
export function currentOf({ memberships, credentials, pid, name }: Task): (kind: NamespaceKind) => NsKey {
  if (memberships === undefined) throw new Error(`${name} has exited`);
  const own = { ...memberships, user: credentials.user, pid };
  return (kind) => own[kind];
}

function keep(draft: Draft, caller: Task, fd: number): void {
  const { table } = resourcesOf(caller);
  draft.tables.change(table, { kept: draft.tables.get(table).kept.add(fd) });
}
