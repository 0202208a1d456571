import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A zombie is gone but for whoever waits for it. */
function isRunning(pid: string, comm: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/comm`, "utf8") !== `${comm}\n`) return false;
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
const running = (comm: string): readonly string[] =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isRunning(name, comm));

const LIMIT_MS = 20_000;
const PAUSE_MS = 20;

/** What is left of a restore: processes of that name, mounts below a folder, files in it. Ends come a moment later. */
export async function leftOf(comm: string, folder: string): Promise<readonly string[]> {
  for (const deadline = Date.now() + LIMIT_MS; running(comm).length > 0 && Date.now() < deadline;)
    await sleep(PAUSE_MS);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return [
    ...running(comm).map((pid) => `process ${pid}`),
    ...mounts.filter((line) => line.includes(`${folder}/made`)),
    ...readdirSync(folder).filter((name) => name === "made"),
  ];
}
