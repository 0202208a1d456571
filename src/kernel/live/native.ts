/**
 * The addon's functions: each is one system call and returns its result, or `-errno`. A wrong type is a TypeError, a number
 * that means nothing and a short buffer are RangeErrors, thrown before the kernel is asked. Every descriptor they make is
 * close-on-exec. `scanProc`, `openLinks`, `sameStill` and `mountTables` alone do more (native/scan.h says why).
 */
export interface Native {
  /**
   * `flags` may only open for reading. A path beyond 4095 bytes is -ENAMETOOLONG; one with a NUL is a TypeError. Like
   * open(2) it waits for a FIFO's other end, unless O_PATH or O_NONBLOCK is given.
   */
  openat(dirfd: number, path: string, flags: number): number;
  /**
   * The same with a way to resolve the path (RESOLVE_*). With RESOLVE_CACHED nothing is waited for: -EAGAIN where a file
   * system would have to be asked, or another processor was at the same folders. Since Linux 5.6, that flag 5.12 (-EINVAL).
   */
  openat2(dirfd: number, path: string, flags: number, resolve: number): number;
  close(fd: number): number;
  /**
   * Writes st_dev, st_ino, st_mode, st_uid, st_gid (5 slots), as far as the kernel knows: no file system is asked that would
   * have to ask somebody else (statx with AT_STATX_DONT_SYNC, since Linux 4.11).
   */
  fstat(fd: number, into: BigUint64Array): number;
  /** The file system's f_type (an unsigned 32-bit number) or -errno. */
  fstatfs(fd: number): number;
  /** The bytes written to `into`, or -errno. A link that is longer is cut off, as in readlink(2). */
  readlinkat(dirfd: number, path: string, into: Uint8Array): number;
  /** `command` is F_DUPFD_CLOEXEC, F_GETFD, F_SETFD or F_GETFL. */
  fcntl(fd: number, command: number, argument: number): number;
  /**
   * `buffer` is what the kernel reads or fills: at least 8 bytes, and what the request number announces. Requests of
   * namespaces and pidfds only, and none whose argument is a number; native/ioctl.c has the list.
   */
  ioctl(fd: number, request: number, buffer: Uint8Array): number;
  /**
   * For requests that take a number in place of an address, or nothing: NS_GET_USERNS, NS_GET_PARENT, NS_GET_NSTYPE, the
   * four pid translations, PIDFD_GET_*_NAMESPACE (which want 0) and SIOCGSKNS.
   */
  ioctlValue(fd: number, request: number, value: number): number;
  /** Writes the two descriptors: [read end, write end]. */
  pipe2(into: Int32Array, flags: number): number;
  pidfdOpen(pid: number, flags: number): number;
  /** 0: the process has not been waited for. -ESRCH: it has. -EPERM: it has not, and is none of ours. No signal is sent. */
  pidfdProbe(pidfd: number): number;
  /**
   * Asks a socket of another process for its network namespace: pidfd_getfd, SIOCGSKNS, close; what it tells is in `into`,
   * by SOCKET_SLOTS. -ENOTSOCK: what is open there is none.
   */
  askSocket(pidfd: number, fd: number, into: BigUint64Array): number;
  /** The namespace's file itself. */
  openSocketNamespace(pidfd: number, fd: number): number;
  /**
   * statmount(2), listmount(2): `request` is a struct mnt_id_req, at least 24 bytes, and as long as its first word says.
   * What they write is in `into`; listmount gives the number of mounts. -ENOSYS before Linux 6.8.
   */
  statmount(request: Uint8Array, into: Uint8Array): number;
  listmount(request: Uint8Array, into: BigUint64Array): number;
  /**
   * listns(2): `request` is a struct ns_id_req, at least 32 bytes, and as long as its first word says. Writes ids, and gives
   * how many. -ENOSYS before Linux 6.19.
   */
  listns(request: Uint8Array, into: BigUint64Array): number;
  /**
   * open_by_handle_at(2), for reading; `mount` is an open file of the file system, or FD_NSFS_ROOT. `handle` is a struct
   * file_handle, as long as its first word says.
   */
  openByHandleAt(mount: number, handle: Uint8Array, flags: number): number;
  /** SO_NETNS_COOKIE of a socket made for the purpose (1 slot). Since Linux 5.14. */
  ownNetnsCookie(into: BigUint64Array): number;
  /**
   * The number that our network namespace has for the one that `fd` opens (1 slot; -1: none was assigned), by RTM_GETNSID on
   * a netlink socket made for the purpose. -EINVAL: `fd` opens no network namespace. -EBADMSG: an answer to something
   * else. Since Linux 4.0.
   */
  netnsid(fd: number, into: Int32Array): number;
  /**
   * A file in memory with this content, which nobody can change any more; whether it may be run as a program. A descriptor
   * or -errno (-ENOSYS where memory files are forbidden).
   */
  sealedMemory(content: Uint8Array, executable: number): number;
  /**
   * Replaces this process by the program that `program` opens: execveat(2), so every thread ends, no exit handler runs, and
   * what is close-on-exec is closed, but for `kept`. Texts stand one after the other, each ended by NUL; no variables: one
   * empty text. Returns only where that fails: -errno.
   */
  become(program: number, kept: Int32Array, words: Uint8Array, variables: Uint8Array): number;
  /** Ends this process by exit_group(2), all threads at once; no exit handler runs, and nothing that is buffered is written. */
  exitGroup(code: number): number;
  /** Writes the two ends of a pair of sockets that keep messages apart (SOCK_SEQPACKET). */
  messagePair(into: Int32Array): number;
  /** The descriptor that came with the next message. Never waits: -EAGAIN. -EBADMSG: the message had none. */
  receiveDescriptor(socket: number): number;
  /**
   * Opens `/proc/PID/ns/LINK` of many processes, off the event loop; `links` are places in LINKS. Each namespace is asked for
   * what it tells. The descriptors are the caller's.
   */
  openLinks(procFd: number, pids: Int32Array, links: Uint8Array): Promise<RawOpened | number>;
  /**
   * Which processes are the ones whose folder /proc/PID had this inode number, and have these inode numbers behind the links
   * asked (1 << place in LINKS); ten `inodes` a process. 1: as it was; 0: not, or not certain. Off the event loop.
   */
  sameStill(
    procFd: number,
    pids: Int32Array,
    folders: Float64Array,
    inodes: Float64Array,
    asked: Uint16Array,
  ): Promise<Uint8Array | number>;
  /**
   * The mountinfo of processes that have the root of their mount namespace, off the event loop, beside that namespace. See
   * `RawMountTables`.
   */
  mountTables(procFd: number, pids: Int32Array): Promise<RawMountTables | number>;
  /**
   * Reads every process under an open /proc folder, off the event loop, by several threads at once. `procFd` may be closed at once. -ENODEV: the
   * folder is no procfs. -EMFILE, -ENFILE, -ENOMEM: the scan itself ran out of descriptors or memory. So many threads and
   * descriptors are looked at; 0: none. `pids`: these processes alone; -EPROTO where they do not ascend. See `RawScan`.
   */
  scanProc(
    procFd: number,
    wish: number,
    threads: number,
    descriptors: number,
    pids?: Int32Array,
  ): Promise<RawScan | number>;
}

