import { readFileSync, readlinkSync, statSync } from "node:fs";
import { ERRNOS } from "../../abi/errnos.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { parseLink } from "../../procfs/link.ts";
import { parseStat, type ProcessStat } from "../../procfs/stat.ts";
import { SCAN_WISHES, TEXT_LIMIT } from "./native.ts";

/** What a file gave, or the errno. */
export type Read<T> = { readonly value: T } | { readonly errno: number };

/** One process, as the addon's `struct row` has it (native/scan.h). */
export interface ProcessRow {
  readonly pid: number;
  readonly uid: number;
  /** The inode number of its folder. */
  readonly folder: number;
  readonly stat: ProcessStat;
  readonly comm: Uint8Array;
  /** In the order of `LINKS`. */
  readonly links: readonly LinkRead[];
  readonly commandLine: Read<Uint8Array>;
  readonly cgroup: Read<Uint8Array>;
}

export interface LinkRead {
  readonly inode: number;
  readonly device: number;
  readonly errno: number;
}

/** ENOENT and ESRCH: the process ended meanwhile. Any other errno: it refused. */
export function readProcess(procRoot: string, pid: number, wish: number): Read<ProcessRow> {
  const folder = `${procRoot}/${pid}`;
  const before = readStat(folder);
  if ("errno" in before) return before;
  const status = attempt(() => statSync(folder));
  if ("errno" in status) return status;
  const commandLine = wish & SCAN_WISHES.commandLines ? readText(`${folder}/cmdline`) : NOTHING;
  const cgroup = wish & SCAN_WISHES.cgroups ? readText(`${folder}/cgroup`) : NOTHING;
  const links = readLinks(folder, wish);
  // Node cannot hold on to the folder as the addon does, and a pid is soon given again: look whether it is still the same.
  const after = readStat(folder);
  if ("errno" in after) return after;
  if (after.value.stat.startTime !== before.value.stat.startTime) return { errno: ERRNOS.ESRCH };
  return {
    value: { pid, uid: status.value.uid, folder: status.value.ino, ...after.value, links, commandLine, cgroup },
  };
}

/** All ten of a process or thread. */
export function readLinks(folder: string, wish: number): readonly LinkRead[] {
  const readLink = wish & SCAN_WISHES.everyDevice ? statLink : readLinkText;
  return LINKS.map((link) => readLink(`${folder}/ns/${link}`));
}

const NOTHING: Read<Uint8Array> = { value: new Uint8Array() };

/** The record, and the name's bytes as they are. */
export function readStat(folder: string): Read<Pick<ProcessRow, "stat" | "comm">> {
  const bytes = attempt(() => readFileSync(`${folder}/stat`));
  if ("errno" in bytes) return bytes;
  const stat = parseStat(bytes.value.toString("utf8"));
  if (!stat.ok) return { errno: ERRNOS.EPROTO };
  const comm = bytes.value.subarray(bytes.value.indexOf("(") + 1, bytes.value.lastIndexOf(")"));
  return { value: { stat: stat.value, comm } };
}

const readText = (path: string): Read<Uint8Array> => attempt(() => readFileSync(path).subarray(0, TEXT_LIMIT));

function readLinkText(path: string): LinkRead {
  const text = attempt(() => readlinkSync(path));
  if ("errno" in text) return { inode: 0, device: 0, errno: text.errno };
  const link = parseLink(text.value);
  return link.ok
    ? { inode: Number(link.value.inode), device: 0, errno: 0 }
    : { inode: 0, device: 0, errno: ERRNOS.EPROTO };
}

function statLink(path: string): LinkRead {
  const status = attempt(() => statSync(path));
  if ("errno" in status) return { inode: 0, device: 0, errno: status.errno };
  return { inode: status.value.ino, device: status.value.dev, errno: 0 };
}

/** Node throws where the kernel says an errno; whatever else is thrown goes on. */
export function attempt<T>(read: () => T): Read<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Error && "errno" in error && typeof error.errno === "number") return { errno: -error.errno };
    throw error;
  }
}
