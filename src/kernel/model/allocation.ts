/** The n-th allocation of a call finds no memory, or no room. */
export interface AllocationFailure {
  /** Counted from 1. */
  readonly at: number;
  readonly errno: "ENOMEM" | "ENOSPC";
}

/** Thrown where the allocation is, caught where the call began, as the kernel unwinds by its labels. */
export class AllocationFailed extends Error {
  override readonly name = "AllocationFailed";
  readonly errno: AllocationFailure["errno"];

  constructor(errno: AllocationFailure["errno"]) {
    super(`an allocation failed: ${errno}`);
    this.errno = errno;
  }
}

/**
 * The kernel at hand uses the error as if it were what it asked for, and that is the end of the call, of the task, and
 * perhaps of the machine: there is no world after it. Of a kernel that was posted and never released so.
 */
export class KernelFault extends Error {
  override readonly name = "KernelFault";
}
