import { errnoName } from "../../abi/errnos.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { DescriptorScan, DescriptorTarget, Looked, ThreadScan } from "../hanging.ts";
import type { LinkColumn, ProcessScan, ScanWish } from "../observer.ts";
import { textsIn } from "./texts-in.ts";
import {
  COMM_BYTES,
  DESCRIPTOR_CODES,
  SCAN_WISHES,
  type Native,
  type RawDescriptors,
  type RawLooked,
  type RawScan,
  type RawThreads,
} from "./native.ts";

/** One look at every process through the addon. ENODEV: `proc` is no procfs. */
export async function scan(
  native: Native,
  proc: { readonly raw: number },
  wish: ScanWish,
): Promise<Outcome<ProcessScan>> {
  const { threads = 0, descriptors = 0, pids } = wish;
  return scanOutcome(await native.scanProc(proc.raw, wishBits(wish), threads, descriptors, pids));
}

export const wishBits = ({ commandLines, cgroups, everyDevice, ownPids = false }: ScanWish): number =>
  (commandLines === "first" ? SCAN_WISHES.firstCommandLines : commandLines ? SCAN_WISHES.commandLines : 0) |
  (cgroups ? SCAN_WISHES.cgroups : 0) |
  (everyDevice ? SCAN_WISHES.everyDevice : 0) |
  (ownPids ? SCAN_WISHES.ownPids : 0);

/** What a scan gave, a `RawScan` or -errno, as the port has it. */
export const scanOutcome = (result: RawScan | number): Outcome<ProcessScan> =>
  typeof result === "number" ? refused(errnoName(-result)) : ok(processScan(result));

/** Columns stay as they are; a text is decoded when it is asked for. */
function processScan(raw: RawScan): ProcessScan {
  const commandLine = texts(raw.commandLineOffset, raw.commandLineBytes, raw.commandLineErrno);
  return {
    count: raw.count,
    pid: raw.pid,
    ppid: raw.ppid,
    uid: raw.uid,
    startTime: raw.startTime,
    folder: raw.folder,
    flags: raw.flags,
    state: raw.state,
    links: linkColumns(raw),
    linkSet: raw.linkSet,
    threadCount: raw.threadCount,
    ...(raw.threads === undefined ? {} : { threads: threadScan(raw.threads) }),
    ...(raw.descriptors === undefined ? {} : { descriptors: descriptorScan(raw.descriptors) }),
    comm: comms(raw),
    commandLine: (row) => splitArguments(commandLine(row)),
    cgroup: texts(raw.cgroupOffset, raw.cgroupBytes, raw.cgroupErrno),
    vanished: raw.vanished,
    refused: refusals(raw.refused),
  };
}

const threadScan = (raw: RawThreads): ThreadScan => ({
  ...looked(raw),
  count: raw.count,
  row: raw.row,
  tid: raw.tid,
  startTime: raw.startTime,
  links: linkColumns(raw),
  comm: comms(raw),
});

const TARGETS: readonly DescriptorTarget[] = ["socket", "pidfd", "namespace", ...KINDS];

function descriptorScan(raw: RawDescriptors): DescriptorScan {
  const { count, row, tid, fd, inode, device, flags, target, what } = raw;
  return {
    ...looked(raw),
    ...{ count, row, tid, fd, inode, flags, target },
    ...(device === undefined ? {} : { device }),
    what: (row) => TARGETS[what[row] ?? DESCRIPTOR_CODES.namespace] ?? "namespace",
  };
}

const looked = ({ seen, vanished, skipped, refused }: RawLooked): Looked => ({
  seen,
  vanished,
  skipped,
  refused: refusals(refused),
});

function linkColumns({ count, inode, errno, device }: Columns): Record<ProcLink, LinkColumn> {
  const columns = LINKS.map((link, index) => {
    const [from, to] = [index * count, (index + 1) * count];
    const column = { inode: inode.subarray(from, to), errno: errno.subarray(from, to) };
    return [link, device === undefined ? column : { ...column, device: device.subarray(from, to) }] as const;
  });
  // Object.fromEntries does not know that the keys are all of them.
  return Object.fromEntries(columns) as Record<ProcLink, LinkColumn>;
}

type Columns = Pick<RawScan, "count" | "inode" | "errno" | "device">;

function refusals(pairs: Int32Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) counts.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  return counts;
}

/** Of each row, by its place. */
function comms({ comm, count }: Pick<RawScan, "comm" | "count">): (row: number) => string {
  const decode = textsIn(comm);
  return (row) => {
    if (row < 0 || row >= count) throw new RangeError(`no row ${row} in a scan of ${count}`);
    const start = row * COMM_BYTES;
    return decode(start, comm.indexOf(0, start));
  };
}

/** How to get a process's text: undefined where it was not wished for or could not be read. */
function texts(
  offset: Uint32Array | undefined,
  bytes: Uint8Array | undefined,
  errno: Uint16Array | undefined,
): (row: number) => string | undefined {
  if (offset === undefined || bytes === undefined || errno === undefined) return () => undefined;
  const decode = textsIn(bytes);
  return (row) => (errno[row] === 0 ? decode(offset[row] ?? 0, offset[row + 1] ?? 0) : undefined);
}

/** Each argument ends with a NUL, unless the process wrote over them or the text was cut off. */
function splitArguments(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (text === "") return [];
  return (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
}
