import { ERRNOS } from "../../abi/errnos.ts";
import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import type { LinkColumn, ProcessScan, ScanWish } from "../observer.ts";
import { followLink, numberIn } from "./descriptors.ts";
import { shownUid } from "./ids.ts";
import { procText } from "./proc-texts.ts";
import { namespaceOf } from "./view.ts";
import type { Task, World } from "./world.ts";

/** What one task sees when it reads all of /proc: the processes that have a number in its pid namespace. */
export function scan(world: World, viewer: Task, wish: ScanWish): ProcessScan {
  const numbered = [...(namespaceOf(world, viewer.pid).pid?.tasks ?? [])];
  const rows = numbered
    .map(([number, name]) => ({ number, task: world.tasks.get(name) }))
    .filter((row): row is Row => row.task !== undefined)
    .toSorted((a, b) => a.number - b.number);
  const read = (row: number, file: string): string | undefined => {
    const text = procText(world, viewer, `/proc/${rows[row]?.number}/${file}`);
    return text.ok ? text.value : undefined;
  };
  return {
    count: rows.length,
    pid: Int32Array.from(rows, ({ number }) => number),
    ppid: Int32Array.from(rows, ({ task }) => parentNumber(world, viewer, task)),
    uid: Uint32Array.from(rows, ({ task }) => shownUid(world, viewer.credentials.user, task.credentials.euid)),
    startTime: Float64Array.from(rows, ({ task }) => task.startTime),
    flags: new Uint32Array(rows.length),
    state: Uint8Array.from(rows, ({ task }) => (task.memberships === undefined ? "Z" : "S").charCodeAt(0)),
    links: columns(world, viewer, rows, wish),
    comm: (row) => rows[row]?.task.comm ?? "",
    commandLine: (row) =>
      wish.commandLines && rows[row]?.task.memberships !== undefined ? rows[row].task.commandLine : undefined,
    cgroup: (row) => (wish.cgroups ? read(row, "cgroup") : undefined),
    vanished: 0,
    refused: new Map(),
  };
}

interface Row {
  readonly number: number;
  readonly task: Task;
}

function parentNumber(world: World, viewer: Task, { parent }: Task): number {
  const task = parent === undefined ? undefined : world.tasks.get(parent);
  return (task === undefined ? undefined : numberIn(task, viewer.pid)) ?? 0;
}

function columns(
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
      const target = followLink(world, viewer, { of: task.name, link, proc: viewer.pid });
      if (target.ok) {
        const namespace = namespaceOf(world, target.value);
        inode[row] = namespace.inode;
        device[row] = Number(namespace.device);
      } else {
        errno[row] = ERRNOS[target.errno];
      }
    }
    return everyDevice ? { inode, errno, device } : { inode, errno };
  };
  return Object.fromEntries(LINKS.map((link) => [link, column(link)])) as Record<ProcLink, LinkColumn>;
}
