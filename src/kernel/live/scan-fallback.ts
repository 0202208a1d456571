import { readdirSync, statfsSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CONSTANTS } from "../../abi/constants.ts";
import { ERRNOS } from "../../abi/errnos.ts";
import { LINKS } from "../../abi/proc-links.ts";
import type { LinkColumn } from "../link-column.ts";
import { linkSets } from "../link-sets.ts";
import type { ScanWish } from "../observer.ts";
import { DescriptorReader } from "./descriptors-fallback.ts";
import { nameColumn } from "./name-column.ts";
import { SCAN_WISHES, type RawScan } from "./native.ts";
import { attempt, readProcess, type ProcessRow, type Read } from "./read-process.ts";
import { wishBits } from "./scan.ts";
import { ThreadReader } from "./threads-fallback.ts";

const GONE: ReadonlySet<number> = new Set([ERRNOS.ENOENT, ERRNOS.ESRCH]);
/** These say nothing about a process: it is we who ran out of descriptors or memory. */
const OUR_OWN: ReadonlySet<number> = new Set([ERRNOS.EMFILE, ERRNOS.ENFILE, ERRNOS.ENOMEM]);
/** Processes between two turns of the event loop: some milliseconds. */
const PROCESSES_A_TURN = 128;

/**
 * What `scanProc` of the addon does, with Node's file functions alone, for machines without it. Takes about twice as long,
 * in the event loop's thread. Gives a scan or -errno, as the addon does.
 */
export async function scanWithoutNative(procRoot: string, wished: ScanWish): Promise<RawScan | number> {
  // All of them, where the first are wished for: who is, is not known yet.
  const wish = wishBits({ ...wished, commandLines: wished.commandLines !== false });
  const fileSystem = attempt(() => statfsSync(procRoot).type);
  if ("errno" in fileSystem) return -fileSystem.errno;
  const listed = wished.pids === undefined ? attempt(() => pidsIn(procRoot)) : { value: wished.pids };
  if ("errno" in listed) return -listed.errno;
  if (fileSystem.value !== CONSTANTS.PROC_SUPER_MAGIC) return -ERRNOS.ENODEV;

  const pids = listed.value;
  const rows: ProcessRow[] = [];
  const refused = new Map<number, number>();
  const threads = new ThreadReader(wished.threads ?? 0, wish);
  const descriptors = new DescriptorReader(wished.descriptors ?? 0, procRoot, wish);
  let vanished = 0;
  for (const [index, pid] of pids.entries()) {
    if (index % PROCESSES_A_TURN === PROCESSES_A_TURN - 1) await nextTurn();
    const read = readProcess(procRoot, pid, wish);
    if ("value" in read) {
      const row = rows.push(read.value) - 1;
      descriptors.readTable(`${procRoot}/${pid}`, { row, tid: 0 });
      const tables = read.value.stat.state === "Z" ? descriptors : undefined;
      threads.readThreads(`${procRoot}/${pid}`, read.value, { row, tables });
    } else if (GONE.has(read.errno)) vanished++;
    else if (OUR_OWN.has(read.errno)) return -read.errno;
    else refused.set(read.errno, (refused.get(read.errno) ?? 0) + 1);
  }
  const pairs = [...refused].sort(([left], [right]) => left - right);
  return {
    ...columns(rows, wish),
    vanished,
    refused: Int32Array.from(pairs.flat()),
    ...(wished.threads ? { threads: threads.columns() } : {}),
    ...(wished.descriptors ? { descriptors: descriptors.columns() } : {}),
  };
}

const pidsIn = (procRoot: string): Int32Array =>
  Int32Array.from(
    readdirSync(procRoot).filter((name) => /^[1-9]\d*$/.test(name)),
    Number,
  ).sort();

function columns(rows: readonly ProcessRow[], wish: number): Omit<RawScan, "vanished" | "refused"> {
  const links = LINKS.flatMap((_, link) => rows.map((row) => row.links[link]));
  const columnOf = (link: number): LinkColumn => ({
    inode: Float64Array.from(rows, (row) => row.links[link]?.inode ?? 0),
    errno: Uint16Array.from(rows, (row) => row.links[link]?.errno ?? 0),
    device: Float64Array.from(rows, (row) => row.links[link]?.device ?? 0),
  });
  return {
    count: rows.length,
    pid: Int32Array.from(rows, (row) => row.pid),
    ppid: Int32Array.from(rows, (row) => row.stat.ppid),
    uid: Uint32Array.from(rows, (row) => row.uid),
    startTime: Float64Array.from(rows, (row) => row.stat.startTime),
    folder: Float64Array.from(rows, (row) => row.folder),
    flags: Uint32Array.from(rows, (row) => row.stat.flags),
    threadCount: Uint32Array.from(rows, (row) => row.stat.threads),
    linkSet: linkSets(
      rows.length,
      LINKS.map((_, link) => columnOf(link)),
    ),
    state: Uint8Array.from(rows, (row) => row.stat.state.charCodeAt(0)),
    comm: nameColumn(rows),
    inode: Float64Array.from(links, (link) => link?.inode ?? 0),
    errno: Uint16Array.from(links, (link) => link?.errno ?? 0),
    ...(wish & SCAN_WISHES.everyDevice ? { device: Float64Array.from(links, (link) => link?.device ?? 0) } : {}),
    ...(wish & SCAN_WISHES.commandLines ? commandLineColumns(rows) : {}),
    ...(wish & SCAN_WISHES.cgroups ? cgroupColumns(rows) : {}),
  };
}

function commandLineColumns(rows: readonly ProcessRow[]): Partial<RawScan> {
  const { offset, bytes, errno } = textColumns(rows.map((row) => row.commandLine));
  return { commandLineOffset: offset, commandLineBytes: bytes, commandLineErrno: errno };
}

function cgroupColumns(rows: readonly ProcessRow[]): Partial<RawScan> {
  const { offset, bytes, errno } = textColumns(rows.map((row) => row.cgroup));
  return { cgroupOffset: offset, cgroupBytes: bytes, cgroupErrno: errno };
}

function textColumns(texts: readonly Read<Uint8Array>[]): {
  offset: Uint32Array;
  bytes: Uint8Array;
  errno: Uint16Array;
} {
  const parts = texts.map((text) => ("value" in text ? text.value : new Uint8Array()));
  const offset = new Uint32Array(parts.length + 1);
  let end = 0;
  for (const [row, part] of parts.entries()) offset[row + 1] = end += part.length;
  return {
    offset,
    bytes: Buffer.concat(parts),
    errno: Uint16Array.from(texts, (text) => ("errno" in text ? text.errno : 0)),
  };
}
