import { readlinkSync } from "node:fs";
import { outcomeOf } from "../../kernel/live/outcome-of.ts";
import { refusedCall } from "../../library/refused-call.ts";
import type { Language } from "../../messages/sentence.ts";

/** Node has event polls and event descriptors of its own open, which are nobody else's affair. */
const OF_NODE = /^anon_inode:\[(eventpoll|eventfd|io_uring)\]$/;

/**
 * Descriptors that the command is to keep. To be called before nsatlas opens any, so that none of these is meant. EBADF: it is not
 * open, or is Node's.
 */
export function checkKept(fds: readonly number[], language: Language): void {
  for (const fd of fds) {
    const link = outcomeOf(() => readlinkSync(`/proc/self/fd/${fd}`));
    if (link.ok && !OF_NODE.test(link.value)) continue;
    throw refusedCall({ code: "EBADF", syscall: "fcntl", subject: `fd ${fd}`, situation: "inherited-fd" }, language);
  }
}
