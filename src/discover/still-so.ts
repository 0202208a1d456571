import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { errnoName } from "../abi/errnos.ts";
import { LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { InQuestion, Observer, ProcessScan } from "../kernel/observer.ts";
import { parseStat } from "../procfs/stat.ts";
import type { DescriptorRecord, ProcessRecord, ThreadRecord } from "../snapshot/types.ts";
import { folderOf } from "./descriptors.ts";
import type { Registry } from "./registry.ts";

/** What was read of tasks, by their numbers. */
export interface OfTasks {
  readonly processes: readonly ProcessRecord[];
  readonly threads: readonly ThreadRecord[];
  readonly descriptors: readonly DescriptorRecord[];
}

/** The first look at all processes, and the viewer's own namespaces. */
export interface Before {
  readonly before: ProcessScan;
  readonly own: Readonly<Partial<Record<ProcLink, NamespaceId>>>;
}

/** What of it was still so at the end, and what was not. */
export interface StillSo extends OfTasks {
  /** The processes that have ended, or that another one has the number of. */
  readonly ended: ReadonlySet<number>;
  /** Whether all processes are there, and in what they were in before. */
  readonly unchanged: boolean;
}

/**
 * Reads the links of tasks once more, at the end of a look that keeps the file of each namespace open: the inode number of
 * what is open is given to nobody else, so a link that shows it now leads to that very namespace. A process that has its
 * number and start time now had them all along, so that what was read by the number in between is its own. Both hold on
 * every kernel: numbers of processes and of namespaces are reused, and 64-bit ids of namespaces are newer than they.
 *
 * A process is not read again that is only in the viewer's own namespaces, and of which nothing else was read by its number:
 * those were there all the time, and so their numbers nobody else's. On most machines that is nearly all. Of the others the links
 * to namespaces that are not the viewer's are looked at; all are read again where that shows something else than before.
 */
export async function stillSo(
  observer: Observer,
  registry: Registry,
  { before, own, processes, threads, descriptors }: OfTasks & Before,
): Promise<StillSo> {
  // Before the processes are looked at for the last time: then these were theirs.
  const open = descriptors.map((record) => isStillOpen(observer, record));
  const looks = threads.map((thread) => stillOfThread(observer, thread));
  const question = doubtfulAmong({ processes, threads, descriptors }, { before, own });
  const doubtful = await changedAmong(observer, before, question);
  const lasting = await lastingAmong(observer, registry, { before, processes, doubtful });
  if (lasting === undefined) return { processes, threads, descriptors, ended: new Set(), unchanged: true };

  const { kept, ended, unchanged } = lasting;
  const isAsked = threads.length > 0 || descriptors.length > 0;
  const byPid = new Map(isAsked ? kept.map((process) => [process.pid, process]) : []);
  const stillThreads: ThreadRecord[] = [];
  for (const [nth, thread] of threads.entries()) {
    const leader = byPid.get(thread.pid);
    const now = leader === undefined ? undefined : beside(leader, looks[nth]);
    if (now !== undefined) stillThreads.push(now);
  }
  const stillOpen: DescriptorRecord[] = [];
  for (const [nth, record] of descriptors.entries()) {
    const isThere = open[nth] === true && byPid.has(record.pid);
    const now = isThere ? withTarget(record, ended) : undefined;
    if (now !== undefined) stillOpen.push(now);
  }
  return { processes: kept, threads: stillThreads, descriptors: stillOpen, ended, unchanged };
}

interface Lasting {
  readonly kept: readonly ProcessRecord[];
  readonly ended: ReadonlySet<number>;
  readonly unchanged: boolean;
}

/** The processes as they are now; undefined: they could not be read again. */
async function lastingAmong(
  observer: Observer,
  registry: Registry,
  { before, processes, doubtful }: { before: ProcessScan; processes: readonly ProcessRecord[]; doubtful: Int32Array },
): Promise<Lasting | undefined> {
  const ended = new Set<number>();
  if (doubtful.length === 0) return { kept: processes, ended, unchanged: true };
  const everyDevice = before.links.mnt.device !== undefined;
  const scan = await observer.scan({ commandLines: false, cgroups: false, everyDevice, pids: doubtful });
  if (!scan.ok) return undefined;
  const again = new Rescan(observer, registry, before, scan.value);
  const wasRead = new Set(doubtful);
  const kept: ProcessRecord[] = [];
  for (const [row, process] of processes.entries()) {
    const now = wasRead.has(process.pid) ? again.of(process, row) : process;
    if (now === undefined) ended.add(process.pid);
    else kept.push(now);
  }
  return { kept, ended, unchanged: ended.size === 0 && kept.every((process, row) => process === processes[row]) };
}

/** Those that are not surely as they were, by a look at nothing but what is in question. */
async function changedAmong(observer: Observer, before: ProcessScan, question: InQuestion): Promise<Int32Array> {
  // Numbers alone do not tell namespaces apart that lie on several devices.
  const same = before.links.mnt.device === undefined ? await observer.sameStill(before, question) : [];
  return Int32Array.from(
    question.rows.filter((_, nth) => same[nth] !== 1),
    (row) => before.pid[row] ?? 0,
  );
}

/** The processes that may be others by now, or in other namespaces of the same numbers, and by which links. */
function doubtfulAmong({ processes, threads, descriptors }: OfTasks, { before, own }: Before): InQuestion {
  const named = new Set<number>();
  for (const { pid } of threads) named.add(pid);
  for (const descriptor of descriptors) {
    named.add(descriptor.pid);
    if (descriptor.what === "pidfd" && typeof descriptor.target === "number") named.add(descriptor.target);
  }
  const rows: number[] = [];
  const links: number[] = [];
  const besideOf = linksBeside(before, own);
  for (let row = 0; row < processes.length; row++) {
    const process = processes[row];
    if (process === undefined) continue;
    const { pid, namespaces, status } = process;
    const others = besideOf(row, namespaces);
    if (others === 0 && status === undefined && !named.has(pid)) continue;
    rows.push(row);
    // The link to the mount namespace is there as long as the process has any.
    links.push(others | MNT);
  }
  return { rows: Uint32Array.from(rows), links: Uint16Array.from(links) };
}

const MNT = 1 << LINKS.indexOf("mnt");

/** Which links of a process lead elsewhere than to the viewer's own. Many share theirs, and most of them are the viewer's. */
function linksBeside(
  scan: ProcessScan,
  own: Before["own"],
): (row: number, namespaces: ProcessRecord["namespaces"]) => number {
  const lasting = new Set(Object.values(own));
  // Numbers alone do not tell namespaces apart that lie on several devices.
  const isTold = scan.links.mnt.device === undefined;
  const inodes = LINKS.map((link) => scan.links[link].inode);
  const ownInodes = LINKS.map((link) => (own[link] === undefined || !isTold ? NO_INODE : Number(inodeOf(own[link]))));
  const known: { readonly namespaces: ProcessRecord["namespaces"]; readonly links: number }[] = [];
  return (row, namespaces) => {
    const set = scan.linkSet[row] ?? 0;
    const before = known[set];
    if (before?.namespaces === namespaces) return before.links;
    let links = 0;
    for (let place = 0; place < LINKS.length; place++) {
      if (inodes[place]?.[row] === ownInodes[place]) continue;
      const id = namespaces[LINKS[place] ?? "mnt"];
      if (id !== undefined && !lasting.has(id)) links |= 1 << place;
    }
    known[set] = { namespaces, links };
    return links;
  };
}
const NO_INODE = -1;

/** Sockets were taken over and asked, which leaves no doubt; those of tasks are of tasks that are told apart above. */
function isStillOpen(observer: Observer, record: DescriptorRecord): boolean {
  if (record.what !== "namespace") return true;
  const look = observer.look(`${folderOf(observer, record)}/fd/${record.fd}`);
  return look.ok && look.value.id === record.namespace;
}

/** The pid namespace of a process that has ended was read by its number: it may have been another's. */
function withTarget(record: DescriptorRecord, ended: ReadonlySet<number>): DescriptorRecord {
  if (record.what !== "pidfd" || typeof record.target !== "number" || !ended.has(record.target)) return record;
  const { namespace, ...rest } = record;
  return namespace === undefined ? record : rest;
}

/** A thread with what it is still in; undefined: it has ended. */
function stillOfThread(observer: Observer, thread: ThreadRecord): ThreadRecord | undefined {
  const folder = `${observer.procRoot}/${thread.pid}/task/${thread.tid}`;
  const own: Partial<Record<ProcLink, NamespaceId>> = {};
  let same = true;
  for (const link of LINKS) {
    const id = thread.namespaces[link];
    if (id === undefined) continue;
    const look = observer.look(`${folder}/ns/${link}`);
    // Without a process yet, it cannot be looked at, and was told by a pidfd.
    const isUnborn = link === "pid_for_children" && !look.ok && look.errno === "ENOENT";
    if (isUnborn || (look.ok && look.value.id === id)) own[link] = id;
    else same = false;
  }
  if (startTimeIn(observer, folder) !== thread.startTime) return undefined;
  return same ? thread : { ...thread, namespaces: own };
}

/** A thread is told for what tells it from its process, which may have come to where the thread is. */
function beside(leader: ProcessRecord, thread: ThreadRecord | undefined): ThreadRecord | undefined {
  if (thread === undefined) return undefined;
  const own = LINKS.filter((link) => thread.namespaces[link] !== undefined);
  const apart = own.filter((link) => thread.namespaces[link] !== leader.namespaces[link]);
  if (apart.length === 0 && thread.refused === undefined) return undefined;
  if (apart.length === own.length) return thread;
  return { ...thread, namespaces: Object.fromEntries(apart.map((link) => [link, thread.namespaces[link]])) };
}

function startTimeIn(observer: Observer, folder: string): number | undefined {
  const stat = observer.read(`${folder}/stat`);
  const parsed = stat.ok ? parseStat(stat.value) : undefined;
  return parsed?.ok === true ? parsed.value.startTime : undefined;
}

const ZOMBIE = "Z".charCodeAt(0);

/** The first look at all processes, and the second. */
class Rescan {
  readonly #observer: Observer;
  readonly #registry: Registry;
  readonly #before: ProcessScan;
  readonly #now: ProcessScan;
  readonly #rows = new Map<number, number>();

  constructor(observer: Observer, registry: Registry, before: ProcessScan, now: ProcessScan) {
    this.#observer = observer;
    this.#registry = registry;
    this.#before = before;
    this.#now = now;
    for (let row = 0; row < now.count; row++) this.#rows.set(now.pid[row] ?? 0, row);
  }

  /** The process of a row as it is now, the same object where nothing has changed; undefined: it is no more. */
  of(process: ProcessRecord, row: number): ProcessRecord | undefined {
    const now = this.#rows.get(process.pid);
    if (now === undefined || this.#now.startTime[now] !== process.startTime) return undefined;
    const changed = LINKS.filter((link) => this.#hasChanged(link, row, now));
    return changed.length === 0 ? process : this.#changed(process, now, changed);
  }

  #hasChanged(link: ProcLink, row: number, now: number): boolean {
    const [before, after] = [this.#before.links[link], this.#now.links[link]];
    return (
      before.inode[row] !== after.inode[now] ||
      before.errno[row] !== after.errno[now] ||
      before.device?.[row] !== after.device?.[now]
    );
  }

  /** What it is in now is opened by its number, and then the number must still be its own. */
  #changed(process: ProcessRecord, now: number, changed: readonly ProcLink[]): ProcessRecord | undefined {
    const namespaces = { ...process.namespaces };
    const refused = { ...process.refused };
    const folder = `${this.#observer.procRoot}/${process.pid}`;
    for (const link of changed) {
      delete namespaces[link];
      delete refused[link];
      const errno = this.#now.links[link].errno[now] ?? 0;
      const opened = errno === 0 ? this.#observer.open(`${folder}/ns/${link}`) : undefined;
      if (opened?.ok !== true) {
        refused[link] = opened?.errno ?? errnoName(errno);
        continue;
      }
      using file = opened.value;
      if (this.#registry.lead(file)) namespaces[link] = file.id;
    }
    if (startTimeIn(this.#observer, folder) !== process.startTime) return undefined;
    const { refused: _, ...rest } = process;
    return {
      ...rest,
      zombie: this.#now.state[now] === ZOMBIE,
      namespaces,
      ...(Object.keys(refused).length === 0 ? {} : { refused }),
    };
  }
}
