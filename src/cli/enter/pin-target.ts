import { fstatSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName, ERRNOS } from "../../abi/errnos.ts";
import { OwnedFd } from "../../kernel/live/fd.ts";
import type { Native } from "../../kernel/live/native.ts";
import { openFd } from "../../kernel/live/open-fd.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import type { Language } from "../../messages/sentence.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import type { Target } from "./readers.ts";

/** A process that cannot turn into another one while we look: a number is nobody else's before its process was waited for. */
export interface Pinned extends Disposable {
  readonly pid: number;
  /** Of our own pid namespace's /proc. Undefined where the number is another /proc's, and before Linux 5.3. */
  readonly pidfd: OwnedFd | undefined;
  /** Throws ESRCH where the process has gone: what was read under its number may be another's then. */
  check(): void;
}

/** pidfds of pidfs, which have inodes of their own. Source: include/uapi/linux/magic.h PID_FS_MAGIC. */
const PID_FS_MAGIC = 0x50494446;

/** Takes hold of the target before anything of it is read. Throws where there is no such process, or another has its number. */
export function pinTarget(native: Native, { pid, inode }: Target, procRoot: string, language: Language): Pinned {
  const subject = `${procRoot}/${pid}`;
  const gone = (): Error =>
    refusedCall({ code: "ESRCH", syscall: "pidfd_open", subject: String(pid), rule: "no-such-process" }, language);
  const raw = procRoot === "/proc" ? native.pidfdOpen(pid, 0) : -ERRNOS.ENOSYS;
  if (raw < 0 && raw !== -ERRNOS.ENOSYS) {
    // A thread's number is no process's: EINVAL, since Linux 6.16 ENOENT.
    if (raw === -ERRNOS.ESRCH) throw gone();
    throw refusedCall({ code: errnoName(-raw), syscall: "pidfd_open", subject: String(pid) }, language);
  }
  if (raw < 0) {
    if (inode !== undefined) throw usage(ENTER_USAGE["no-pidfd-inode"][language]);
    // Its folder under /proc is as good: it stays that process's, and has nothing in it when that has gone.
    const opened = openFd(subject, CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC);
    if (!opened.ok)
      throw opened.errno === "ENOENT"
        ? gone()
        : refusedCall({ code: opened.errno, syscall: "openat", subject }, language);
    const folder = opened.value;
    return {
      pid,
      pidfd: undefined,
      check: () => {
        const stat = native.openat(folder.raw, "stat", CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC);
        if (stat < 0) throw gone();
        native.close(stat);
      },
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  }
  const pidfd = new OwnedFd(raw);
  if (inode !== undefined) {
    const known = fstatSync(pidfd.raw, { bigint: true }).ino;
    const isPidfs = native.fstatfs(pidfd.raw) === PID_FS_MAGIC;
    if (!isPidfs || known !== inode) {
      pidfd[Symbol.dispose]();
      if (!isPidfs) throw usage(ENTER_USAGE["no-pidfd-inode"][language]);
      const reason = ENTER_USAGE["other-process"][language]({ pid, inode: String(inode) });
      throw new CommandFailure({ exit: EXIT.no, code: "ESRCH", subject: `${pid}:${inode}`, reason });
    }
  }
  return {
    pid,
    pidfd,
    check: () => {
      if (native.pidfdProbe(pidfd.raw) === -ERRNOS.ESRCH) throw gone();
    },
    [Symbol.dispose]: () => pidfd[Symbol.dispose](),
  };
}

const usage = (reason: string): CommandFailure => new CommandFailure({ exit: EXIT.no, code: "UNSUPPORTED", reason });
