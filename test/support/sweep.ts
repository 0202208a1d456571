import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasEnded } from "../../scripts/process-mark.js";
import { parseMountinfo } from "../../src/procfs/mountinfo.ts";
import { RUN_PREFIX, RUN_VARIABLE } from "./run.ts";

/**
 * Takes away what runs of ours left below a folder that ended without doing it (SIGKILL, a crash): their processes, which
 * carry the run's name in their environment, their mounts, their files. A run that is still going on, another user's, or
 * one whose process is counted in another pid namespace is left alone.
 */
export function sweepEndedRuns(folder: string): readonly string[] {
  const swept = readdirSync(folder).filter((name) => isOurs(join(folder, name)) && isOfEndedRun(name));
  for (const name of swept) {
    endProcesses(name);
    unmountBelow(join(folder, name));
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return swept;
}

const isOfEndedRun = (name: string): boolean => name.startsWith(RUN_PREFIX) && hasEnded(name.slice(RUN_PREFIX.length));

/** Anybody may put such a name into a folder for temporary files. */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

function endProcesses(name: string): void {
  const mark = Buffer.from(`${RUN_VARIABLE}=${name}\0`);
  for (const entry of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (readFileSync(`/proc/${entry}/environ`).includes(mark)) process.kill(Number(entry), "SIGKILL");
    } catch {
      // It has gone, or is not ours to look into.
    }
  }
}

/** The last first: they may lie on each other. */
function unmountBelow(folder: string): void {
  const table = parseMountinfo(readFileSync("/proc/self/mountinfo", "utf8"));
  const points = table.ok ? table.value.map(({ mountPoint }) => mountPoint) : [];
  for (const point of points.filter((point) => point.startsWith(`${folder}/`)).reverse()) {
    spawnSync("umount", ["--lazy", point]);
  }
}
