import { CONSTANTS } from "../abi/constants.ts";
import { errnoName, type ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { ProcessScan } from "../kernel/observer.ts";
import { parseCgroup, tellingPath } from "../procfs/cgroup.ts";
import type { ProcessRecord } from "../snapshot/types.ts";
import type { Unborn } from "./children.ts";
import type { Links } from "./links.ts";

const ZOMBIE_STATES = new Set(["Z", "X", "x"].map((letter) => letter.charCodeAt(0)));

/** The rows of a scan as records of a snapshot. */
export function processRecords(scan: ProcessScan, links: Links, unborn: Unborn): ProcessRecord[] {
  return Array.from({ length: scan.count }, (_, row) => processRecord(scan, links, { row, unborn }));
}

function processRecord(
  scan: ProcessScan,
  links: Links,
  { row, unborn }: { row: number; unborn: Unborn },
): ProcessRecord {
  const namespaces: Partial<Record<ProcLink, NamespaceId>> = {};
  const refused: Partial<Record<ProcLink, ErrnoName>> = {};
  let refusals = 0;
  for (const link of LINKS) {
    const born = link === "pid_for_children" ? unborn.ofProcess(row) : undefined;
    const id = born ?? links.namespace(row, link);
    const errno = scan.links[link].errno[row] ?? 0;
    if (id !== undefined) namespaces[link] = id;
    if (errno === 0 || born !== undefined) continue;
    refused[link] = errnoName(errno);
    refusals++;
  }
  const commandLine = scan.commandLine(row);
  const cgroup = cgroupOf(scan.cgroup(row));
  return {
    pid: scan.pid[row] ?? 0,
    ppid: scan.ppid[row] ?? 0,
    startTime: scan.startTime[row] ?? 0,
    uid: scan.uid[row] ?? 0,
    comm: scan.comm(row),
    kernelThread: ((scan.flags[row] ?? 0) & CONSTANTS.PF_KTHREAD) !== 0,
    zombie: ZOMBIE_STATES.has(scan.state[row] ?? 0),
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(cgroup === undefined ? {} : { cgroup }),
    namespaces,
    ...(refusals === 0 ? {} : { refused }),
  };
}

function cgroupOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const lines = parseCgroup(text);
  return lines.ok ? tellingPath(lines.value) : undefined;
}
