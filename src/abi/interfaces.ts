import type { ErrnoName } from "./errnos.ts";
import { NSFS_IOCTLS } from "./ioctls.ts";

/** A call, or a part of one, that nsatlas asks the kernel by. */
interface InterfaceRow {
  /** First kernel that has it. */
  readonly since: string;
  /** Errnos that the call itself gives to the way it is tried: it is there, and nothing is refused. */
  readonly answers?: readonly ErrnoName[];
  /** Errnos that say that the kernel has no such thing, besides ENOSYS. */
  readonly lacks?: readonly ErrnoName[];
  /** The kernel's own EPERM: the caller lacks a privilege. Where it has none, something else says EPERM in its place. */
  readonly mayRefuse?: true;
}

const nsfs = (name: keyof typeof NSFS_IOCTLS): { readonly since: string; readonly lacks: readonly ErrnoName[] } => ({
  since: NSFS_IOCTLS[name].since,
  lacks: ["ENOTTY"],
});
const PIDFD_IOCTL = { since: "6.11", lacks: ["ENOTTY", "EINVAL"] } as const;

/**
 * Everything that `doctor` tries, in the order of native/holder-attempts.c, which says how: nothing is changed by it.
 * Source of the releases: include/uapi/linux, `git log` of the kernel; measured on the kernels of docs/kernels.md.
 */
export const INTERFACES = {
  "/proc/self/ns": { since: "3.0" },
  NS_GET_USERNS: { ...nsfs("NS_GET_USERNS"), mayRefuse: true },
  // Asked of a kind without parents.
  NS_GET_PARENT: { ...nsfs("NS_GET_PARENT"), answers: ["EINVAL"] },
  NS_GET_NSTYPE: nsfs("NS_GET_NSTYPE"),
  NS_GET_OWNER_UID: nsfs("NS_GET_OWNER_UID"),
  NS_GET_MNTNS_ID: nsfs("NS_GET_MNTNS_ID"),
  NS_GET_PID_FROM_PIDNS: nsfs("NS_GET_PID_FROM_PIDNS"),
  NS_GET_TGID_FROM_PIDNS: nsfs("NS_GET_TGID_FROM_PIDNS"),
  NS_GET_PID_IN_PIDNS: nsfs("NS_GET_PID_IN_PIDNS"),
  NS_GET_TGID_IN_PIDNS: nsfs("NS_GET_TGID_IN_PIDNS"),
  NS_MNT_GET_INFO: nsfs("NS_MNT_GET_INFO"),
  // ENOENT: our own is the last, or the first.
  NS_MNT_GET_NEXT: { ...nsfs("NS_MNT_GET_NEXT"), answers: ["ENOENT"], mayRefuse: true },
  NS_MNT_GET_PREV: { ...nsfs("NS_MNT_GET_PREV"), answers: ["ENOENT"], mayRefuse: true },
  NS_GET_ID: nsfs("NS_GET_ID"),
  pidfd_open: { since: "5.3" },
  PIDFD_THREAD: { since: "6.9", lacks: ["EINVAL"] },
  pidfd_getfd: { since: "5.6", mayRefuse: true },
  pidfd_send_signal: { since: "5.1" },
  PIDFD_GET_NET_NAMESPACE: PIDFD_IOCTL,
  PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE: PIDFD_IOCTL,
  PIDFD_GET_INFO: { since: "6.13", lacks: ["ENOTTY", "EINVAL"] },
  kcmp: { since: "3.5" },
  SIOCGSKNS: { since: "4.10", lacks: ["ENOTTY"], mayRefuse: true },
  SO_NETNS_COOKIE: { since: "5.14", lacks: ["ENOPROTOOPT"] },
  RTM_GETNSID: { since: "4.0", lacks: ["EOPNOTSUPP"] },
  statx: { since: "4.11" },
  STATX_MNT_ID_UNIQUE: { since: "6.8", lacks: ["EOPNOTSUPP"] },
  listmount: { since: "6.8", mayRefuse: true },
  "listmount-by-namespace": { since: "6.11", lacks: ["E2BIG", "EINVAL", "ENOTTY"], mayRefuse: true },
  statmount: { since: "6.8", mayRefuse: true },
  name_to_handle_at: { since: "6.18", lacks: ["EOPNOTSUPP"] },
  open_by_handle_at: { since: "6.18", lacks: ["EOPNOTSUPP", "EBADF"], mayRefuse: true },
  listns: { since: "6.19", mayRefuse: true },
  // Of descriptor -1; of nothing; with a struct that is too small; with a number that is taken.
  setns: { since: "3.0", answers: ["EBADF"] },
  unshare: { since: "2.6.16" },
  clone3: { since: "5.3", answers: ["EINVAL"] },
  set_tid: { since: "5.5", answers: ["EEXIST"], lacks: ["E2BIG", "EINVAL"], mayRefuse: true },
} as const satisfies Record<string, InterfaceRow>;

export type InterfaceName = keyof typeof INTERFACES;
export const INTERFACE_NAMES = Object.keys(INTERFACES) as readonly InterfaceName[];
export const isInterface = (word: string): word is InterfaceName => Object.hasOwn(INTERFACES, word);
export const interfaceRow = (name: InterfaceName): InterfaceRow => INTERFACES[name];
