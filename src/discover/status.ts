import type { Observer } from "../kernel/observer.ts";
import { parseStatus } from "../procfs/status.ts";
import type { ProcessRecord, StatusRecord } from "../snapshot/types.ts";

/** Adds to each process what /proc/PID/status says of who it is; anybody may read it (unless hidepid hides it). */
export const withStatus = (observer: Observer, processes: readonly ProcessRecord[]): ProcessRecord[] =>
  processes.map((process) => {
    const status = readStatus(observer, process.pid);
    return status === undefined ? process : { ...process, status };
  });

/** Undefined where it cannot be read: the process may have ended meanwhile. */
function readStatus(observer: Observer, pid: number): StatusRecord | undefined {
  const text = observer.read(`${observer.procRoot}/${pid}/status`);
  const parsed = text.ok ? parseStatus(text.value) : undefined;
  if (parsed?.ok !== true) return undefined;
  const { uid, gid, groups, nsTgid, threads, capabilities: sets, noNewPrivs } = parsed.value;
  return {
    uid,
    gid,
    groups,
    ...(nsTgid !== undefined && { numbers: nsTgid }),
    threads,
    capabilities: {
      inheritable: digits(sets.inheritable),
      permitted: digits(sets.permitted),
      effective: digits(sets.effective),
      ...(sets.bounding !== undefined && { bounding: digits(sets.bounding) }),
    },
    ...(noNewPrivs !== undefined && { noNewPrivs }),
  };
}

const digits = (set: bigint): string => set.toString(16).padStart(16, "0");
