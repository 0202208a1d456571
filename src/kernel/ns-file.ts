import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { MountRecord } from "../procfs/mountinfo.ts";
import type { Outcome } from "../rules/outcome.ts";

/** The ioctls that translate numbers of tasks. */
export type PidTranslation = `NS_GET_${"PID" | "TGID"}_${"FROM" | "IN"}_PIDNS`;

/** An nsfs file held open for questions. Whoever opened it ends it (`using`); what it keeps alive lives that long. */
export interface NsFile extends Disposable {
  /** Device and inode, by fstat. */
  readonly id: NamespaceId;
  /** Keeps it open until the end of what this gives, too, though the file itself may be ended before. */
  hold(): Disposable;
  /**
   * Its kind, by NS_GET_NSTYPE; on Linux 4.9 and 4.10, which lack the call (ENOTTY), by the link text in /proc/self/fd.
   * Source: NS_GET_NSTYPE(2const).
   */
  kind(): Outcome<NamespaceKind>;
  /**
   * The owning user namespace, opened; the caller ends it. EPERM: it is neither the observer's own user namespace nor
   * one below. Since Linux 4.9. Source: NS_GET_USERNS(2const), fs/nsfs.c.
   */
  openOwner(): Outcome<NsFile>;
  /**
   * The namespace that `openOwner` or `openParent` opens, or its refusal, where that was asked when this file was opened; it stays
   * so, for a namespace keeps those above it. Undefined: it was not asked.
   */
  told(above: "owner" | "parent"): Outcome<NamespaceId> | undefined;
  /**
   * The parent, opened; the caller ends it. EINVAL: the kind does not nest. EPERM: outside the observer's own view.
   * Since Linux 4.9. Source: NS_GET_PARENT(2const), kernel/pid_namespace.c, kernel/user_namespace.c.
   */
  openParent(): Outcome<NsFile>;
  /**
   * The effective uid of the process that created this user namespace, as the observer's user namespace maps it (65534
   * where it has no mapping). EINVAL: another kind. Since Linux 4.11. Source: NS_GET_OWNER_UID(2const).
   */
  ownerUid(): Outcome<number>;
  /** The 64-bit id, never reused within a boot. ENOTTY before Linux 6.18. Source: include/uapi/linux/nsfs.h. */
  uniqueId(): Outcome<bigint>;
  /**
   * The number that the observer's own network namespace has for this one, which `ip netns` and links across namespaces use;
   * -1 where none was assigned. EINVAL: another kind. Since Linux 4.0. Source: rtnetlink RTM_GETNSID.
   */
  netnsid(): Outcome<number>;
  /**
   * When the file began, in milliseconds after 1970: its change time, which nothing changes. The namespace is at least so old.
   * Undefined where the kernel has no clock (the model). Source: fs/libfs.c path_from_stashed; measured.
   */
  existsSince(): number | undefined;
  /**
   * A task's number in one pid namespace by its number in another: FROM takes one of this namespace and gives that of the
   * observer's own, IN the other way round; TGID gives the process's. ESRCH: nobody has the number, or has none there.
   * EINVAL: another kind. ENOTTY before Linux 6.11. Source: ioctl_nsfs(2), fs/nsfs.c.
   */
  translatePid(request: PidTranslation, number: number): Outcome<number>;
  /**
   * The mounts of this mount namespace, whether a process is in it or not; paths start at its root, those of the observer's
   * own at the observer's. ENOENT: no CAP_SYS_ADMIN over it (where the file itself is not enough, before Linux 6.18).
   * EINVAL: another kind, or the kernel takes no other than the observer's own (before 6.11). ENOSYS before 6.8.
   * Source: statmount(2), listmount(2), fs/namespace.c.
   */
  mounts(): Outcome<StatedMounts>;
  /** How many mounts it has, its root not counted. ENOTTY before Linux 6.12. Source: NS_MNT_GET_INFO, fs/nsfs.c. */
  mountCount(): Outcome<number>;
  /**
   * The mount namespace with the next higher or lower id, opened; the caller ends it. ENOENT: there is none. EPERM: the
   * observer may not see all namespaces. ENOTTY before Linux 6.12. Source: NS_MNT_GET_NEXT, fs/nsfs.c.
   */
  openNextMount(step: "next" | "previous"): Outcome<NsFile>;
}

/** The mounts of a mount namespace, as statmount(2) tells them. */
export interface StatedMounts {
  readonly mounts: readonly MountRecord[];
  /** Mounts that went while they were asked for. */
  readonly vanished: number;
}
