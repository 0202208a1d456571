import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The built command line, beside the guest's own program. */
const CLI = join(import.meta.dirname, "dist", "cli.cjs");
/** An emulated machine is slow, more so where others work on the real one. */
const LIMIT_MS = 120_000;

/** Of whom a guest knows nothing but the number. */
export const ORDINARY = 1000;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs nsatlas as its user would, to its end. */
export function nsatlas(words: readonly string[], { uid = 0 }: { uid?: number } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    uid,
    gid: uid,
    env: { PATH: "/bin:/usr/bin", NO_COLOR: "1", LC_ALL: "C.UTF-8" },
    cwd: "/",
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  return { status, stdout, stderr };
}

/** A process that stays until it is let go of. */
export interface Staying {
  readonly pid: number;
  end(): Promise<void>;
}

/** A program that `nsatlas run` started in a child, which reads until we end. Throws what was said where it did not start. */
export async function runStaying(options: readonly string[]): Promise<Staying> {
  const words = [CLI, "run", "--fork", ...options, "--", "/bin/sh", "-c", "echo ready; read line"];
  const runner = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
  const ended = once(runner, "exit");
  let said = "";
  runner.stderr.on("data", (text: Buffer) => (said += text.toString()));
  const started = await Promise.race([once(runner.stdout, "data").then(() => true), ended.then(() => false)]);
  const pid = runner.pid;
  if (!started || pid === undefined) throw new Error(`nsatlas run ${options.join(" ")}: ${said}`);
  const child = childOf(pid);
  if (child === undefined) throw new Error(`process ${pid} has no child`);
  return {
    pid: child,
    async end(): Promise<void> {
      runner.stdin.end();
      await ended;
    },
  };
}

function childOf(parent: number): number | undefined {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]);
  } catch {
    // It has ended since it was listed.
    return undefined;
  }
}
