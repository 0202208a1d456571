import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import type { LinkColumn, ScanWish } from "../observer.ts";
import { readLink } from "./read-link.ts";
import type { Task, World } from "./world.ts";

/** A task with its number as the viewer sees it. */
export interface Row {
  readonly number: number;
  readonly task: Task;
}

/** The links of some tasks, as one task reads them. */
export function linkColumns(
  world: World,
  viewer: Task,
  rows: readonly Row[],
  { everyDevice }: ScanWish,
): Record<ProcLink, LinkColumn> {
  const column = (link: ProcLink): LinkColumn => {
    const inode = new Float64Array(rows.length);
    const errno = new Uint16Array(rows.length);
    const device = new Float64Array(rows.length);
    for (const [row, { task }] of rows.entries()) {
      const read = readLink(world, viewer, task.name, link);
      inode[row] = read.inode;
      device[row] = read.device;
      errno[row] = read.errno;
    }
    return everyDevice ? { inode, errno, device } : { inode, errno };
  };
  return Object.fromEntries(LINKS.map((link) => [link, column(link)])) as Record<ProcLink, LinkColumn>;
}
