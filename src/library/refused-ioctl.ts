import { CONSTANTS } from "../abi/constants.ts";
import { namespaceId } from "../abi/ids.ts";
import { KIND_BY_FLAG } from "../abi/namespace-kinds.ts";
import type { SyscallError } from "../errors.ts";
import type { RelationIoctl } from "../kernel/call.ts";
import { fileStat } from "../kernel/live/file-stat.ts";
import type { Native } from "../kernel/live/native.ts";
import { nsfsIoctl } from "../kernel/live/nsfs-ioctl.ts";
import { LIBRARY } from "../messages/library.ts";
import { refused, type Refused } from "../rules/outcome.ts";
import { refusedCall } from "./refused-call.ts";
import { refusedFd } from "./refused-fd.ts";
import { refusedQuestion, unknownCall } from "./refused-question.ts";

/** A call on a bare descriptor. */
interface Asked {
  readonly fd: number;
  readonly request: RelationIoctl;
  readonly pid: number;
}

/**
 * The error for an ioctl that was refused on a bare descriptor. What the errno leaves open is found out by asking more:
 * whether the descriptor is open, whether the file is a namespace, and which.
 */
export function refusedIoctl(native: Native, { fd, request, pid }: Asked, { errno: code }: Refused): SyscallError {
  const call = { code, syscall: `ioctl ${request}`, subject: `fd ${fd}` };
  if (code === "EBADF") return refusedFd(call.syscall, fd, code, isPathOnly(native, fd) ? "path-only" : "closed");
  const isNamespace = native.fstatfs(fd) === CONSTANTS.NSFS_MAGIC;
  if (code === "ENOTTY" && !isNamespace) {
    return refusedCall({ ...call, rule: "not-a-namespace-file", situation: "namespace-file" }, "en");
  }
  const flag = nsfsIoctl(native, fd, "NS_GET_NSTYPE");
  const kind = flag.ok ? KIND_BY_FLAG.get(flag.value) : undefined;
  const stat = fileStat(native, fd);
  if (kind === undefined || !stat.ok) {
    // Before Linux 4.11 a namespace's kind is not to be had here; that it is one decides.
    return refusedCall(isNamespace && code === "ENOTTY" ? { ...call, ...unknownCall(request, "en") } : call, "en");
  }
  if (code === "ESRCH") {
    const [reason, hint] = [LIBRARY["no-such-number"].en({ pid }), LIBRARY["no-such-number-next"].en];
    return refusedCall({ ...call, reason, hint }, "en");
  }
  const question = { request, kind, id: namespaceId(stat.value.dev, stat.value.ino), via: call.subject };
  return refusedQuestion(question, refused(code), "en");
}

function isPathOnly(native: Native, fd: number): boolean {
  const flags = native.fcntl(fd, CONSTANTS.F_GETFL, 0);
  return flags >= 0 && (flags & CONSTANTS.O_PATH) !== 0;
}
