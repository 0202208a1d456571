import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import { SYSCALLS } from "../../../src/abi/constants.ts";
import { FRAME_BYTES, putRequest, type Request } from "../../../src/kernel/live/holder-wire.ts";
import { type CloneWish, cloneArgs } from "../../../src/kernel/live/holder-clone.ts";
import { loadNative } from "../../../src/kernel/live/load-native.ts";
import {
  type Answer,
  type Holder,
  type Holders,
  type HoldersOptions,
  openHolders,
} from "../../../src/kernel/live/holders.ts";
import { ORDINARY_USER } from "../../support/ordinary-user.ts";
import { type Caller, setgroups, setresgid, setresuid } from "../../../src/kernel/live/holder-calls.ts";

/** Holders by the program that `npm run build:native` made. */
export function openTestHolders(options?: HoldersOptions): Holders {
  const loaded = loadNative();
  if ("missing" in loaded) throw new Error(`no native half: ${loaded.missing.why}`);
  return openHolders(loaded.native, options);
}

/** The child that a clone must have made. */
export function childOf(answer: Answer): Holder {
  if (answer.child === undefined) throw new Error(`no child: ${JSON.stringify(answer)}`);
  return answer.child;
}

export const clone3 = (holders: Holders, holder: Holder, wish: CloneWish = {}): Holder =>
  childOf(holders.clone(holder, { call: "clone3", args: cloneArgs(wish) }));

/** As `process.getuid()` of an ordinary user would say; where the tests run as one, nothing changes. */
export function becomeOrdinary(caller: Caller): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = ORDINARY_USER;
  for (const outcome of [
    setgroups(caller, []),
    setresgid(caller, { real: gid, effective: gid, saved: gid }),
    setresuid(caller, { real: uid, effective: uid, saved: uid }),
  ]) {
    if (!outcome.ok) throw new Error(outcome.errno);
  }
}

/** What a thread's namespace link reads from outside. */
export const linkOf = ({ pid, tid }: Holder, link: ProcLink): string =>
  readlinkSync(`/proc/${pid}/task/${tid}/ns/${link}`);

/** The fields of /proc/PID/stat after the name, from the state on; undefined where there is no such process. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
  } catch {
    return undefined;
  }
}

/** The state letter of a process; undefined where there is none. */
export const stateOf = (pid: number): string | undefined => statOf(pid)?.[0];
const parentOf = (pid: number): number => Number(statOf(pid)?.[1]);

/** One process, and not a later one with its number. */
export interface Birth {
  readonly pid: number;
  readonly startTime: string | undefined;
}
const START_TIME = 19;
export const birthOf = (pid: number): Birth => ({ pid, startTime: statOf(pid)?.[START_TIME] });
/** It runs, or is a zombie. */
export const isThere = ({ pid, startTime }: Birth): boolean =>
  startTime !== undefined && birthOf(pid).startTime === startTime;

/** A process and all below it. */
export function familyOf(pid: number): readonly Birth[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family.map(birthOf);
}

/** Those of the processes that still run after so long. A zombie does not: it waits for a parent that is not ours. */
export async function stillRunning(births: readonly Birth[], patienceMs: number): Promise<readonly Birth[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const running = births.filter((birth) => isThere(birth) && stateOf(birth.pid) !== "Z");
    if (running.length === 0 || Date.now() > deadline) return running;
    await sleep(20);
  }
}

/** The program that `npm run build:native` made, and the call numbers of this machine. */
export const program = join(import.meta.dirname, `../../../prebuilds/linux-${process.arch}/holder`);
export const numbers = process.arch === "arm64" ? SYSCALLS.aarch64 : SYSCALLS.x86_64;

/** A frame as the client sends it. */
export function frameOf(requests: readonly Request[]): Uint8Array {
  const buffer = new Uint8Array(65_536 + FRAME_BYTES);
  const view = new DataView(buffer.buffer);
  const end = requests.reduce((at, request) => putRequest(buffer, view, at, request), FRAME_BYTES);
  view.setUint32(0, end - FRAME_BYTES, true);
  view.setUint32(4, requests.length, true);
  return buffer.slice(0, end);
}

/** The descriptors of this process that are pipes. */
export const openPipes = (): readonly string[] => readdirSync("/proc/self/fd").filter(isPipe);

function isPipe(fd: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).startsWith("pipe:");
  } catch {
    // The folder's own descriptor.
    return false;
  }
}
