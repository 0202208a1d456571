import { filled, room } from "../../../src/kernel/live/holder-arguments.ts";
import { answered, made, struct, type Aimed, type Attempts } from "./attempt.ts";

/** Nothing is there. */
const NOWHERE = "/nonexistent-nsatlas";
const RLIMIT_CORE = 4;
const [SCHED_FIFO, PRIO_PROCESS] = [1, 0];
const CLOCK_REALTIME_ALARM = 8;
const SYSLOG_ACTION_READ_ALL = 3;
const BPF_BTF_LOAD = 18;
const PERF_TYPE_SOFTWARE = 1;
const PERF_COUNT_SW_DUMMY = 9;
const PERF_EXCLUDE_KERNEL = 1 << 5;
const PERF_ATTR_BYTES = 64;
const TOO_MANY = 0xffff;
const S_IFCHR = 0o20000;
/** ioperm(2), which x86 alone has. */
const IOPERM = 173;
/** The port that boards use for nothing but delays. */
const DELAY_PORT = 0x80;
const FS_IOC_FSSETXATTR = 0x401c5820;
const [FS_XFLAG_IMMUTABLE, FS_XFLAG_EXTSIZE] = [0x8, 0x800];
const [O_DIRECTORY, AT_FDCWD, AT_REMOVEDIR] = [process.arch === "arm64" ? 0o40000 : 0o200000, -100, 0x200];
const MSEC_WEST = 100_000;
const ENOSYS = 38;

/** What concerns the whole machine; nothing here comes to its end. */
export const HOST_ATTEMPTS = {
  "nice-below-zero": { make: (aimed) => made(aimed, "setpriority", [PRIO_PROCESS, 0, -1]), refusedBy: ["EACCES"] },
  "real-time": {
    make: (aimed) => made(aimed, "sched_setscheduler", [0, SCHED_FIFO, struct([4, 1])]),
    refusedBy: ["EPERM"],
  },
  "ipc-limits": { make: growQueue, refusedBy: ["EPERM"], passedBy: ["EINVAL"] },
  mknod: {
    make: (aimed) => {
      const node = `${aimed.path}/node`;
      const result = made(aimed, "mknodat", [AT_FDCWD, node, S_IFCHR | 0o600, (1 << 8) | 3]);
      made(aimed, "unlinkat", [AT_FDCWD, node, 0]);
      return result;
    },
    refusedBy: ["EPERM"],
  },
  // No module is so short.
  "load-module": {
    make: (aimed) => made(aimed, "init_module", [new Uint8Array(8), 0, ""]),
    refusedBy: ["EPERM"],
    passedBy: ["ENOEXEC"],
    shutBy: "kernel/modules_disabled",
    lackedBy: ["ENOSYS"],
  },
  // No place is so far west.
  "set-clock": {
    make: (aimed) => made(aimed, "settimeofday", [0, struct([4, MSEC_WEST], [4, 0])]),
    refusedBy: ["EPERM"],
    passedBy: ["EINVAL"],
  },
  swapon: {
    make: (aimed) => made(aimed, "swapon", [NOWHERE, 0]),
    refusedBy: ["EPERM"],
    passedBy: ["ENOENT"],
    lackedBy: ["ENOSYS"],
  },
  kexec: {
    make: (aimed) => made(aimed, "kexec_load", [0, TOO_MANY, 0, 0]),
    refusedBy: ["EPERM"],
    shutBy: "kernel/kexec_load_disabled",
    passedBy: ["EINVAL"],
    lackedBy: ["ENOSYS"],
  },
  accounting: {
    make: (aimed) => made(aimed, "acct", [NOWHERE]),
    refusedBy: ["EPERM"],
    passedBy: ["ENOENT"],
    lackedBy: ["ENOSYS"],
  },
  "raw-io": {
    make: (aimed) => (process.arch === "x64" ? made(aimed, IOPERM, [DELAY_PORT, 1, 1]) : -ENOSYS),
    refusedBy: ["EPERM"],
    lackedBy: ["ENOSYS"],
  },
  "raise-limit": {
    make: (aimed) => {
      made(aimed, "prlimit64", [0, RLIMIT_CORE, struct([8, 0], [8, 4096]), 0]);
      return made(aimed, "prlimit64", [0, RLIMIT_CORE, struct([8, 0], [8, 8192]), 0]);
    },
    refusedBy: ["EPERM"],
  },
  // Nothing is mapped there.
  "lock-memory": { make: (aimed) => made(aimed, "mlock", [0, 4096]), refusedBy: ["EPERM"], passedBy: ["ENOMEM"] },
  // No description of types is so long.
  bpf: {
    make: (aimed) => {
      const wish = struct([8, 0], [8, 0], [4, 0xffffffff], [4, 0], [4, 0]);
      return made(aimed, "bpf", [BPF_BTF_LOAD, wish, wish.length]);
    },
    refusedBy: ["EPERM"],
    passedBy: ["E2BIG"],
    lackedBy: ["ENOSYS", "EINVAL"],
  },
  perf: {
    make: (aimed) => {
      const wish = struct([4, PERF_TYPE_SOFTWARE], [4, PERF_ATTR_BYTES], [8, PERF_COUNT_SW_DUMMY], [8, 0], [8, 0]);
      const attributes = new Uint8Array(PERF_ATTR_BYTES);
      attributes.set(wish);
      attributes.set(struct([8, PERF_EXCLUDE_KERNEL]), 40);
      return made(aimed, "perf_event_open", [filled(attributes), -1, 0, -1, 0]);
    },
    refusedBy: ["EACCES", "EPERM"],
    lackedBy: ["ENOSYS", "ENOENT"],
  },
  "kernel-log": {
    make: (aimed) => made(aimed, "syslog", [SYSLOG_ACTION_READ_ALL, room(64), 64]),
    refusedBy: ["EPERM"],
  },
  // It is never set.
  "wake-alarm": { make: (aimed) => made(aimed, "timerfd_create", [CLOCK_REALTIME_ALARM, 0]), refusedBy: ["EPERM"] },
  // For a folder no extent size is taken.
  "immutable-flag": { make: markImmutable, refusedBy: ["EPERM"], passedBy: ["EINVAL"], lackedBy: ["ENOTTY"] },
  // It has no terminal by then.
  "hang-up-terminal": {
    make: (aimed) => {
      const session = made(aimed, "setsid", []);
      return session < 0 ? session : made(aimed, "vhangup", []);
    },
    refusedBy: ["EPERM"],
  },
} as const satisfies Attempts;

