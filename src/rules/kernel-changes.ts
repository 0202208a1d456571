import { atLeast } from "./release.ts";

interface Row {
  readonly since: string;
  /** Where older series got it too: the first of their releases that is known to have it. */
  readonly also?: readonly string[];
  /** Where an older series lost it by a patch: the first of its releases that is known to lack it. */
  readonly lost?: readonly string[];
  readonly what: string;
  /** What shows it besides measuring: a commit of the main line, or what was pulled into it. */
  readonly shown?: string;
}

/**
 * What changed between kernels, as far as the rules and the model look at it: one row a change, with the first release
 * that behaves so. That a call exists at all stands with the call itself (`since` in `abi/`). `npm run test:kernels`
 * measures the rows (docs/kernels.md).
 */
export const KERNEL_CHANGES = {
  "map-of-340-extents": { since: "4.15", what: "an id map has up to 340 lines; 5 before" },
  "setns-takes-pidfds": { since: "5.8", what: "setns takes a pidfd and a set of kinds; before, only namespace files" },
  // Measured: 5.10.223 has it, 5.10.262 lacks it: fs/proc/namespaces.c forgets its errno there.
  "denied-links-stay-shut": {
    since: "3.0",
    lost: ["5.10.262"],
    what: "a link under /proc/PID/ns is EACCES to whoever may not look at the process; where that is lost, it leads to the folder it is in, and reads as nothing",
  },
  "root-map-needs-setfcap": {
    since: "5.12",
    also: ["5.10.223"],
    what: "mapping the parent's uid 0 needs CAP_SETFCAP",
  },
  "same-ids-change-nothing": {
    since: "6.3",
    also: ["5.10.223", "6.1.176"],
    what: "set*id to the ids that a process has already leaves all as it was",
  },
  "cookies-of-networks": { since: "5.14", what: "a socket gives the cookie of its network namespace" },
  "memory-keeps-time": {
    since: "6.2",
    what: "a clone that shares memory stays in its time namespace; before, EINVAL where its children go to another",
  },
  "exec-enters-time": {
    since: "6.2",
    what: "execve enters the time namespace for children; before, only children do",
  },
  "clone3-makes-time": {
    since: "6.3",
    also: ["5.10.223", "6.1.176"],
    what: "clone3 takes CLONE_NEWTIME; EINVAL before",
  },
  "limits-take-no-sign": { since: "5.14", what: "a limit of namespaces is no -0; before, it is 0" },
  // Where the number lies depends on how many files /proc had by then: as measured on Debian's 5.10.
  "first-network-comes-first": {
    since: "5.18",
    what: "the first network namespace is made before the files of /proc, and its number is the first; before, behind theirs",
  },
  "ended-processes-have-no-files": {
    since: "6.9",
    also: ["5.10.262", "6.1.176"],
    what: "pidfd_getfd of a process that has ended is ESRCH; EBADF before",
  },
  "pidfds-of-peers": { since: "6.5", what: "a socket gives a pidfd of its peer" },
  "pidfds-are-files": { since: "6.9", what: "pidfds lie on a file system of their own, which has handles" },
  "pidfds-of-threads": { since: "6.9", what: "pidfd_open takes PIDFD_THREAD" },
  "pidfd-command-first": {
    since: "6.13",
    what: "an ioctl of a pidfd that does not exist is ENOTTY; before, that comes last: EINVAL where it is passed something, then ESRCH and EACCES as of the others",
  },
  // Measured: 6.1.176 does not have these two, 6.12.94 has. 6.2 to 6.11 were not to be had.
  "handles-want-their-place-first": {
    since: "6.12",
    what: "open_by_handle_at looks at the descriptor before the handle; before, the other way round",
  },
  "gone-mounts-are-enoent": {
    since: "6.12",
    what: "to mount or pivot where the root's mount namespace has ended is ENOENT; EINVAL before",
  },
  // Measured: 5.10.223 does not have it.
  "failed-unshare-keeps-root": {
    since: "7.0",
    also: ["5.10.262", "6.1.176", "6.12.107", "6.18.44", "6.19.14"],
    what: "an unshare that fails after it made a mount namespace leaves the root where it was; before, in that one, which has ended",
  },
  "pid-max-by-namespace": { since: "6.14", what: "each pid namespace has a pid_max of its own" },
  "securebits-for-exec": { since: "6.14", what: "securebits has the bits that restrict what is executed" },
  // Measured: 6.12.107 says ESRCH, 6.16.12 to 7.0.10 say ENOTTY. 6.13 to 6.15 were not to be had.
  "unused-numbers-are-enotty": {
    since: "6.16",
    what: "a number that nobody has is ENOTTY to the ioctls that translate pids; ESRCH before",
  },
  "unused-numbers-are-esrch": {
    since: "7.1",
    also: ["6.18.44", "7.0.13"],
    what: "a number that nobody has is ESRCH to them again",
  },
  "exec-compares-new-ids": {
    since: "6.16",
    what: "execve takes ids for changed where it changes them; before, also where the effective ones were not the real ones",
  },
  "handles-are-read-first": {
    since: "6.17",
    what: "open_by_handle_at looks at the handle first, and a type below 0 is EINVAL too",
  },
  "root-of-pidfs": { since: "6.17", what: "FD_PIDFS_ROOT stands for the file system of pidfds; EBADF before" },
  "initial-inodes-are-fixed": {
    since: "6.18",
    what: "the first network and mount namespaces have inode numbers of their own; before, the next free ones",
  },
  "handles-of-namespaces": { since: "6.18", what: "namespace files have handles" },
  "mount-walk-needs-sight": {
    since: "7.0",
    also: ["6.12.107", "6.18.44", "6.19.14"],
    what: "NS_MNT_GET_NEXT and PREV: only for those who may see all namespaces; before, they pass over what the caller has no CAP_SYS_ADMIN over",
  },
  "short-struct-is-enotty": {
    since: "6.18",
    what: "an ioctl of a namespace file whose number announces less than its struct, another direction or another family is unknown: ENOTTY; before, the first is EINVAL and the others do not matter",
  },
  "handles-by-id-alone": { since: "6.19", what: "a handle without kind and inode number will do" },
  "unused-namespaces-sleep": {
    since: "6.19",
    what: "what only sockets keep alive is neither listed nor opened by a handle",
  },
  "mount-walk-writes": {
    since: "6.19",
    what: "NS_MNT_GET_NEXT and PREV need somewhere to write; before, NULL will do",
  },
  "namespaces-are-listed": { since: "6.19", what: "listns gives the ids of all namespaces that the caller may see" },
  "handles-need-sight": {
    since: "7.0",
    also: ["6.19.14"],
    what: "another's namespace opens by handle, and is listed, for those who may see all namespaces; before, for CAP_SYS_ADMIN over it",
  },
  // Measured: 6.18.15, 6.19.14 and 7.0.4 do not have it.
  "zombies-stay-guarded": {
    since: "7.1",
    also: ["5.10.262", "6.1.176", "6.12.94", "6.18.44", "7.0.13"],
    what: "a zombie that was not dumpable takes CAP_SYS_PTRACE in the initial user namespace to be looked at",
  },
  "unborn-pid-namespaces-open": {
    since: "7.1",
    what: "pid_for_children opens before the first process is there; ENOENT before",
  },
  // Measured: 7.0.13 does not have it, 7.1.3 has.
  "first-process-may-fail": {
    since: "7.1",
    what: "where the first process of a pid namespace fails to start after it had its numbers, another may be the first; before, none can start there any more",
  },
  "clone-checks-its-signal": {
    since: "7.1",
    what: "clone takes no signal number above 64 for the child's end; before, only clone3 looks at it",
  },
  "map-numbers-stop-at-64-bits": {
    since: "7.2",
    what: "a number beyond 64 bits in an id map counts as the greatest of them before it is cut to 32; before, it is cut too",
  },
  "zombies-keep-their-files": {
    since: "7.2",
    what: "the files of a process under /proc belong to its ids after its end too; before, to root",
  },
  "shared-root-joins-no-mounts": {
    since: "7.3",
    also: ["6.12.117"],
    what: "setns to a mount namespace with a shared root folder is EINVAL, whatever else a pidfd is to give; before, only where it gives that alone",
  },
  "thread-number-is-enoent": {
    since: "6.18",
    what: "pidfd_open of a further thread's number is ENOENT; EINVAL before",
  },
  "perfmon-apart": {
    since: "5.8",
    what: "CAP_PERFMON does for counting events; before, CAP_SYS_ADMIN alone",
    shown: "commit 18aa18566218",
  },
  "bpf-apart": {
    since: "5.8",
    what: "CAP_BPF does for loading programs; before, CAP_SYS_ADMIN alone",
    shown: "commit 2c78ee898d8f",
  },
  "checkpoint-restore-apart": {
    since: "5.9",
    what: "CAP_CHECKPOINT_RESTORE does for choosing numbers of processes and IPC objects; before, CAP_SYS_ADMIN alone",
    shown: "commit 124ea650d307",
  },
  "forwarding-takes-net-admin": {
    since: "5.15",
    what: "writing ip_forward and forwarding takes CAP_NET_ADMIN; before, the file alone decides",
    shown: "commit 8292d7f6e871",
  },
  "next-ids-for-restore": {
    since: "5.16",
    what: "sem_next_id, msg_next_id and shm_next_id take CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN; before, the machine's root",
    shown: "commit 5563cabdde7e",
  },
  "raw-sockets-mark": {
    since: "5.17",
    what: "CAP_NET_RAW does for marking sockets; before, CAP_NET_ADMIN alone",
    shown: "commit 079925cce1d0",
  },
  "ipc-limits-by-owner": {
    since: "6.9",
    also: ["6.1.104", "6.6.45"],
    what: "the limits of an ipc namespace are root's of its owner; before, the machine's root's",
    shown: "commits 50ec499b9a43, f9436a5d0497",
  },
  "syslog-alone-reads-log": {
    since: "6.9",
    what: "reading the kernel's log takes CAP_SYSLOG; before, CAP_SYS_ADMIN does too",
    shown: "commit 09ce61e27db8",
  },
  "perfmon-sees-memory": {
    since: "6.15",
    what: "CAP_PERFMON does for reading another's /proc/PID/maps",
    shown: "pull of the non-MM updates for 6.15-rc1: mm,procfs: allow read-only remote mm access under CAP_PERFMON",
  },
} as const satisfies Record<string, Row>;

