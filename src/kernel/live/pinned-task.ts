import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName, ERRNOS } from "../../abi/errnos.ts";
import { PIDFD_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import { parseStat } from "../../procfs/stat.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskPlace } from "../hanging.ts";
import type { NsFile } from "../observer.ts";
import { OwnedFd } from "./fd.ts";
import type { Native } from "./native.ts";
import { nsFile } from "./ns-file.ts";
import { outcomeOf } from "./outcome-of.ts";

/**
 * A pidfd of the very task that was seen; the caller closes it. ESRCH: it has ended, be its number another's by now. The
 * number is taken as our own pid namespace has it, so `procRoot` must be a /proc of that one.
 */
export function openPinned(native: Native, procRoot: string, { pid, tid, startTime }: TaskPlace): Outcome<OwnedFd> {
  const raw = native.pidfdOpen(tid ?? pid, tid === undefined ? 0 : CONSTANTS.PIDFD_THREAD);
  if (raw < 0) return refused(errnoName(-raw));
  const pidfd = new OwnedFd(raw);
  const path = `${procRoot}/${pid}${tid === undefined ? "" : `/task/${tid}`}/stat`;
  const text = outcomeOf(() => readFileSync(path, "latin1"));
  const stat = text.ok ? parseStat(text.value) : undefined;
  // A number is given to nobody else before its task was waited for: what was read is that of the pidfd, if it is there still.
  const isThere = native.pidfdProbe(pidfd.raw) !== -ERRNOS.ESRCH;
  if (isThere && stat?.ok === true && stat.value.startTime === startTime) return ok(pidfd);
  pidfd[Symbol.dispose]();
  return refused("ESRCH", "process-gone");
}

/** Through the task's pidfd, for the link under /proc does not open before the namespace has a process. */
export function openPidForChildren(native: Native, procRoot: string, task: TaskPlace): Outcome<NsFile> {
  const pinned = openPinned(native, procRoot, task);
  if (!pinned.ok) return pinned;
  using pidfd = pinned.value;
  const request = requestNumber(PIDFD_IOCTLS.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE);
  const raw = native.ioctlValue(pidfd.raw, request, 0);
  return raw < 0 ? refused(errnoName(-raw)) : nsFile(new OwnedFd(raw), native);
}
