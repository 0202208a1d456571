import type { NamespaceId } from "../abi/ids.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import type { Observer } from "../kernel/observer.ts";
import type { ProcessRecord } from "../snapshot/types.ts";
import type { StillSo } from "./still-so.ts";

/**
 * The command line of the first process in each namespace, where that is another one than when all were scanned: the one before it
 * has ended, or went elsewhere. Most looks have none to read.
 */
export async function withFirstCommandLines(observer: Observer, still: StillSo): Promise<StillSo> {
  if (still.unchanged) return still;
  const unread = firstAmong(still.processes).filter(
    ({ commandLine, kernelThread }) => commandLine === undefined && !kernelThread,
  );
  if (unread.length === 0) return still;
  const pids = Int32Array.from(unread, ({ pid }) => pid);
  const scan = await observer.scan({ commandLines: true, cgroups: false, everyDevice: false, pids });
  if (!scan.ok) return still;
  const now = scan.value;
  const rows = new Map<number, number>();
  for (let row = 0; row < now.count; row++) rows.set(now.pid[row] ?? 0, row);
  const processes = still.processes.map((process) => {
    const row = rows.get(process.pid);
    // Another one may have its number by now.
    if (row === undefined || now.startTime[row] !== process.startTime) return process;
    const commandLine = now.commandLine(row);
    return commandLine === undefined ? process : { ...process, commandLine };
  });
  return { ...still, processes };
}

/** Of processes by ascending pid. */
function firstAmong(processes: readonly ProcessRecord[]): ProcessRecord[] {
  const met = new Set<NamespaceId>();
  return processes.filter(({ namespaces }) => {
    const before = met.size;
    for (const kind of KINDS) {
      const id = namespaces[kind];
      if (id !== undefined) met.add(id);
    }
    return met.size > before;
  });
}
