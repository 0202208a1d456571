import type { NamespaceId } from "../abi/ids.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { Observer, Observing } from "../kernel/observer.ts";
import type { Viewpoint } from "../snapshot/types.ts";

export type Own = Partial<Record<ProcLink, NamespaceId>>;

/** Who looks, from where: asked once, in the beginning. */
export interface Viewer {
  readonly own: Own;
  readonly who: Observing;
}

/** Whether the pids of this /proc are those of the observer's own pid namespace. */
export function readsOwnProc(observer: Observer, { pid }: Observing): boolean {
  const stat = observer.read(`${observer.procRoot}/self/stat`);
  return stat.ok && stat.value.startsWith(`${pid} `);
}

/** As a snapshot has it. */
export function viewpoint(observer: Observer, { own, who }: Viewer): Viewpoint {
  const { pid, uid, gid, capabilities, kernel } = who;
  const bootId = observer.read(`${observer.procRoot}/sys/kernel/random/boot_id`);
  return {
    source: observer.source,
    kernel,
    ...(bootId.ok ? { bootId: bootId.value.trim() } : {}),
    proc: observer.procRoot,
    pid,
    uid,
    gid,
    ...(capabilities === undefined ? {} : { capabilities: capabilities.toString(16).padStart(16, "0") }),
    ...ptraceScope(observer),
    namespaces: own,
  };
}

/** Yama's file is there where Yama is, once its folder is. */
function ptraceScope(observer: Observer): Pick<Viewpoint, "ptraceScope"> {
  const read = observer.read(`${observer.procRoot}/sys/kernel/yama/ptrace_scope`);
  if (read.ok) return /^\d+\s*$/.test(read.value) ? { ptraceScope: Number(read.value) } : {};
  const isKernelSeen = observer.source === "live" && observer.read(`${observer.procRoot}/sys/kernel/osrelease`).ok;
  return read.errno === "ENOENT" && isKernelSeen ? { ptraceScope: 0 } : {};
}
