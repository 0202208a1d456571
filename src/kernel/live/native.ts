/**
 * The addon's functions: each is one system call and returns its result, or `-errno`. A wrong type is a TypeError, a number
 * that means nothing and a short buffer are RangeErrors, thrown before the kernel is asked. Every descriptor they make is
 * close-on-exec. `scanProc` alone does more (native/scan.h says why).
 */
export interface Native {
  /**
   * `flags` may only open for reading. A path beyond 4095 bytes is -ENAMETOOLONG; one with a NUL is a TypeError. Like
   * open(2) it waits for a FIFO's other end, unless O_PATH or O_NONBLOCK is given.
   */
  openat(dirfd: number, path: string, flags: number): number;
  close(fd: number): number;
  /** Writes st_dev, st_ino, st_mode, st_uid, st_gid (5 slots). */
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
  /**
   * Reads every process under an open /proc folder, off the event loop. `procFd` may be closed at once. -ENODEV: the
   * folder is no procfs. -EMFILE, -ENFILE, -ENOMEM: the scan itself ran out of descriptors or memory. See `RawScan`.
   */
  scanProc(procFd: number, wish: number): Promise<RawScan | number>;
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
  "scanProc",
] as const satisfies readonly (keyof Native)[];

/** What `scanProc` may be asked for besides links, as bits. */
export const SCAN_WISHES = { commandLines: 1, cgroups: 2, everyDevice: 4 } as const;

/** Bytes of one name in `RawScan.comm`. */
export const COMM_BYTES = 64;
/** How much of a command line or cgroup text a scan keeps; the rest is cut off. */
export const TEXT_LIMIT = 64 * 1024;

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
  readonly flags: Uint32Array;
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
  /** The errno where it could not be read; E2BIG: all of them together are too much. Else 0. */
  readonly commandLineErrno?: Uint16Array;
  readonly cgroupOffset?: Uint32Array;
  readonly cgroupBytes?: Uint8Array;
  readonly cgroupErrno?: Uint16Array;
}