export type KernelChange = keyof typeof KERNEL_CHANGES;

/**
 * Kernels that were posted to the mailing lists and never released so: the release whose rules they otherwise follow, and
 * what is special. Source: the lists of May 2011 and August 2016.
 */
export const POSTED_KERNELS = {
  "ioctl-ns-v1": {
    release: "4.9",
    special: "initial-is-enoent",
    what: "owner and parent of initial namespaces: ENOENT",
  },
  "ioctl-ns-v3": { release: "4.9", special: undefined, what: "EPERM there too: what Linux 4.9 has" },
  "setns-2011-05": {
    release: "3.0",
    special: "setns-capability-first",
    what: "the capability is asked before the descriptor",
  },
} as const;

export type PostedKernel = keyof typeof POSTED_KERNELS;
const isPosted = (kernel: string): kernel is PostedKernel => Object.hasOwn(POSTED_KERNELS, kernel);

/** The release that a kernel, released or posted, counts as. */
export const releaseOf = (kernel: string): string => (isPosted(kernel) ? POSTED_KERNELS[kernel].release : kernel);

/** Whether a kernel has what came with a release. */
export const hasSince = (kernel: string, since: string): boolean => atLeast(releaseOf(kernel), since);

/** Whether a kernel behaves as a row of the table says. A series without a patch level ("6.12") counts as its newest. */
export function hasChange(kernel: string, change: KernelChange): boolean {
  const { since, also = [], lost = [] }: Row = KERNEL_CHANGES[change];
  const release = releaseOf(kernel);
  const has = hasSince(kernel, since) || also.some((first) => isPatched(release, first));
  return has && !lost.some((first) => isPatched(release, first));
}
const isPatched = (release: string, first: string): boolean =>
  seriesOf(release) === seriesOf(first) && (release === seriesOf(release) || atLeast(release, first));
/** 6.19.4 and 6.19.14 are of one series. */
const seriesOf = (release: string): string => release.split(".", 2).join(".");

/** Whether a kernel has the peculiarity of a posted one. */
export const isSpecial = (kernel: string, special: "initial-is-enoent" | "setns-capability-first"): boolean =>
  isPosted(kernel) && POSTED_KERNELS[kernel].special === special;
