import { ERRNOS } from "../../abi/errnos.ts";
import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import type { ThreadScan } from "../hanging.ts";
import type { ScanWish } from "../observer.ts";
import { numberIn } from "./descriptors.ts";
import { readLink, type ReadLink } from "./read-link.ts";
import { linkColumns, type Row } from "./link-columns.ts";
import type { Task, World } from "./world.ts";

interface ThreadRow extends Row {
  readonly row: number;
}

/** The threads of all processes that are in other namespaces than their leader, as one task sees them. */
export function scanThreads(world: World, viewer: Task, rows: readonly Row[], wish: ScanWish): ThreadScan {
  const found: ThreadRow[] = [];
  const refused = new Map<number, number>();
  let [left, seen, skipped] = [wish.threads ?? 0, 0, 0];
  for (const [row, { task: leader }] of rows.entries()) {
    const threads = threadsOf(world, viewer, leader);
    if (threads.length > left) {
      skipped += threads.length;
      continue;
    }
    left -= threads.length;
    for (const { number, task } of threads) {
      const own = readLink(world, viewer, task.name, "mnt");
      if (own.errno !== 0) {
        refused.set(own.errno, (refused.get(own.errno) ?? 0) + 1);
        continue;
      }
      seen++;
      const differs = (link: ProcLink): boolean =>
        !isSame(readLink(world, viewer, task.name, link), readLink(world, viewer, leader.name, link));
      if (LINKS.some(differs)) found.push({ row, number, task });
    }
  }
  return {
    seen,
    vanished: 0,
    skipped,
    refused,
    count: found.length,
    row: Uint32Array.from(found, ({ row }) => row),
    tid: Int32Array.from(found, ({ number }) => number),
    startTime: Float64Array.from(found, ({ task }) => task.startTime),
    links: linkColumns(world, viewer, found, wish),
    comm: (row) => found[row]?.task.comm ?? "",
  };
}

/** The further threads of a process, by number. */
export const threadsOf = (world: World, viewer: Task, { threads }: Task): readonly Row[] =>
  [...threads]
    .flatMap((name) => {
      const task = world.tasks.get(name);
      const number = task === undefined ? undefined : numberIn(task, viewer.pid);
      return task === undefined || number === undefined ? [] : [{ task, number }];
    })
    .toSorted((a, b) => a.number - b.number);

/** What refuses a leader that has ended is not what refuses a thread. */
const isSame = (thread: ReadLink, leader: ReadLink): boolean =>
  thread.inode === leader.inode &&
  thread.device === leader.device &&
  thread.errno === (leader.errno === ERRNOS.EACCES ? 0 : leader.errno);