const [IPC_RMID, IPC_SET] = [0, 1];
const QUEUE_BYTES = 120;
/** Far beyond what msgmnb allows anywhere. */
const MANY_BYTES = 0x7fffff00;

/** A queue of its own shall take more than queues may. */
function growQueue(aimed: Aimed): number {
  const queue = made(aimed, "msgget", [0, 0o600]);
  if (queue < 0) return queue;
  const [uid, gid] = [made(aimed, "geteuid", []), made(aimed, "getegid", [])];
  const wish = new Uint8Array(QUEUE_BYTES);
  wish.set(struct([4, 0], [4, uid], [4, gid], [4, 0], [4, 0], [4, 0o600]));
  wish.set(struct([8, MANY_BYTES]), 88);
  const result = made(aimed, "msgctl", [queue, IPC_SET, wish]);
  made(aimed, "msgctl", [queue, IPC_RMID, 0]);
  return result;
}

function markImmutable(aimed: Aimed): number {
  const folder = `${aimed.path}/folder`;
  made(aimed, "mkdirat", [AT_FDCWD, folder, 0o700]);
  const fd = answered(aimed, "openat", [AT_FDCWD, folder, O_DIRECTORY, 0]).ret;
  const flags = struct([4, FS_XFLAG_IMMUTABLE | FS_XFLAG_EXTSIZE], [8, 0], [8, 0], [8, 0]);
  const result = fd < 0 ? fd : made(aimed, "ioctl", [fd, FS_IOC_FSSETXATTR, flags]);
  made(aimed, "unlinkat", [AT_FDCWD, folder, AT_REMOVEDIR]);
  return result;
}
