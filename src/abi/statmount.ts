/**
 * Layouts of statmount(2) and listmount(2): byte offsets, all words little-endian. Source: include/uapi/linux/mount.h.
 * The mount namespace stands in the request by its id since Linux 6.11 (32 bytes), by its open file since 6.18 (`namespaceFd`).
 */
export const MNT_ID_REQUEST = { size: 0, namespaceFd: 4, mountId: 8, param: 16, namespaceId: 24, bytes: 32 } as const;

export const STATMOUNT = {
  size: 0,
  options: 4,
  mask: 8,
  major: 16,
  minor: 20,
  flags: 32,
  fsType: 36,
  oldId: 56,
  oldParentId: 60,
  attributes: 64,
  propagation: 72,
  peerGroup: 80,
  master: 88,
  propagateFrom: 96,
  root: 104,
  mountPoint: 108,
  subtype: 120,
  source: 124,
  /** Strings begin here, each where the word of its name says, ended by NUL. */
  strings: 512,
} as const;

/** What can be asked for, STATMOUNT_*. The last three are newer than the call: 6.11, 6.13, 6.13. */
export const STATMOUNT_MASK = {
  superBlock: 0x1n,
  mount: 0x2n,
  propagateFrom: 0x4n,
  root: 0x8n,
  mountPoint: 0x10n,
  fsType: 0x20n,
  options: 0x80n,
  subtype: 0x100n,
  source: 0x200n,
} as const;

/** LSMT_ROOT: all below the root of the mount namespace. */
export const LSMT_ROOT = 0xffff_ffff_ffff_ffffn;

/** MOUNT_ATTR_*, with the word that mountinfo has for each. Without an atime of these it is relatime. */
export const MOUNT_ATTRIBUTES = [
  [0x2, "nosuid"],
  [0x4, "nodev"],
  [0x8, "noexec"],
  [0x10, "noatime"],
  [0x80, "nodiratime"],
  [0x20_0000, "nosymfollow"],
  [0x10_0000, "idmapped"],
] as const;
export const MOUNT_ATTR_RDONLY = 0x1;
export const MOUNT_ATTR__ATIME = 0x70;

/** MS_UNBINDABLE, MS_SLAVE, MS_SHARED. */
export const PROPAGATION = { unbindable: 1n << 17n, slave: 1n << 19n, shared: 1n << 20n } as const;
/** SB_RDONLY. */
export const SB_RDONLY = 1;
