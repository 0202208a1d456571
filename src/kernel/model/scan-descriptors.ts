import { CONSTANTS } from "../../abi/constants.ts";
import { ERRNOS } from "../../abi/errnos.ts";
import type { DescriptorScan, DescriptorTarget } from "../hanging.ts";
import type { ScanWish } from "../observer.ts";
import { mayReadTable, tableOf } from "./descriptor-table.ts";
import { numberIn } from "./descriptors.ts";
import { Draft } from "./draft.ts";
import type { Row } from "./link-columns.ts";
import { threadsOf } from "./scan-threads.ts";
import { namespaceOf } from "./view.ts";
import type { FileKey, OpenFile, Task, World } from "./world.ts";

interface DescriptorRow {
  readonly row: number;
  readonly tid: number;
  readonly fd: number;
  readonly what: DescriptorTarget;
  readonly inode: number;
  readonly device: number;
  readonly flags: number;
  readonly target: number;
}

const { O_CLOEXEC } = CONSTANTS;

/** The descriptors of all processes that hold namespaces, as one task sees them. */
export function scanDescriptors(world: World, viewer: Task, rows: readonly Row[], wish: ScanWish): DescriptorScan {
  const draft = new Draft(world);
  const found: DescriptorRow[] = [];
  const refused = new Map<number, number>();
  let [left, seen, skipped] = [wish.descriptors ?? 0, 0, 0];
  const read = (task: Task, place: { row: number; tid: number }): void => {
    const may = mayReadTable(draft, viewer, task);
    if (left === 0) skipped++;
    else if (!may.ok) refused.set(ERRNOS[may.errno], (refused.get(ERRNOS[may.errno]) ?? 0) + 1);
    else {
      seen++;
      const descriptors = [...(tableOf(world, task)?.descriptors ?? [])].toSorted(([a], [b]) => a - b);
      left = Math.max(0, left - descriptors.length);
      for (const [fd, key] of descriptors) {
        const held = holding(world, viewer, key);
        if (held === undefined) continue;
        const flags = tableOf(world, task)?.kept.has(fd) === true ? 0 : O_CLOEXEC;
        found.push({ ...place, fd, ...held, flags });
      }
    }
  };
  for (const [row, { task: leader }] of rows.entries()) {
    read(leader, { row, tid: 0 });
    let table = leader.resources?.table;
    const threads = wish.threads ? threadsOf(world, viewer, leader) : [];
    for (const { task, number } of threads) {
      if (task.resources === undefined || task.resources.table === table) continue;
      table = task.resources.table;
      read(task, { row, tid: number });
    }
  }
  return {
    seen,
    vanished: 0,
    skipped,
    refused,
    count: found.length,
    row: Uint32Array.from(found, ({ row }) => row),
    tid: Int32Array.from(found, ({ tid }) => tid),
    fd: Int32Array.from(found, ({ fd }) => fd),
    what: (row) => found[row]?.what ?? "namespace",
    inode: Float64Array.from(found, ({ inode }) => inode),
    ...(wish.everyDevice ? { device: Float64Array.from(found, ({ device }) => device) } : {}),
    flags: Int32Array.from(found, ({ flags }) => flags),
    target: Int32Array.from(found, ({ target }) => target),
  };
}

/** What an open file holds, as its link and fdinfo tell; undefined: no namespace. */
function holding(
  world: World,
  viewer: Task,
  key: FileKey,
): Pick<DescriptorRow, "what" | "inode" | "device" | "target"> | undefined {
  const file: OpenFile | undefined = world.files.get(key);
  switch (file?.target.type) {
    case "namespace": {
      const { kind, inode, device } = namespaceOf(world, file.target.namespace);
      const what = file.target.mountId === undefined ? kind : "namespace";
      return { what, inode, device: Number(device), target: 0 };
    }
    // No two open files are of one socket, so its key will do for an inode number.
    case "socket":
      return { what: "socket", inode: key, device: 0, target: 0 };
    case "pidfd": {
      const task = world.tasks.get(file.target.task);
      const number = task === undefined ? WAITED_FOR : (numberIn(task, viewer.pid) ?? 0);
      return { what: "pidfd", inode: 0, device: 0, target: number };
    }
    default:
      return undefined;
  }
}

const WAITED_FOR = -1;
