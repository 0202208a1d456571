import type { Observer } from "../kernel/observer.ts";
import { parseStatus } from "../procfs/status.ts";
import type { ProcessRecord, StatusRecord } from "../snapshot/types.ts";

/** Adds to each process what /proc/PID/status says of who it is; anybody may read it (unless hidepid hides it). */
export function withStatus(observer: Observer, processes: readonly ProcessRecord[]): ProcessRecord[] {
  // Where no security module gives labels, nobody has one: so one try is enough for all.
  const labels = labelOf(observer, `${observer.procRoot}/self`) !== undefined;
  return processes.map((process) => {
    const status = readStatus(observer, `${observer.procRoot}/${process.pid}`, labels);
    return status === undefined ? process : { ...process, status };
  });
}

/** Of /proc/PID or /proc/PID/task/TID. Undefined where it cannot be read: the process may have ended meanwhile. */
export function readStatus(observer: Observer, folder: string, labels: boolean): StatusRecord | undefined {
  const text = observer.read(`${folder}/status`);
  const parsed = text.ok ? parseStatus(text.value) : undefined;
  if (parsed?.ok !== true) return undefined;
  const { uid, gid, groups, nsTgid, nsPgid, nsSid, threads, capabilities: sets, noNewPrivs, seccomp } = parsed.value;
  const [group, session] = [nsPgid?.at(-1), nsSid?.at(-1)];
  const label = labels ? labelOf(observer, folder) : undefined;
  return {
    uid,
    gid,
    groups,
    ...(nsTgid !== undefined && { numbers: nsTgid }),
    ...(group !== undefined && { group }),
    ...(session !== undefined && { session }),
    threads,
    capabilities: {
      inheritable: digits(sets.inheritable),
      permitted: digits(sets.permitted),
      effective: digits(sets.effective),
      ...(sets.bounding !== undefined && { bounding: digits(sets.bounding) }),
      ...(sets.ambient !== undefined && { ambient: digits(sets.ambient) }),
    },
    ...(noNewPrivs !== undefined && { noNewPrivs }),
    ...(seccomp !== undefined && { seccomp }),
    ...(label !== undefined && { label }),
  };
}

/** SELinux ends it with a NUL, AppArmor with a newline. EINVAL: no security module gives one. */
function labelOf(observer: Observer, folder: string): string | undefined {
  const text = observer.read(`${folder}/attr/current`);
  // oxlint-disable-next-line no-control-regex
  return text.ok ? text.value.replace(/[\n\0]+$/, "") : undefined;
}

const digits = (set: bigint): string => set.toString(16).padStart(16, "0");
