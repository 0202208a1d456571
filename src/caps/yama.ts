import type { ProcessRecord } from "../snapshot/types.ts";
import type { Ground } from "./ground.ts";
import type { Situation, Told } from "./situation.ts";

/** Values of kernel.yama.ptrace_scope. Source: Documentation/admin-guide/LSM/Yama.rst, security/yama/yama_lsm.c. */
export const YAMA_SCOPES = { open: 0, descendants: 1, capability: 2, nobody: 3 } as const;

/** Undefined: not read, and Yama may still deny. A kernel without it is as one where it is open. */
export const ptraceScope = ({ index }: Ground): number | undefined => index.snapshot.viewpoint.ptraceScope;
export const isYamaShut = (ground: Ground): boolean => (ptraceScope(ground) ?? YAMA_SCOPES.open) > YAMA_SCOPES.open;

/** Whether Yama lets it attach without a capability. Source: security/yama/yama_lsm.c yama_ptrace_access_check. */
export function yamaLets(situation: Situation, what: string): Told {
  const { ground, me, target } = situation;
  const scope = ptraceScope(ground) ?? YAMA_SCOPES.open;
  if (scope <= YAMA_SCOPES.open) return { verdict: "yes", what };
  const evidence = [{ read: "/proc/sys/kernel/yama/ptrace_scope", says: String(scope) }];
  if (scope > YAMA_SCOPES.descendants || target.aim !== "process") return { verdict: "no", what, evidence };
  const below = isBelow(ground.index.processes, target.process.person.process, me.person.process.pid);
  if (below === true) return { verdict: "yes", what, evidence };
  const { number } = target.process;
  return below === undefined
    ? { verdict: "unknown", what, missing: [{ what: "ancestors", of: number }] }
    : { verdict: "no", what, evidence, assumed: [{ what: "ptracer", of: number }] };
}

/** Whether a capability does for Yama. */
export function yamaTakesCapability({ ground }: Situation, what: string): Told {
  const scope = ptraceScope(ground) ?? YAMA_SCOPES.open;
  const evidence = [{ read: "/proc/sys/kernel/yama/ptrace_scope", says: String(scope) }];
  return { verdict: scope < YAMA_SCOPES.nobody ? "yes" : "no", what, evidence };
}

/** Whether a process descends from another; undefined: one in between was not seen. Each has one parent, and none twice. */
export function isBelow(
  processes: ReadonlyMap<number, ProcessRecord>,
  process: ProcessRecord,
  ancestor: number,
): boolean | undefined {
  const passed = new Set<number>();
  for (let at = process; !passed.has(at.pid);) {
    passed.add(at.pid);
    if (at.ppid === ancestor) return true;
    // Number 0 is nobody, or somebody whom this /proc does not show.
    if (at.ppid === 0) return false;
    const parent = processes.get(at.ppid);
    if (parent === undefined) return undefined;
    at = parent;
  }
  return undefined;
}

/** Those of some processes that Yama lets somebody attach to; `because`: who has not the same ids has CAP_SYS_PTRACE over them. */
export function yamaLeaves(
  ground: Ground,
  { by, because }: { readonly by: number; readonly because: string },
  processes: readonly ProcessRecord[],
): readonly ProcessRecord[] {
  const scope = ptraceScope(ground) ?? YAMA_SCOPES.open;
  if (scope <= YAMA_SCOPES.open) return processes;
  if (because !== "same-ids") return scope < YAMA_SCOPES.nobody ? processes : [];
  if (scope > YAMA_SCOPES.descendants) return [];
  return processes.filter((one) => isBelow(ground.index.processes, one, by) === true);
}
