/**
 * The addon's functions: each is one system call and returns its result, or `-errno`; a wrong type is a TypeError and a
 * short buffer a RangeError, thrown before the kernel is asked. `scanProc` alone does more (native/scan.c says why).
 */
export interface Native {
  openat(dirfd: number, path: string, flags: number): number;
  close(fd: number): number;
  /** Writes st_dev, st_ino, st_mode, st_uid, st_gid (5 slots). */
  fstat(fd: number, into: BigUint64Array): number;
  /** The file system's f_type (an unsigned 32-bit number) or -errno. */
  fstatfs(fd: number): number;
  /** The bytes written to `into`, or -errno. */
  readlinkat(dirfd: number, path: string, into: Uint8Array): number;
  fcntl(fd: number, command: number, argument: number): number;
  /** `buffer` is what the kernel reads or fills: at least 8 bytes, and what the request number announces. */
  ioctl(fd: number, request: number, buffer: Uint8Array): number;
  /** For calls that take a number in place of a pointer. Only requests whose argument is no pointer are let through. */
  ioctlValue(fd: number, request: number, value: number): number;
  /** Writes the two descriptors: [read end, write end]. */
  pipe2(into: Int32Array, flags: number): number;
  pidfdOpen(pid: number, flags: number): number;
  /** Reads every process under an open /proc folder, off the event loop. See `RawScan`. */
  scanProc(procFd: number, wish: number): Promise<RawScan | number>;
}

/** What `scanProc` may be asked for besides links, as bits. */
export const SCAN_WISHES = { commandLines: 1, cgroups: 2, everyDevice: 4 } as const;

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
  /** 16 bytes each, ended by NUL. */
  readonly comm: Uint8Array;
  readonly inode: Float64Array;
  readonly errno: Uint16Array;
  readonly device?: Float64Array;
  /** `count + 1` offsets into the bytes; process i has bytes[offset[i] .. offset[i+1]]; arguments are ended by NUL. */
  readonly commandLineOffset?: Uint32Array;
  readonly commandLineBytes?: Uint8Array;
  readonly cgroupOffset?: Uint32Array;
  readonly cgroupBytes?: Uint8Array;
}
