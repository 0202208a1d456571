import type { TracePart } from "../traces/trace.ts";

export type { TracePart };

/** What tells whose a namespace is, and where that is written. No engine is asked. */
export type Trace = CgroupTrace | PinTrace;

/** By the control group of its most senior process. */
export interface CgroupTrace {
  readonly from: "cgroup";
  /** The outermost first, each next one made inside the one before. What all of its processes agree on; never empty. */
  readonly parts: readonly TracePart[];
  /** Whose `cgroup` file it is; with `tid` the thread's. */
  readonly pid: number;
  readonly tid?: number;
  /** The line of that file, with the path from the viewer's cgroup root. */
  readonly line: string;
  /** So many processes, one of each set of namespaces, belong to something else or to nothing; absent: none. */
  readonly others?: number;
}

/** By the path of a bind mount of its file. */
export interface PinTrace {
  readonly from: "pin";
  readonly parts: readonly [TracePart];
  readonly mountId: number;
  readonly path: string;
}
