import { LINKS } from "../../abi/proc-links.ts";
import { linkSets } from "../link-sets.ts";
import type { ProcessScan, ScanWish } from "../observer.ts";
import { numberIn } from "./descriptors.ts";
import { shownUid } from "./ids.ts";
import { linkColumns, type Row } from "./link-columns.ts";
import { scanDescriptors } from "./scan-descriptors.ts";
import { scanThreads } from "./scan-threads.ts";
import { procText } from "./proc-texts.ts";
import { namespaceOf } from "./view.ts";
import type { Task, World } from "./world.ts";

/** What one task sees when it reads all of /proc: the processes that have a number in its pid namespace. */
export function scan(world: World, viewer: Task, wish: ScanWish): ProcessScan {
  const wished = wish.pids === undefined ? undefined : new Set(wish.pids);
  const numbered = [...(namespaceOf(world, viewer.pid).pid?.tasks ?? [])];
  const rows = numbered
    .map(([number, name]) => ({ number, task: world.tasks.get(name) }))
    // Further threads have numbers too, and no folder that /proc lists.
    .filter((row): row is Row => row.task !== undefined && row.task.leader === row.task.name)
    .filter(({ number }) => wished === undefined || wished.has(number))
    .toSorted((a, b) => a.number - b.number);
  const read = (row: number, file: string): string | undefined => {
    const text = procText(world, viewer, `/proc/${rows[row]?.number}/${file}`);
    return text.ok ? text.value : undefined;
  };
  const links = linkColumns(world, viewer, rows, wish);
  return {
    count: rows.length,
    pid: Int32Array.from(rows, ({ number }) => number),
    ppid: Int32Array.from(rows, ({ task }) => parentNumber(world, viewer, task)),
    uid: Uint32Array.from(rows, ({ task }) => shownUid(world, viewer.credentials.user, task.credentials.euid)),
    startTime: Float64Array.from(rows, ({ task }) => task.startTime),
    flags: new Uint32Array(rows.length),
    state: Uint8Array.from(rows, ({ task }) => (task.memberships === undefined ? "Z" : "S").charCodeAt(0)),
    links,
    linkSet: linkSets(
      rows.length,
      LINKS.map((link) => links[link]),
    ),
    threadCount: Uint32Array.from(rows, ({ task }) => 1 + task.threads.size),
    ...(wish.threads ? { threads: scanThreads(world, viewer, rows, wish) } : {}),
    ...(wish.descriptors ? { descriptors: scanDescriptors(world, viewer, rows, wish) } : {}),
    comm: (row) => rows[row]?.task.comm ?? "",
    commandLine: (row) =>
      wish.commandLines !== false && rows[row]?.task.memberships !== undefined ? rows[row].task.commandLine : undefined,
    cgroup: (row) => (wish.cgroups ? read(row, "cgroup") : undefined),
    vanished: (wished?.size ?? rows.length) - rows.length,
    refused: new Map(),
  };
}

function parentNumber(world: World, viewer: Task, { parent }: Task): number {
  const task = parent === undefined ? undefined : world.tasks.get(parent);
  return (task === undefined ? undefined : numberIn(task, viewer.pid)) ?? 0;
}
