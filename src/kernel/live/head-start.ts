import { closeSync, constants, openSync, readdirSync, readlinkSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import type { Outcome } from "../../rules/outcome.ts";
import type { ProcessScan, ScanWish } from "../observer.ts";
import type { Native, RawDescriptors, RawScan } from "./native.ts";
import { scanOutcome, wishBits } from "./scan.ts";

/** A scan that was begun before the program was loaded that looks at what comes of it. */
export interface HeadStart {
  readonly wish: ScanWish;
  readonly raw: Promise<RawScan | number>;
  /** The descriptors that this process had then. */
  readonly descriptors: ReadonlySet<number>;
  readonly exitGroup: Native["exitGroup"] | undefined;
}

/**
 * Begins a scan of /proc in threads of Node's pool, by the addon at a path. Undefined where that cannot be: what is wrong is told
 * by who needs it.
 */
export function beginScan(addon: string, asked: Omit<ScanWish, "ownPids">): HeadStart | undefined {
  try {
    const module: { exports: Partial<Native> } = { exports: {} };
    process.dlopen(module, addon);
    const { scanProc, fcntl, exitGroup } = module.exports;
    const wish = { ...asked, ownPids: readlinkSync("/proc/self") === String(process.pid) };
    const listed = readdirSync("/proc/self/fd").map(Number);
    // The list is also of the descriptor that it was read by.
    const descriptors = new Set(listed.filter((fd) => (fcntl?.(fd, CONSTANTS.F_GETFD, 0) ?? -1) >= 0));
    const proc = openSync("/proc", constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      const raw = scanProc?.(proc, wishBits(wish), wish.threads ?? 0, wish.descriptors ?? 0);
      return raw === undefined ? undefined : { wish, raw, descriptors, exitGroup };
    } finally {
      closeSync(proc);
    }
  } catch {
    return undefined;
  }
}

/** What was begun, where it is what is wished for. */
export const begun = (start: HeadStart | undefined, wish: ScanWish): Promise<Outcome<ProcessScan>> | undefined =>
  start === undefined || !isSame(start.wish, wish)
    ? undefined
    : start.raw.then((raw) => scanOutcome(typeof raw === "number" ? raw : asBefore(raw, start.descriptors)));

const isSame = (one: ScanWish, other: ScanWish): boolean =>
  one.pids === undefined &&
  other.pids === undefined &&
  wishBits(one) === wishBits(other) &&
  one.threads === other.threads &&
  one.descriptors === other.descriptors;

/** Without the descriptors that this process has opened since: it is no holder that anybody asks for. */
function asBefore(raw: RawScan, before: ReadonlySet<number>): RawScan {
  const { descriptors, pid } = raw;
  if (descriptors === undefined) return raw;
  const isOurs = (nth: number): boolean =>
    pid[descriptors.row[nth] ?? 0] === process.pid && !before.has(descriptors.fd[nth] ?? 0);
  const kept: number[] = [];
  for (let nth = 0; nth < descriptors.count; nth++) if (!isOurs(nth)) kept.push(nth);
  return kept.length === descriptors.count ? raw : { ...raw, descriptors: rowsOf(descriptors, kept) };
}

function rowsOf(all: RawDescriptors, kept: readonly number[]): RawDescriptors {
  const { row, tid, fd, what, inode, device, flags, target } = all;
  const of = (column: { readonly [nth: number]: number }): number[] => kept.map((nth) => column[nth] ?? 0);
  return {
    ...all,
    count: kept.length,
    row: Uint32Array.from(of(row)),
    tid: Int32Array.from(of(tid)),
    fd: Int32Array.from(of(fd)),
    what: Uint8Array.from(of(what)),
    inode: Float64Array.from(of(inode)),
    ...(device === undefined ? {} : { device: Float64Array.from(of(device)) }),
    flags: Int32Array.from(of(flags)),
    target: Int32Array.from(of(target)),
  };
}
