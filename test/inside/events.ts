import type { ChildProcess } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What a child says of itself, in order, until 'close'; an error as `NAME CODE CALL`. */
export function eventsOf(child: ChildProcess): Promise<readonly string[]> {
  const seen: string[] = [];
  return new Promise((resolve) => {
    child.on("spawn", () => seen.push("spawn"));
    child.on("error", (error: Error & { code?: string; syscall?: string }) =>
      seen.push(`error ${error.name} ${error.code} ${error.syscall ?? ""}`.trim()),
    );
    child.on("exit", (code, signal) => seen.push(`exit ${signal ?? code}`));
    child.on("close", () => resolve([...seen, "close"]));
  });
}

/** The children of a process, by pid. */
export const childrenOf = (pid: number | undefined): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

/** Whether a process has ended, a moment from now at the latest. */
export async function hasEnded(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 200; turn++) {
    try {
      if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return true;
    } catch {
      return true;
    }
    await sleep(10);
  }
  return false;
}

/** What this process has open, by kind of file, and its threads and children: the same before and after where nothing leaks. */
export function held(): { readonly fds: number; readonly threads: number; readonly children: number } {
  return {
    fds: readdirSync("/proc/self/fd").length,
    threads: readdirSync("/proc/self/task").length,
    children: readdirSync("/proc/self/task").reduce((sum, tid) => {
      try {
        return sum + readFileSync(`/proc/self/task/${tid}/children`, "utf8").split(" ").filter(Boolean).length;
      } catch {
        return sum;
      }
    }, 0),
  };
}

/** Every namespace link of every thread of ours. */
export const linksOfThreads = (): readonly string[] =>
  readdirSync("/proc/self/task").flatMap((tid) =>
    readdirSync(`/proc/self/task/${tid}/ns`).map((link) => readlinkSync(`/proc/self/task/${tid}/ns/${link}`)),
  );
