import { CONSTANTS } from "../abi/constants.ts";
import { errnoName } from "../abi/errnos.ts";
import { OwnedFd } from "../kernel/live/fd.ts";
import type { Native } from "../kernel/live/native.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";

/** Between fork and execve Node puts descriptors in their places: the launcher's own must be in none of these. */
export function above(native: Native, launcher: OwnedFd, least: number): Outcome<OwnedFd> {
  if (launcher.raw >= least) return ok(launcher);
  using low = launcher;
  const high = native.fcntl(low.raw, CONSTANTS.F_DUPFD_CLOEXEC, least);
  // EINVAL: beyond RLIMIT_NOFILE.
  return high < 0 ? refused(errnoName(-high)) : ok(new OwnedFd(high));
}
