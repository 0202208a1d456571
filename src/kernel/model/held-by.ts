import type { FileTarget, NsKey, OpenFile, PidfdTarget } from "./world.ts";

/**
 * The namespaces that an open file keeps alive: the user namespace of whoever opened it, and what it leads to. What refers
 * to a process, alive or not, keeps its number (struct pid), and with that its pid namespace.
 * Source: fs/file_table.c init_file, kernel/pid.c put_pid.
 */
export const heldBy = ({ opener, target }: Pick<OpenFile, "opener" | "target">): readonly NsKey[] => [
  opener,
  ...heldByTarget(target),
];

function heldByTarget(target: FileTarget): readonly NsKey[] {
  switch (target.type) {
    case "namespace":
      return [target.namespace];
    case "socket":
      return target.peer === undefined ? [target.net] : [target.net, ...numbered(target.peer)];
    case "map":
      return [target.user, target.pid];
    case "pidfd":
      return numbered(target);
    case "other":
      return target.pid === undefined ? [] : [target.pid];
  }
}

/** The pid namespace that a process is, or was, in itself. */
const numbered = ({ seenIn }: PidfdTarget): readonly NsKey[] => seenIn.slice(0, 1);
