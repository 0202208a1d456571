import type { SyscallName } from "../../abi/constants.ts";
import type { Argument } from "./holder-arguments.ts";

/** A process or thread that makes system calls for us. Both numbers as our own pid namespace has them; 0: unknown. */
export interface Holder {
  readonly slot: number;
  /** Of its thread group. */
  readonly pid: number;
  readonly tid: number;
}

/**
 * What became of a call. `ret` is what the kernel returned: a result, or `-errno`. `out` has the `room` arguments.
 * `child`: the holder that a clone made. `timedOut`: the call still goes on; `await` has its answer later.
 * `died`: the holder was a zombie or gone before the call came to its end.
 */
export type Answer =
  | { readonly state: "done"; readonly ret: number; readonly out: readonly Uint8Array[]; readonly child?: Holder }
  | { readonly state: "timedOut"; readonly child?: Holder }
  | { readonly state: "died"; readonly child?: Holder };

/** How an end came out: the kernel shows a zombie or nothing (`done`, `died` when it was so already), or not yet. */
export type EndAnswer = Answer["state"];

export interface Limit {
  /** How long to wait for the answer; 0: not at all. */
  readonly limitMs?: number;
}

export interface SystemCall extends Limit {
  readonly holder: Holder;
  readonly call: SyscallName | number;
  readonly args?: readonly Argument[];
}

export interface CloneCall extends Limit {
  readonly call: "clone" | "clone3";
  readonly args: readonly Argument[];
  /** With CLONE_VFORK the parent's call lasts as long as the child has its memory: report the child at once. */
  readonly suspends?: boolean;
}

export interface ExitWish extends Limit {
  readonly code?: number;
  /** exit, which ends a thread, in place of exit_group. */
  readonly threadOnly?: boolean;
}

/** A zombie's end, as wait4(2) gives it; `pid` 0: the process has not ended; negative: `-errno`. */
export interface Reaped {
  readonly pid: number;
  readonly status: number;
}
