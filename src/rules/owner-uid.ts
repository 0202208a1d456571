/** Who created a user namespace, as somebody's user namespace numbers it. */
export interface OwnerUid {
  /** What the kernel gave: the effective uid of the creator at that time, or the overflow uid (65534) in its place. */
  readonly uid: number;
  /**
   * Whether `uid` is the creator's. False: the creator has no number in the asker's user namespace. Undefined: both are
   * possible, as that user namespace gives this very number to some uid, and not to every uid a number.
   */
  readonly mapped: boolean | undefined;
}

/** How the asker's user namespace numbers uids. */
export interface Numbers {
  /** Its uid_map; undefined where it could not be read. */
  readonly map: readonly { readonly inside: number; readonly count: number }[] | undefined;
  /** What stands for a uid without a number: /proc/sys/kernel/overflowuid. */
  readonly overflow: number;
}

/** All uids there are: 2^32 - 1 is none. */
const EVERY_UID = 0xffffffff;

/**
 * Tells a creator's uid from the overflow uid, which NS_GET_OWNER_UID gives in its place and in the same way.
 * Source: fs/nsfs.c ns_ioctl, kernel/user_namespace.c from_kuid_munged.
 */
export function ownerUidOf(uid: number, { map, overflow }: Numbers): OwnerUid {
  if (uid !== overflow) return { uid, mapped: true };
  if (map === undefined) return { uid, mapped: undefined };
  if (map.reduce((sum, { count }) => sum + count, 0) >= EVERY_UID) return { uid, mapped: true };
  const isGiven = map.some(({ inside, count }) => uid >= inside && uid < inside + count);
  return { uid, mapped: isGiven ? undefined : false };
}
