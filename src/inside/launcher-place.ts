import { CONSTANTS } from "../abi/constants.ts";
import { errnoName } from "../abi/errnos.ts";
import { OwnedFd } from "../kernel/live/fd.ts";
import { fileStat } from "../kernel/live/file-stat.ts";
import { openLauncher } from "../kernel/live/launcher.ts";
import type { Native } from "../kernel/live/native.ts";
import { openFd, READ } from "../kernel/live/open-fd.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";

/** The launcher's descriptor, for one start. */
export interface LentLauncher extends Disposable {
  readonly raw: number;
}
interface Kept {
  readonly fd: OwnedFd;
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Made once: to read the program, copy and seal it takes a fifth of what spawnIn adds to a plain spawn. */
let kept: Kept | undefined;

/**
 * The launcher under a number from `least` on: between fork and execve Node puts descriptors in their places, and the
 * launcher's own must be in none of these. EINVAL: that number would be beyond RLIMIT_NOFILE.
 */
export function lendLauncher(native: Native, least: number): Outcome<LentLauncher> {
  const own = keep(native);
  if (!own.ok) return own;
  const { raw } = own.value;
  if (raw >= least) return ok({ raw, [Symbol.dispose]: () => {} });
  const high = native.fcntl(raw, CONSTANTS.F_DUPFD_CLOEXEC, least);
  return high < 0 ? refused(errnoName(-high)) : ok(new OwnedFd(high));
}

function keep(native: Native): Outcome<OwnedFd> {
  if (kept !== undefined) {
    const now = fileStat(native, kept.fd.raw);
    if (now.ok && now.value.dev === kept.dev && now.value.ino === kept.ino) return ok(kept.fd);
    // Somebody closed a descriptor that was not theirs. What has its number now is not ours to run, or to close.
    kept.fd.release();
    kept = undefined;
  }
  const made = openLauncher(native);
  if (!made.ok) return made;
  using writable = made.value;
  // What node:fs opens, Node closes with the worker thread that opened it.
  const opened = openFd(`/proc/self/fd/${writable.raw}`, READ);
  if (!opened.ok) return opened;
  const stat = fileStat(native, opened.value.raw);
  if (stat.ok) {
    kept = { fd: opened.value, dev: stat.value.dev, ino: stat.value.ino };
    return ok(opened.value);
  }
  opened.value[Symbol.dispose]();
  return stat;
}
