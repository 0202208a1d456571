import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { CONSTANTS } from "../abi/constants.ts";
import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { maySeeAll } from "./see-all.ts";
import type { Credentials, View } from "./view.ts";

/** struct file_handle with struct nsfs_file_handle in it. Source: include/uapi/linux/nsfs.h, name_to_handle_at(2). */
export interface FileHandle {
  /** handle_bytes: how long the part behind the header is said to be. */
  readonly bytes: number;
  /** handle_type: FILEID_NSFS. */
  readonly type: number;
  /** ns_id: as NS_GET_ID gives it. */
  readonly id: bigint;
  /** ns_type: the CLONE_NEW* flag of the kind. */
  readonly nsType: number;
  /** ns_inum: the inode number of the namespace file. */
  readonly inode: number;
  /** Where `bytes` is more than the struct: whether what follows it is not zero. */
  readonly junkBehind?: boolean;
}

/** struct nsfs_file_handle. */
export const NSFS_HANDLE_BYTES = 16;
/** MAX_HANDLE_SZ. */
const MAX_HANDLE_BYTES = 128;

/** What differs between kernels. */
export interface HandleRules {
  /** Whether the id alone will do, without kind and inode number. */
  readonly byIdAlone: boolean;
  /** "owner": CAP_SYS_ADMIN over the owner. "all": whoever may see all namespaces. */
  readonly permission: "owner" | "all";
}

/**
 * The first look at a handle, whatever the file system. `checksType`: since Linux 6.17.
 * Source: fs/fhandle.c handle_to_path, get_user_handle.
 */
export function mayReadHandle({ bytes, type }: FileHandle, { checksType }: { checksType: boolean }): Outcome<true> {
  const isMalformed = bytes <= 0 || bytes > MAX_HANDLE_BYTES || (checksType && type < 0);
  return isMalformed ? refused("EINVAL", "handle-malformed") : ok(true);
}

/** A namespace that a handle may mean. */
export interface HandleTarget {
  readonly kind: NamespaceKind;
  readonly inode: number;
}

/**
 * Whether a handle means this namespace: all that is wrong with it, be it that there is none of that id, is ESTALE.
 * Source: fs/nsfs.c nsfs_fh_to_dentry.
 */
export function mayDecode(handle: FileHandle, target: HandleTarget | undefined, rules: HandleRules): Outcome<true> {
  const stale = refused("ESTALE", "handle-of-nothing");
  if (handle.bytes < NSFS_HANDLE_BYTES || handle.type !== CONSTANTS.FILEID_NSFS) return stale;
  if (target === undefined) return stale;
  if (rules.byIdAlone && handle.nsType === 0 && handle.inode === 0) return ok(true);
  return handle.nsType === NAMESPACE_KINDS[target.kind].flag && handle.inode === target.inode ? ok(true) : stale;
}

/** Who opens by a handle. */
export interface HandleOpener<N> {
  readonly credentials: Credentials<N>;
  /** Its namespaces; of pid namespaces the one it is in itself. */
  readonly current: (kind: NamespaceKind) => N;
}

/**
 * FH: whether a task may open a namespace by its handle: its own always, else by CAP_SYS_ADMIN over the owner, which of a
 * user namespace is that one itself. The refusal looks as if there were no such namespace. Linux 6.18.
 * Source: fs/nsfs.c nsfs_fh_to_dentry.
 */
export function mayOpenByHandle<N>(
  view: View<N>,
  { credentials, current }: HandleOpener<N>,
  ns: N,
  { permission }: HandleRules,
): Outcome<true> {
  const kind = view.kind(ns);
  if (current(kind) === ns) return ok(true);
  const may =
    permission === "all"
      ? maySeeAll(view, { credentials, pid: current("pid") }).ok
      : hasCapability(view, credentials, kind === "user" ? ns : (view.owner(ns) ?? ns), "CAP_SYS_ADMIN");
  return may ? ok(true) : refused("ESTALE", "no-admin-over-handle");
}
