import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { productFolder } from "./product.ts";
import { RUN_VARIABLE, type Run } from "./run.ts";

/** A process that was just killed is seen for a moment more. */
const PATIENCE_MS = 2000;
const POLL_MS = 50;

/** What a run left on the machine: its processes, its mounts, its files. Empty where all is well. */
export async function findLeftovers(run: Run): Promise<readonly string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = [...processesOf(run), ...mountsOf(run), ...filesOf(run)];
    if (found.length === 0 || Date.now() > deadline) return found;
    await sleep(POLL_MS);
  }
}

function processesOf({ name }: Run): string[] {
  if (process.platform !== "linux") return [];
  const mark = Buffer.from(`${RUN_VARIABLE}=${name}\0`);
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      // The runner's own workers end after the report.
      if (Number(pid) === process.pid || parentOf(pid) === process.pid) continue;
      if (readFileSync(`/proc/${pid}/environ`).includes(mark)) found.push(`process ${pid}, ${exeOf(pid)}`);
    } catch {
      // It has gone, or it is not ours to look into and therefore none of ours.
    }
  }
  return found;
}

const parentOf = (pid: string): number =>
  Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);

function exeOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "no program";
  }
}

function mountsOf({ name }: Run): string[] {
  if (process.platform !== "linux") return [];
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return lines.filter((line) => line.includes(name)).map((line) => `mount ${line.split(" ")[4]}`);
}

function filesOf(run: Run): string[] {
  const entries = readdirSync(run.folder).map((entry) => join(run.folder, entry));
  return entries.filter((path) => path !== productFolder(run)).map((path) => `file ${path}`);
}
