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

/** The rows of a scan as records of a snapshot. Those of the same links share what these told. */
export function processRecords(scan: ProcessScan, links: Links, unborn: Unborn): ProcessRecord[] {
  const told: LinksTold[] = [];
  const records: ProcessRecord[] = [];
  for (let row = 0; row < scan.count; row++) {
    const born = unborn.ofProcess(row);
    const set = scan.linkSet[row] ?? 0;
    const ofLinks =
      born === undefined ? (told[set] ??= linksTold(scan, links, row)) : linksTold(scan, links, row, born);
    records.push(processRecord(scan, row, ofLinks));
  }
  return records;
}

type LinksTold = Pick<ProcessRecord, "namespaces" | "refused">;

/** `born`: the pid namespace for its children, where the link does not open. */
function linksTold(scan: ProcessScan, links: Links, row: number, born?: NamespaceId): LinksTold {
  const namespaces: Partial<Record<ProcLink, NamespaceId>> = {};
  const refused: Partial<Record<ProcLink, ErrnoName>> = {};
  let refusals = 0;
  for (const link of LINKS) {
    const bornHere = link === "pid_for_children" ? born : undefined;
    const id = bornHere ?? links.namespace(row, link);
    const errno = scan.links[link].errno[row] ?? 0;
    if (id !== undefined) namespaces[link] = id;
    if (errno === 0 || bornHere !== undefined) continue;
    refused[link] = errnoName(errno);
    refusals++;
  }
  return refusals === 0 ? { namespaces } : { namespaces, refused };
}

function processRecord(scan: ProcessScan, row: number, { namespaces, refused }: LinksTold): ProcessRecord {
  const commandLine = scan.commandLine(row);
  const cgroup = cgroupOf(scan.cgroup(row));
  const read = {
    pid: scan.pid[row] ?? 0,
    ppid: scan.ppid[row] ?? 0,
    startTime: scan.startTime[row] ?? 0,
    uid: scan.uid[row] ?? 0,
    comm: scan.comm(row),
    kernelThread: ((scan.flags[row] ?? 0) & CONSTANTS.PF_KTHREAD) !== 0,
    zombie: ZOMBIE_STATES.has(scan.state[row] ?? 0),
    namespaces,
  };
  // Most are so, and a spread would take as long as all the rest.
  if (cgroup === undefined && refused === undefined) {
    return commandLine === undefined ? read : withCommandLine(read, commandLine);
  }
  return {
    ...read,
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(cgroup === undefined ? {} : { cgroup }),
    ...(refused === undefined ? {} : { refused }),
  };
}

const withCommandLine = (
  { pid, ppid, startTime, uid, comm, kernelThread, zombie, namespaces }: ProcessRecord,
  commandLine: readonly string[],
): ProcessRecord => ({ pid, ppid, startTime, uid, comm, kernelThread, zombie, namespaces, commandLine });

function cgroupOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const lines = parseCgroup(text);
  return lines.ok ? tellingPath(lines.value) : undefined;
}
