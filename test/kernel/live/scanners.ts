import { closeSync, constants, openSync } from "node:fs";
import { scanWithoutNative } from "../../../src/kernel/live/scan-fallback.ts";
import { scan, scanOutcome } from "../../../src/kernel/live/scan.ts";
import type { ProcessScan, ScanWish } from "../../../src/kernel/observer.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";
import { theAddon } from "../../support/the-addon.ts";

/** The two ways to look at every process, which must see the same. */
export const SCANNERS = {
  "the addon": async (procRoot: string, wish: ScanWish): Promise<Outcome<ProcessScan>> => {
    const raw = openSync(procRoot, constants.O_RDONLY);
    // The scan goes on without the descriptor it was given.
    const outcome = scan(theAddon(), { raw }, wish);
    closeSync(raw);
    return await outcome;
  },
  "JavaScript alone": async (procRoot: string, wish: ScanWish): Promise<Outcome<ProcessScan>> =>
    scanOutcome(await scanWithoutNative(procRoot, wish)),
} as const;

export const EVERYTHING: ScanWish = { commandLines: true, cgroups: true, everyDevice: true };
export const LINKS_ONLY: ScanWish = { commandLines: false, cgroups: false, everyDevice: false };

/** One process of a scan, out of its columns. */
export interface SeenProcess {
  readonly ppid: number | undefined;
  readonly uid: number | undefined;
  readonly startTime: number | undefined;
  readonly flags: number | undefined;
  readonly state: string;
  readonly comm: string;
  readonly commandLine: readonly string[] | undefined;
  readonly cgroup: string | undefined;
  readonly links: Readonly<Record<string, { inode?: number; errno?: number; device?: number }>>;
}

/** Undefined where the process has no row. */
export function processIn(scan: ProcessScan, pid: number): SeenProcess | undefined {
  const row = scan.pid.indexOf(pid);
  if (row < 0) return undefined;
  const { ppid, uid, startTime, flags, state } = scan;
  const links = Object.entries(scan.links).map(([link, { inode, errno, device }]) => [
    link,
    { inode: inode[row], errno: errno[row], device: device?.[row] },
  ]);
  return {
    ppid: ppid[row],
    uid: uid[row],
    startTime: startTime[row],
    flags: flags[row],
    state: String.fromCharCode(state[row] ?? 0),
    comm: scan.comm(row),
    commandLine: scan.commandLine(row),
    cgroup: scan.cgroup(row),
    links: Object.fromEntries(links),
  };
}