/** The names of the addon's functions. An addon that lacks one was built from older sources. */
export const NATIVE_FUNCTIONS = [
  "openat",
  "close",
  "fstat",
  "fstatfs",
  "readlinkat",
  "fcntl",
  "ioctl",
  "ioctlValue",
  "pipe2",
  "pidfdOpen",
  "pidfdProbe",
  "askSocket",
  "openSocketNamespace",
  "ownNetnsCookie",
  "netnsid",
  "scanProc",
  "openat2",
  "statmount",
  "listmount",
  "sealedMemory",
  "become",
  "exitGroup",
  "messagePair",
  "receiveDescriptor",
  "listns",
  "openByHandleAt",
  "openLinks",
  "sameStill",
  "mountTables",
] as const satisfies readonly (keyof Native)[];

/** What `scanProc` may be asked for besides links, as bits. */
export const SCAN_WISHES = {
  commandLines: 1,
  cgroups: 2,
  everyDevice: 4,
  /** Pids of this /proc are those of our own pid namespace: kcmp(2) can be asked. */
  ownPids: 8,
  /** Command lines of those alone that may be the first in one of their namespaces. */
  firstCommandLines: 16,
} as const;

/** What `RawDescriptors.what` says; FIRST_KIND + n: a namespace of the n-th of KINDS. */
export const DESCRIPTOR_CODES = { socket: 0, pidfd: 1, namespace: 2, firstKind: 3 } as const;

/**
 * What `askSocket` tells, by slot: the socket's inode; the errno of SIOCGSKNS, or 0; then device and inode of the
 * namespace, or SO_NETNS_COOKIE (0: not told); whether a message waits in it.
 */
export const SOCKET_SLOTS = { inode: 0, asked: 1, device: 2, namespace: 3, cookie: 4, waiting: 5, count: 6 } as const;

