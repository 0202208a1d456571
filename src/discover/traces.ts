import type { NamespaceId } from "../abi/ids.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import { formatCgroup, parseCgroup } from "../procfs/cgroup.ts";
import { parseStat } from "../procfs/stat.ts";
import { compareSeniority } from "../snapshot/senior.ts";
import type {
  CgroupTrace,
  NamespaceRecord,
  PinRecord,
  PinTrace,
  ProcessRecord,
  ThreadRecord,
  Trace,
} from "../snapshot/types.ts";
import { readCgroupLines, type LineTrace } from "../traces/read-lines.ts";
import { readPinPath } from "../traces/read-pin.ts";
import type { TracePart } from "../traces/trace.ts";
import { kernelsOwn } from "./kernels-own.ts";
import { namespaceSets } from "./namespace-sets.ts";
import { Tally } from "./tally.ts";
import { push } from "../snapshot/push.ts";

/** What was seen so far, and still was when it was looked at again. */
export interface SeenForTraces {
  readonly scan: ProcessScan;
  readonly namespaces: readonly NamespaceRecord[];
  readonly processes: readonly ProcessRecord[];
  readonly threads: readonly ThreadRecord[];
  readonly pins: readonly PinRecord[];
}

/** Somebody in a namespace, and whose he is; the most senior of those in the same namespaces. */
interface Witness {
  readonly task: { readonly pid: number; readonly tid?: number };
  readonly found: LineTrace | undefined;
}

/**
 * Adds to namespaces whose they are: by the control group of who is in them, and by the paths of their bind mounts. One
 * process of each set of namespaces is read, and none that is only in the machine's own: docs/decisions says why.
 */
export function withTraces(
  observer: Observer,
  seen: SeenForTraces,
): { namespaces: readonly NamespaceRecord[]; tally: Tally } {
  const tally = new Tally("cgroups");
  const { namespaces, processes, threads, pins } = seen;
  const own = kernelsOwn(namespaces, processes, observer.who().kernel.release);
  const witnesses = processWitnesses(observer, seen, own, tally);
  for (const [id, thread] of onlyThreads(threads, witnesses, own)) {
    const { pid, tid } = thread;
    const found = readTask(observer, `${pid}/task/${tid}`, thread.startTime, tally);
    witnesses.set(id, [{ task: { pid, tid }, found }]);
  }
  const traces = new Map<NamespaceId, Trace[]>();
  for (const [id, those] of witnesses) {
    const trace = agreed(those);
    if (trace !== undefined) traces.set(id, [trace]);
  }
  for (const pin of pins) {
    const trace = own.has(pin.namespace) ? undefined : pinTrace(pin);
    if (trace === undefined) continue;
    push(traces, pin.namespace, trace);
  }
  const add = (record: NamespaceRecord): NamespaceRecord => {
    const its = traces.get(record.id);
    return its === undefined ? record : { ...record, traces: its };
  };
  return { namespaces: namespaces.map(add), tally };
}

/** The witnesses of each namespace, the most senior first. */
function processWitnesses(
  observer: Observer,
  { scan, processes }: SeenForTraces,
  own: ReadonlySet<NamespaceId>,
  tally: Tally,
): Map<NamespaceId, Witness[]> {
  const witnesses = new Map<NamespaceId, Witness[]>();
  const sets = namespaceSets(processes, own).toSorted((a, b) => compareSeniority(a.senior, b.senior));
  const rows = new Map(Array.from(scan.pid, (pid, row) => [pid, row]));
  for (const { namespaces, senior } of sets) {
    const row = rows.get(senior.pid);
    const text = row === undefined ? undefined : scan.cgroup(row);
    if (text !== undefined) tally.saw();
    const found = text === undefined ? readTask(observer, `${senior.pid}`, senior.startTime, tally) : readText(text);
    const witness: Witness = { task: { pid: senior.pid }, found };
    for (const id of namespaces) {
      push(witnesses, id, witness);
    }
  }
  return witnesses;
}

/** Namespaces that only threads are in, each with the most senior of these. */
function onlyThreads(
  threads: readonly ThreadRecord[],
  witnesses: ReadonlyMap<NamespaceId, unknown>,
  own: ReadonlySet<NamespaceId>,
): ReadonlyMap<NamespaceId, ThreadRecord> {
  const found = new Map<NamespaceId, ThreadRecord>();
  for (const thread of threads) {
    for (const [link, id] of Object.entries(thread.namespaces)) {
      if (link.endsWith("_for_children") || witnesses.has(id) || own.has(id)) continue;
      const before = found.get(id);
      if (before === undefined || thread.startTime < before.startTime) found.set(id, thread);
    }
  }
  return found;
}

/** The start time is read after it: then it is still the task that the scan saw, and no later one with its number. */
function readTask(observer: Observer, task: string, startTime: number, tally: Tally): LineTrace | undefined {
  const folder = `${observer.procRoot}/${task}`;
  const text = observer.read(`${folder}/cgroup`);
  if (!text.ok) {
    if (text.errno === "ENOENT" || text.errno === "ESRCH") tally.lost();
    else tally.refused(text.errno);
    return undefined;
  }
  const stat = observer.read(`${folder}/stat`);
  const parsed = stat.ok ? parseStat(stat.value) : undefined;
  if (parsed?.ok !== true || parsed.value.startTime !== startTime) {
    tally.lost();
    return undefined;
  }
  tally.saw();
  return readText(text.value);
}

function readText(text: string): LineTrace | undefined {
  const lines = parseCgroup(text);
  return lines.ok ? readCgroupLines(lines.value) : undefined;
}

/**
 * The most senior decides; what he belongs to is cut to what all others have in common with him that have anything. Whoever
 * has nothing in common came in later, and is counted.
 */
function agreed([senior, ...others]: readonly Witness[]): CgroupTrace | undefined {
  if (senior?.found === undefined) return undefined;
  const { line } = senior.found;
  let { parts } = senior.found;
  let strangers = 0;
  for (const { found } of others) {
    const shared = sharedStart(parts, found?.parts ?? []);
    if (shared.length === 0) strangers += 1;
    else parts = shared;
  }
  return {
    from: "cgroup",
    parts,
    ...senior.task,
    line: formatCgroup([line]).slice(0, -1),
    ...(strangers === 0 ? {} : { others: strangers }),
  };
}

function sharedStart(ours: readonly TracePart[], theirs: readonly TracePart[]): readonly TracePart[] {
  const end = ours.findIndex((part, nth) => {
    const other = theirs[nth];
    return other === undefined || other.kind !== part.kind || other.engine !== part.engine || other.name !== part.name;
  });
  return end < 0 ? ours : ours.slice(0, end);
}

function pinTrace({ path, mountId }: PinRecord): PinTrace | undefined {
  const part = path === undefined ? undefined : readPinPath(path);
  if (part === undefined || path === undefined) return undefined;
  return { from: "pin", parts: [part], mountId, path };
}
