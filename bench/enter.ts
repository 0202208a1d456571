import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median, ROUNDS, type Bench, type Measured } from "./bench.ts";

/** How often each program runs in a round; the fastest counts, which other programs on the machine disturb least. */
const RUNS = 12;
const PROGRAM = join(process.cwd(), "dist/cli.cjs");

/** Wall time of one run, in milliseconds. */
function timed(program: string, words: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, words, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} gave ${status}: ${stderr}`);
  return took;
}

/** `enter` beside nsenter and a Node that does nothing, in turns: their network namespace, as root. */
async function measure(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, "");
  const holder = spawn("unshare", ["-n", "sleep", "1000"], { stdio: "ignore" });
  try {
    const pid = String(holder.pid);
    while (readFileSync(`/proc/${pid}/comm`, "utf8") !== "sleep\n") await sleep(1);
    const things = {
      nsenter: ["nsenter", ["-t", pid, "-n", "true"]],
      "node empty.mjs": [process.execPath, [empty]],
      "nsatlas version": [PROGRAM, ["version"]],
      "nsatlas enter -t PID -n": [PROGRAM, ["enter", "-t", pid, "-n", "true"]],
    } as const;
    const rounds = Array.from({ length: ROUNDS }, () => {
      const best = new Map<string, number>();
      for (let nth = 0; nth < RUNS; nth++) {
        for (const [name, [program, words]] of Object.entries(things)) {
          best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, timed(program, words)));
        }
      }
      return best;
    });
    const of = (name: keyof typeof things): readonly number[] => rounds.map((round) => round.get(name) ?? Number.NaN);
    const [nsenter, node, enter] = [of("nsenter"), of("node empty.mjs"), of("nsatlas enter -t PID -n")];
    const over = enter.map((took, nth) => took - (nsenter[nth] ?? 0) - (node[nth] ?? 0));
    const rows = Object.keys(things).map((name) => [
      name,
      median(rounds.map((one) => one.get(name) ?? Number.NaN)).toFixed(1),
    ]);
    return {
      columns: ["program", "ms"],
      rows: [...rows, ["enter, less nsenter and Node's start", median(over).toFixed(1)]],
      remarks: [`${ROUNDS} rounds of ${RUNS} runs each in turns; of a round the fastest, of the rounds the median.`],
    };
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = { name: "enter", measure };
