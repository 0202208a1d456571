import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuInTurns, inTurns, less, turns, type Bench, type Measured } from "./bench.ts";

const RUNS = 12;
const PROGRAM = join(process.cwd(), "dist/cli.cjs");

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
    const rounds = inTurns<keyof typeof things>(things, RUNS);
    const cpu = cpuInTurns<keyof typeof things>(things, RUNS);
    const named = Object.keys(things).filter((name): name is keyof typeof things => Object.hasOwn(things, name));
    return {
      columns: ["program", "ms", "ms of CPU time"],
      rows: [
        ...named.map((name) => [name, less(rounds, name), less(cpu, name)]),
        [
          "enter, less nsenter and Node's start",
          less(rounds, "nsatlas enter -t PID -n", "nsenter", "node empty.mjs"),
          less(cpu, "nsatlas enter -t PID -n", "nsenter", "node empty.mjs"),
        ],
      ],
      remarks: [turns(RUNS)],
    };
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = { name: "enter", measure };
