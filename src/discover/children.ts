import { ERRNOS, type ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { PIDFD_IOCTLS } from "../abi/ioctls.ts";
import type { TaskPlace } from "../kernel/hanging.ts";
import type { LinkColumn, Observer, ProcessScan } from "../kernel/observer.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** The pid namespaces that tasks have for their children and that have no process yet: their links do not open. */
export interface Unborn {
  ofProcess(row: number): NamespaceId | undefined;
  ofThread(nth: number): NamespaceId | undefined;
  readonly ids: ReadonlySet<NamespaceId>;
  readonly tally: Tally;
}

/** Who called unshare(CLONE_NEWPID) and made no child since: the link is there, ENOENT, and a pidfd gives the namespace. */
export function discoverUnborn(
  observer: Observer,
  registry: Registry,
  { scan, ownPids }: { scan: ProcessScan; ownPids: boolean },
): Unborn {
  const tally = new Tally("children");
  const { threads } = scan;
  const processes = withUnborn(scan.count, scan.links.pid_for_children, scan.links.mnt);
  const ofThreads =
    threads === undefined ? [] : withUnborn(threads.count, threads.links.pid_for_children, threads.links.mnt);
  // A kernel before 4.12 has no such link at all.
  const isThere = scan.links.pid_for_children.inode.some((inode) => inode !== 0);
  if (!isThere) return { ofProcess: () => undefined, ofThread: () => undefined, ids: new Set(), tally };
  if (!ownPids) tally.skip("foreign-proc", processes.length + ofThreads.length);

  const ask = (rows: readonly number[], placeOf: (row: number) => TaskPlace): Map<number, NamespaceId> => {
    const found = new Map<number, NamespaceId>();
    for (const row of ownPids ? rows : []) {
      const opened = observer.openPidForChildren(placeOf(row));
      if (!opened.ok) {
        count(tally, opened.errno);
        continue;
      }
      using file = opened.value;
      if (registry.lead(file)) found.set(row, file.id);
      tally.saw();
    }
    return found;
  };
  const pidOf = (row: number): number => scan.pid[row] ?? 0;
  const unborn = ask(processes, (row) => ({ pid: pidOf(row), startTime: scan.startTime[row] ?? 0 }));
  const unbornOfThreads = ask(ofThreads, (nth) => ({
    pid: pidOf(threads?.row[nth] ?? 0),
    tid: threads?.tid[nth] ?? 0,
    startTime: threads?.startTime[nth] ?? 0,
  }));
  return {
    ofProcess: (row) => unborn.get(row),
    ofThread: (nth) => unbornOfThreads.get(nth),
    ids: new Set([...unborn.values(), ...unbornOfThreads.values()]),
    tally,
  };
}

/** Those that have other links, and this one not. */
function withUnborn(count: number, children: LinkColumn, witness: LinkColumn): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) {
    if (children.errno[row] === ERRNOS.ENOENT && witness.errno[row] === 0) rows.push(row);
  }
  return rows;
}

function count(tally: Tally, errno: ErrnoName): void {
  if (errno === "ESRCH" || errno === "ENOENT") tally.lost();
  else tally.refused(errno);
  const { since } = PIDFD_IOCTLS.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE;
  if (errno === "ENOTTY") tally.unsupported(errno, since);
  if (errno === "ENOSYS") tally.unsupported(errno);
}
