import { byTelling, type CgroupLine } from "../procfs/cgroup.ts";
import type { TraceKind } from "./kinds.ts";
import { readCgroupPath } from "./read-path.ts";
import type { TracePart } from "./trace.ts";

/** Whose a process is, and the line that says so. */
export interface LineTrace {
  readonly line: CgroupLine;
  readonly parts: readonly TracePart[];
}

const ENGINES_OWN: ReadonlySet<TraceKind> = new Set(["container", "pod", "machine", "app", "monitor"]);
const PERSONS: ReadonlySet<TraceKind> = new Set(["session", "user"]);

/**
 * The line of /proc/PID/cgroup that tells most. Hierarchies differ: where both versions are mounted, Docker's containers
 * have their own folder in version 1 and lie with containerd.service in version 2. One with a container is taken before one
 * with a unit, and that before one with a slice; among equals the order of `tellingPath`. A user's session, where the first of
 * them tells it, stays: some hierarchies of version 1 are given to users, who may make any folder there.
 */
export function readCgroupLines(lines: readonly CgroupLine[]): LineTrace | undefined {
  let best: LineTrace | undefined;
  for (const line of byTelling(lines)) {
    const parts = readCgroupPath(line.path);
    if (parts.length === 0) continue;
    if (best === undefined || weight(parts) > weight(best.parts)) best = { line, parts };
    if (best.parts.some(({ kind }) => PERSONS.has(kind))) return best;
  }
  return best;
}

function weight(parts: readonly TracePart[]): number {
  if (parts.some(({ kind }) => ENGINES_OWN.has(kind))) return 2;
  return parts.some(({ kind }) => kind === "slice") ? 0 : 1;
}
