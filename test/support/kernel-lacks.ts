import { NSFS_IOCTLS, PIDFD_IOCTLS, requestNumber } from "../../src/abi/ioctls.ts";
import type { ErrnoName } from "../../src/abi/errnos.ts";

/** A question for `ask.c`: it makes this call on the running kernel and prints its errno. */
type Question =
  | readonly ["access", path: string]
  | readonly ["ioctl", path: string, request: number]
  | readonly ["pidfd-ioctl", request: number]
  | readonly ["listns"];

export interface KernelFeature {
  /** The first kernel that has it. Where `uname -r` is at least this and the kernel still lacks it, a test fails. */
  readonly since: string;
  /** What tests cannot show without it. */
  readonly why: string;
  /** The call that shows it, and the errno that says the kernel has no such call. Any other answer means it is there. */
  readonly ask: Question;
  readonly lacking: ErrnoName;
}

/**
 * What a kernel may lack and a test may need, the only reason for which a test may be skipped in CI.
 * `kernel-lacks.test.ts` asks the running kernel about each row.
 */
export const KERNEL_FEATURES = {
  "time-namespaces": {
    since: "5.6",
    why: "time and time_for_children are links of every process",
    ask: ["access", "/proc/self/ns/time"],
    lacking: "ENOENT",
  },
  "pid-translation": {
    since: "6.11",
    why: "the four NS_GET_*PID* calls answer",
    ask: ["ioctl", "/proc/self/ns/pid", requestNumber(NSFS_IOCTLS.NS_GET_TGID_IN_PIDNS)],
    lacking: "ENOTTY",
  },
  "pidfd-namespaces": {
    since: "6.11",
    why: "a pidfd gives the namespaces of its process",
    ask: ["pidfd-ioctl", requestNumber(PIDFD_IOCTLS.PIDFD_GET_UTS_NAMESPACE)],
    lacking: "ENOTTY",
  },
  "namespace-id": {
    since: "6.18",
    why: "NS_GET_ID answers",
    ask: ["ioctl", "/proc/self/ns/uts", requestNumber(NSFS_IOCTLS.NS_GET_ID)],
    lacking: "ENOTTY",
  },
  "namespace-listing": {
    since: "6.19",
    why: "listns gives the ids of namespaces",
    ask: ["listns"],
    lacking: "ENOSYS",
  },
} as const satisfies Record<string, KernelFeature>;

export type KernelFeatureName = keyof typeof KERNEL_FEATURES;
