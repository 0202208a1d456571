import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoName, type ErrnoName } from "../../abi/errnos.ts";
import { SIGNALS } from "../../abi/signals.ts";
import * as calls from "../../kernel/live/holder-calls.ts";
import { openHolders, type Holders } from "../../kernel/live/holders.ts";
import type { Native } from "../../kernel/live/native.ts";
import { parseStat } from "../../procfs/stat.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import { Guardian } from "./guardian.ts";
import { ownCgroup } from "./own-cgroup.ts";

/** A process that could not be stopped. ETIMEDOUT: it does not stand still, in a call that takes no signal. */
export class Unstoppable extends Error {
  override readonly name = "Unstoppable";
  readonly pid: number;
  readonly errno: ErrnoName;
  constructor(pid: number, errno: ErrnoName) {
    super(`process ${pid}: ${errno}`);
    this.pid = pid;
    this.errno = errno;
  }
}

/** Stopped by a signal, by a debugger, or ended. */
const STILL: ReadonlySet<string> = new Set(["T", "t", "Z", "X"]);
const LIMIT_MS = 20_000;
const PAUSE_MS = 2;

/** Has processes stand still until its end, and then those go on that went before. */
export class Freezer implements Disposable {
  readonly #holders: Holders;
  readonly #by: calls.Caller;
  readonly #guardian: Guardian;
  readonly #seen = new Set<number>();
  /** pidfds, and who they are of: a number could be another's by the end. */
  readonly #stopped = new Map<number, number>();
  #folder: string | undefined;

  constructor(native: Pick<Native, "pipe2">) {
    this.#holders = openHolders(native);
    this.#by = { holders: this.#holders, holder: this.#holders.start() };
    this.#guardian = new Guardian(native);
  }

  /** How many were stopped; of a control group all that were seen in it. */
  get count(): number {
    return this.#folder === undefined ? this.#stopped.size : this.#seen.size;
  }

  /**
   * By the freezer of a control group of their own, where they have one, else one by one. Gives whether anybody was running: then
   * there may be children by now that were not seen. Unstoppable: somebody cannot be stopped.
   */
  async still(processes: readonly ProcessRecord[]): Promise<boolean> {
    const running = processes.filter(({ pid }) => !this.#seen.has(pid));
    for (const { pid } of running) this.#seen.add(pid);
    if (this.#folder !== undefined || running.length === 0) return false;
    if (this.#stopped.size === 0 && (await this.#freeze(new Set(running.map(({ pid }) => pid))))) return true;
    const stopped = running.filter((process) => this.#stop(process));
    await until(() => stopped.every(({ pid }) => STILL.has(stateOf(pid) ?? "X")), stopped[0]?.pid);
    return stopped.length > 0;
  }

  async #freeze(pids: ReadonlySet<number>): Promise<boolean> {
    const folder = ownCgroup(pids);
    const [first] = pids;
    if (folder === undefined || readFileSync(join(folder, "cgroup.freeze"), "latin1").trim() !== "0") return false;
    this.#guardian.minds("folder", folder);
    try {
      writeFileSync(join(folder, "cgroup.freeze"), "1");
    } catch {
      // Not ours to write to: signals may be.
      return false;
    }
    this.#folder = folder;
    await until(() => readFileSync(join(folder, "cgroup.events"), "latin1").includes("frozen 1"), first);
    return true;
  }

  /** Whether it was running, and is being stopped. Who stood still before does so afterwards. */
  #stop({ pid, startTime }: ProcessRecord): boolean {
    const pidfd = calls.pidfdOpen(this.#by, pid);
    if (!pidfd.ok) {
      if (pidfd.errno === "ESRCH") return false;
      throw new Unstoppable(pid, pidfd.errno);
    }
    const stat = statOf(pid);
    if (stat?.startTime !== startTime || STILL.has(stat.state)) return false;
    this.#guardian.minds("pid", pid);
    const errno = this.#signal(pidfd.value, SIGNALS.SIGSTOP);
    if (errno === "ESRCH") return false;
    if (errno !== undefined) throw new Unstoppable(pid, errno);
    this.#stopped.set(pidfd.value, pid);
    return true;
  }

  #signal(pidfd: number, signal: number): ErrnoName | undefined {
    const answer = this.#holders.syscall(this.#by.holder, "pidfd_send_signal", [pidfd, signal, 0, 0]);
    if (answer.state !== "done") return "EIO";
    return answer.ret < 0 ? errnoName(-answer.ret) : undefined;
  }

  [Symbol.dispose](): void {
    using holders = this.#holders;
    using guardian = this.#guardian;
    if (this.#folder !== undefined) writeFileSync(join(this.#folder, "cgroup.freeze"), "0");
    // The youngest first: a parent that goes on finds its children as they were.
    for (const pidfd of [...this.#stopped.keys()].toReversed())
      if (holders.living.length > 0) this.#signal(pidfd, SIGNALS.SIGCONT);
    guardian.dismiss();
  }
}

function statOf(pid: number) {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
    return stat.ok ? stat.value : undefined;
  } catch {
    // It has ended.
    return undefined;
  }
}
const stateOf = (pid: number): string | undefined => statOf(pid)?.state;

async function until(isSo: () => boolean, pid = 0): Promise<void> {
  for (const deadline = performance.now() + LIMIT_MS; !isSo(); await sleep(PAUSE_MS))
    if (performance.now() > deadline) throw new Unstoppable(pid, "ETIMEDOUT");
}
