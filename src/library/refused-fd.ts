import type { ErrnoName } from "../abi/errnos.ts";
import type { SyscallError } from "../errors.ts";
import { LIBRARY } from "../messages/library.ts";
import { refusedCall } from "./refused-call.ts";

/** The error for a call on a descriptor that was refused whatever is behind it: mostly EBADF, it is not open. */
export function refusedFd(
  syscall: string,
  fd: number,
  code: ErrnoName,
  state: "closed" | "path-only" = "closed",
): SyscallError {
  const why =
    code === "EBADF"
      ? ({ rule: "bad-descriptor", reason: LIBRARY[state].why.en, hint: LIBRARY[state].next.en } as const)
      : {};
  return refusedCall({ code, syscall, subject: `fd ${fd}`, ...why }, "en");
}
