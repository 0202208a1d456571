import { CONSTANTS } from "../../abi/constants.ts";
import { BAD_ADDRESSES } from "../../rules/clone3-arguments.ts";
import { type Argument, pointing, room } from "./holder-arguments.ts";

/** What clone3 is to do. Source: clone(2), include/uapi/linux/sched.h struct clone_args. */
export interface CloneWish {
  /** CLONE_* bits; those above 32 need a bigint. */
  readonly flags?: number | bigint;
  /** The signal to the parent at the child's end; 0 for none, as a thread must have it. */
  readonly exitSignal?: number;
  /** The child's pid in the innermost pid namespace, then outwards. Since Linux 5.5. */
  readonly setTid?: readonly number[] | keyof typeof BAD_ADDRESSES;
  /** set_tid_size, where it is not the length of `setTid`. */
  readonly setTidSize?: number;
  /** Room for the descriptor that CLONE_PIDFD makes: the answer's `out[0]`. */
  readonly pidfd?: boolean;
  /** A descriptor of a cgroup folder, for CLONE_INTO_CGROUP. Since Linux 5.7. */
  readonly cgroup?: number;
  /** The size that the kernel is told. */
  readonly size?: number;
  /** Whether the last byte of that size is not zero. */
  readonly junkBehind?: boolean;
}

/** Version 2 of the struct, of Linux 5.7. */
const SIZE = 88;
/** Where its fields begin. */
const AT = { flags: 0, pidfd: 8, exitSignal: 32, setTid: 64, setTidSize: 72, cgroup: 80 } as const;
const DESCRIPTOR_BYTES = 4;
const FIELD_BYTES = 8;

/** The arguments of clone3. The stack stays unsaid: a holder's child gets one of its own. */
export function cloneArgs(wish: CloneWish): readonly Argument[] {
  const { flags = 0, exitSignal = CONSTANTS.SIGCHLD, setTid, pidfd = false, cgroup = 0, size = SIZE } = wish;
  const bytes = new Uint8Array(Math.max(size, SIZE));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(AT.flags, BigInt(flags), true);
  view.setBigUint64(AT.exitSignal, BigInt(exitSignal), true);
  view.setBigUint64(AT.setTidSize, BigInt(wish.setTidSize ?? setTid?.length ?? 0), true);
  view.setBigUint64(AT.cgroup, BigInt(cgroup), true);
  const targets: [number, Uint8Array | ReturnType<typeof room>][] = [];
  if (pidfd) targets.push([AT.pidfd, room(DESCRIPTOR_BYTES)]);
  if (typeof setTid === "string") view.setBigUint64(AT.setTid, BigInt(BAD_ADDRESSES[setTid]), true);
  else if (setTid !== undefined) {
    // What lies first begins a page, at an address whose lowest byte is 0. That of the numbers is not, for the rules' sake.
    targets.push([AT.setTid, new Uint8Array(FIELD_BYTES)], [AT.setTid, new Uint8Array(Int32Array.from(setTid).buffer)]);
  }
  if (wish.junkBehind === true) bytes[bytes.length - 1] = 1;
  return [pointing(bytes, targets), size];
}
