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

/** The state letter of a process; undefined where there is none. */
export function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0];
  } catch {
    return undefined;
  }
}

/** A process and all below it. */
export function familyOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(readFileSync(`/proc/${entry}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // It has just ended.
    }
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/** Those of the processes that still run after so long. A zombie does not: it waits for a parent that is not ours. */
export async function stillRunning(pids: readonly number[], patienceMs: number): Promise<readonly number[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const running = pids.filter((pid) => !["Z", "X", undefined].includes(stateOf(pid)));
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