/** Bytes of one name in `RawScan.comm`. */
export const COMM_BYTES = 64;
/** How much of a command line or cgroup text a scan keeps; the rest is cut off. */
export const TEXT_LIMIT = 64 * 1024;

/** What came of looking at what hangs from processes: `Looked`, with `refused` as in `RawScan`. */
export interface RawLooked {
  readonly seen: number;
  readonly vanished: number;
  readonly skipped: number;
  readonly refused: Int32Array;
}
/** The columns of `ThreadScan`. */
export interface RawThreads extends RawLooked {
  readonly count: number;
  readonly row: Uint32Array;
  readonly tid: Int32Array;
  readonly startTime: Float64Array;
  readonly comm: Uint8Array;
  readonly inode: Float64Array;
  readonly errno: Uint16Array;
  readonly device?: Float64Array;
}
/** The columns of `DescriptorScan`. */
export interface RawDescriptors extends RawLooked {
  readonly count: number;
  readonly row: Uint32Array;
  readonly tid: Int32Array;
  readonly fd: Int32Array;
  readonly what: Uint8Array;
  readonly inode: Float64Array;
  readonly device?: Float64Array;
  readonly flags: Int32Array;
  readonly target: Int32Array;
}

/** What many links opened, one slot each. An errno is 0 where the answer is there, and EINVAL where its kind has no such answer. */
export interface RawOpened {
  /** The descriptor, or -errno: then the other columns say nothing. */
  readonly fd: Int32Array;
  readonly device: Float64Array;
  readonly inode: Float64Array;
  /** `st_ctime` in milliseconds. */
  readonly changed: Float64Array;
  readonly ownerErrno: Uint16Array;
  readonly ownerDevice: Float64Array;
  readonly ownerInode: Float64Array;
  readonly parentErrno: Uint16Array;
  readonly parentDevice: Float64Array;
  readonly parentInode: Float64Array;
  readonly ownerUidErrno: Uint16Array;
  readonly ownerUid: Uint32Array;
  readonly uniqueIdErrno: Uint16Array;
  readonly uniqueId: BigUint64Array;
  readonly netnsidErrno: Uint16Array;
  readonly netnsid: Int32Array;
}

/** One slot a process. */
export interface RawMountTables {
  /** 0, or why there is no table. ENODATA: its root is another; ESRCH: it is in another mount namespace by now. */
  readonly errno: Uint16Array;
  /** Its mount namespace. */
  readonly device: Float64Array;
  readonly inode: Float64Array;
  /** Of all mounts in it, as the kernel says (NS_MNT_GET_INFO), or -errno. */
  readonly mountCount: Int32Array;
  /** Which of the texts in `restBytes` its lines have behind their first two fields. */
  readonly rest: Uint32Array;
  readonly restOffset: Uint32Array;
  readonly restBytes: Uint8Array;
  /** The first two fields, mount i of all having two slots from 2 * i on; those of process n begin at lineOffset[n]. */
  readonly numbers: Int32Array;
  readonly lineOffset: Uint32Array;
}

/** Packed columns, one slot a process, by ascending pid. Link columns: 10 blocks of `count`, in the order of `LINKS`. */
export interface RawScan {
  readonly count: number;
  readonly vanished: number;
  /** Processes without a row, as pairs [errno, how many]. */
  readonly refused: Int32Array;
  readonly pid: Int32Array;
  readonly ppid: Int32Array;
  readonly uid: Uint32Array;
  readonly startTime: Float64Array;
  /** The inode of /proc/PID. */
  readonly folder: Float64Array;
  readonly flags: Uint32Array;
  readonly threadCount: Uint32Array;
  /** As `ProcessScan.linkSet`. */
  readonly linkSet: Uint32Array;
  readonly state: Uint8Array;
  /** COMM_BYTES each, filled up with NUL. */
  readonly comm: Uint8Array;
  readonly inode: Float64Array;
  readonly errno: Uint16Array;
  readonly device?: Float64Array;
  /** Only where command lines were wished for, and so on. */
  readonly commandLineOffset?: Uint32Array;
  /** `count + 1` offsets lead here: process i has bytes[offset[i] .. offset[i + 1]]; arguments are ended by NUL. */
  readonly commandLineBytes?: Uint8Array;
  /** The errno where it could not be read; E2BIG: all of them together are too much; ECANCELED: not wished for. Else 0. */
  readonly commandLineErrno?: Uint16Array;
  readonly cgroupOffset?: Uint32Array;
  readonly cgroupBytes?: Uint8Array;
  readonly cgroupErrno?: Uint16Array;
  /** Where they were wished for. */
  readonly threads?: RawThreads;
  readonly descriptors?: RawDescriptors;
}
