import type { NamespaceKind } from "./namespace-kinds.ts";

/** Direction bits of a request number, as seen from user space. Source: include/uapi/asm-generic/ioctl.h. */
const DIRECTION = { none: 0, write: 1, read: 2, readwrite: 3 } as const;
type Direction = keyof typeof DIRECTION;

interface Ioctl {
  readonly magic: number;
  readonly number: number;
  readonly direction: Direction;
  /** Bytes of the argument that the request number announces. */
  readonly size: number;
  /** What the call gives back: a new descriptor, a number as return value, or a value written to a buffer. */
  readonly gives: "fd" | "return" | "u32" | "u64" | "struct";
  /** The kinds it answers for; others are EINVAL. */
  readonly worksOn: readonly NamespaceKind[] | "all";
  /** A number passed by value, where it takes one. */
  readonly takes?: "pid";
  /** First kernel that has it; before, ENOTTY. */
  readonly since: string;
}

const NSFS = 0xb7;
const PIDFS = 0xff;

/**
 * The ioctls of nsfs files. Returned descriptors are O_RDONLY and close-on-exec.
 * Source: include/uapi/linux/nsfs.h, fs/nsfs.c, ioctl_ns(2).
 */
export const NSFS_IOCTLS = {
  NS_GET_USERNS: { magic: NSFS, number: 0x1, direction: "none", size: 0, gives: "fd", worksOn: "all", since: "4.9" },
  NS_GET_PARENT: {
    magic: NSFS,
    number: 0x2,
    direction: "none",
    size: 0,
    gives: "fd",
    worksOn: ["user", "pid"],
    since: "4.9",
  },
  NS_GET_NSTYPE: {
    magic: NSFS,
    number: 0x3,
    direction: "none",
    size: 0,
    gives: "return",
    worksOn: "all",
    since: "4.11",
  },
  // The number announces no bytes, and the kernel writes a uid_t all the same.
  NS_GET_OWNER_UID: {
    magic: NSFS,
    number: 0x4,
    direction: "none",
    size: 0,
    gives: "u32",
    worksOn: ["user"],
    since: "4.11",
  },
  NS_GET_MNTNS_ID: {
    magic: NSFS,
    number: 0x5,
    direction: "read",
    size: 8,
    gives: "u64",
    worksOn: ["mnt"],
    since: "6.11",
  },
  NS_GET_PID_FROM_PIDNS: {
    magic: NSFS,
    number: 0x6,
    direction: "read",
    size: 4,
    gives: "return",
    worksOn: ["pid"],
    takes: "pid",
    since: "6.11",
  },
  NS_GET_TGID_FROM_PIDNS: {
    magic: NSFS,
    number: 0x7,
    direction: "read",
    size: 4,
    gives: "return",
    worksOn: ["pid"],
    takes: "pid",
    since: "6.11",
  },
  NS_GET_PID_IN_PIDNS: {
    magic: NSFS,
    number: 0x8,
    direction: "read",
    size: 4,
    gives: "return",
    worksOn: ["pid"],
    takes: "pid",
    since: "6.11",
  },
  NS_GET_TGID_IN_PIDNS: {
    magic: NSFS,
    number: 0x9,
    direction: "read",
    size: 4,
    gives: "return",
    worksOn: ["pid"],
    takes: "pid",
    since: "6.11",
  },
  NS_MNT_GET_INFO: {
    magic: NSFS,
    number: 0xa,
    direction: "read",
    size: 16,
    gives: "struct",
    worksOn: ["mnt"],
    since: "6.12",
  },
  NS_MNT_GET_NEXT: {
    magic: NSFS,
    number: 0xb,
    direction: "read",
    size: 16,
    gives: "fd",
    worksOn: ["mnt"],
    since: "6.12",
  },
  NS_MNT_GET_PREV: {
    magic: NSFS,
    number: 0xc,
    direction: "read",
    size: 16,
    gives: "fd",
    worksOn: ["mnt"],
    since: "6.12",
  },
  NS_GET_ID: { magic: NSFS, number: 0xd, direction: "read", size: 8, gives: "u64", worksOn: "all", since: "6.18" },
} as const satisfies Record<string, Ioctl>;

export type NsfsIoctl = keyof typeof NSFS_IOCTLS;
export const NSFS_IOCTL_NAMES = Object.keys(NSFS_IOCTLS) as readonly NsfsIoctl[];

/**
 * The ioctls of pidfds; each of the first ten gives a namespace of the process, their argument must be 0.
 * Source: include/uapi/linux/pidfd.h, fs/pidfs.c.
 */
export const PIDFD_IOCTLS = {
  PIDFD_GET_CGROUP_NAMESPACE: { magic: PIDFS, number: 0x1, direction: "none", size: 0, since: "6.11", link: "cgroup" },
  PIDFD_GET_IPC_NAMESPACE: { magic: PIDFS, number: 0x2, direction: "none", size: 0, since: "6.11", link: "ipc" },
  PIDFD_GET_MNT_NAMESPACE: { magic: PIDFS, number: 0x3, direction: "none", size: 0, since: "6.11", link: "mnt" },
  PIDFD_GET_NET_NAMESPACE: { magic: PIDFS, number: 0x4, direction: "none", size: 0, since: "6.11", link: "net" },
  PIDFD_GET_PID_NAMESPACE: { magic: PIDFS, number: 0x5, direction: "none", size: 0, since: "6.11", link: "pid" },
  PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE: {
    magic: PIDFS,
    number: 0x6,
    direction: "none",
    size: 0,
    since: "6.11",
    link: "pid_for_children",
  },
  PIDFD_GET_TIME_NAMESPACE: { magic: PIDFS, number: 0x7, direction: "none", size: 0, since: "6.11", link: "time" },
  PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE: {
    magic: PIDFS,
    number: 0x8,
    direction: "none",
    size: 0,
    since: "6.11",
    link: "time_for_children",
  },
  PIDFD_GET_USER_NAMESPACE: { magic: PIDFS, number: 0x9, direction: "none", size: 0, since: "6.11", link: "user" },
  PIDFD_GET_UTS_NAMESPACE: { magic: PIDFS, number: 0xa, direction: "none", size: 0, since: "6.11", link: "uts" },
  // The size is that of the struct's first version; later kernels take larger ones too.
  PIDFD_GET_INFO: { magic: PIDFS, number: 0xb, direction: "readwrite", size: 64, since: "6.13", link: undefined },
} as const;

export type PidfdIoctl = keyof typeof PIDFD_IOCTLS;
export const PIDFD_IOCTL_NAMES = Object.keys(PIDFD_IOCTLS) as readonly PidfdIoctl[];

const SIZE_SHIFT = 16;
const DIRECTION_SHIFT = 30;
const MAGIC_SHIFT = 8;

/** The request number of an ioctl, as _IO, _IOR, _IOW and _IOWR compute it on x86-64 and arm64. */
export function requestNumber(row: { magic: number; number: number; direction: Direction; size: number }): number {
  const bits = (DIRECTION[row.direction] << DIRECTION_SHIFT) | (row.size << SIZE_SHIFT) | (row.magic << MAGIC_SHIFT);
  return (bits | row.number) >>> 0;
}
