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
