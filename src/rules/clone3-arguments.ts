import { ok, refused, type Outcome } from "./outcome.ts";

/** What clone3(2) is passed besides the flags, where it differs from what anybody would pass. */
export interface Clone3Arguments {
  /** The size of the struct as the kernel is told it. */
  readonly size?: number;
  /** Whether bytes behind all that is known of the struct, within its size, are not zero. */
  readonly junkBehind?: boolean;
  /** The child's number in the innermost pid namespace, then outwards; or an address where nothing is. Since Linux 5.5. */
  readonly setTid?: readonly number[] | keyof typeof BAD_ADDRESSES;
  /** set_tid_size, where it is not the length of `setTid`. */
  readonly setTidSize?: number;
  /** Where CLONE_PIDFD is to leave the descriptor, and CLONE_PARENT_SETTID a number; without it there is room for the first. */
  readonly pidfd?: "null";
  /** For CLONE_INTO_CGROUP: the descriptor of the folder. */
  readonly cgroup?: number;
  /** The signal to the parent at the child's end. */
  readonly exitSignal?: number;
}

/** The struct as it grew, newest first: the size, and the release that has it. include/uapi/linux/sched.h. */
export const CLONE_ARGS_SIZES = [
  { size: 88, since: "5.7" },
  { size: 80, since: "5.5" },
] as const;
/** As it was at first, in Linux 5.3. */
export const OLDEST_SIZE = 64;
const NEWEST_SIZE = CLONE_ARGS_SIZES[0].size;
const SIZE_WITH_CGROUP = 88;
const INT_MAX = 0x7fffffff;
/** In the first page, which nobody has; the lowest byte of a round one is 0. */
export const BAD_ADDRESSES = { "bad-address": 1, "bad-round-address": 0x100 } as const;
/** An address of numbers that are there: any byte of it is taken to be something else than 0. */
const SOME_ADDRESS = -1;
/** The fields after the oldest struct. */
const AT = { setTid: 64, setTidSize: 72, cgroup: 80 } as const;
const PAGE_SIZE = 4096;
/** MAX_PID_NS_LEVEL: no process has more numbers. */
const MAX_SET_TID = 32;
/** _NSIG on both machines. */
export const SIGNALS = 64;

/**
 * CLONE3, the struct itself, before any flag is looked at; `known` is its size in the kernel at hand. Gives the numbers
 * that the child is to get. Source: kernel/fork.c copy_clone_args_from_user.
 */
export function mayReadArguments(
  args: Clone3Arguments,
  { known, intoCgroup }: { readonly known: number; readonly intoCgroup: boolean },
): Outcome<readonly number[]> {
  const { size = NEWEST_SIZE, junkBehind = false, exitSignal = 0 } = args;
  const { cgroup = 0 } = args;
  if (size > PAGE_SIZE) return refused("E2BIG", "struct-too-large");
  if (size < OLDEST_SIZE) return refused("EINVAL", "struct-too-small");
  const fields = { setTid: addressOf(args.setTid), setTidSize: args.setTidSize ?? args.setTid?.length ?? 0, cgroup };
  const read = (field: keyof typeof AT): bigint => lowerBytes(fields[field], size - AT[field]);
  const beyond = (["setTid", "setTidSize", "cgroup"] as const).some((name) => AT[name] >= known && read(name) !== 0n);
  if (size > known && (junkBehind || beyond)) return refused("E2BIG", "struct-unknown-to-kernel");
  const wished = read("setTid") === 0n ? undefined : args.setTid;
  const count = Number(read("setTidSize"));
  if (count > MAX_SET_TID) return refused("EINVAL", "set-tid-size");
  if ((wished === undefined) !== (count === 0)) return refused("EINVAL", "set-tid-size");
  if (exitSignal < 0 || exitSignal > SIGNALS) return refused("EINVAL", "no-such-signal");
  if (intoCgroup && (cgroup < 0 || cgroup > INT_MAX || size < SIZE_WITH_CGROUP)) {
    return refused("EINVAL", "cgroup-not-told");
  }
  if (typeof wished === "string") return refused("EFAULT", "bad-address");
  return ok((wished ?? []).slice(0, count));
}

function addressOf(setTid: Clone3Arguments["setTid"]): number {
  if (setTid === undefined) return 0;
  return typeof setTid === "string" ? BAD_ADDRESSES[setTid] : SOME_ADDRESS;
}

/** Of a field within which the struct ends the lower bytes are read, as if the others were 0. */
const lowerBytes = (value: number, bytes: number): bigint => BigInt.asUintN(8 * Math.max(bytes, 0), BigInt(value));
