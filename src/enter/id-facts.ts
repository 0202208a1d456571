import type { IdExtent } from "../procfs/id-map.ts";

/** What is known of ids in a user namespace: its maps as a process in it sees them, and whether setgroups(2) is denied. */
export interface IdFacts {
  readonly uid: readonly IdExtent[];
  readonly gid: readonly IdExtent[];
  readonly setgroupsAllowed: boolean;
}

export const isMapped = (extents: readonly IdExtent[], id: number): boolean =>
  extents.some(({ inside, count }) => id >= inside && id < inside + count);
