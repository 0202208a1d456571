import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process that a test holds still; it has ended when the block has. */
export interface HeldProcess extends AsyncDisposable {
  readonly pid: number;
  /** The one line it said when it was ready. */
  readonly said: string;
}

/** So long may a program take to end its own children and wait for them. */
const PATIENCE_MS = 1000;

/** Starts a program that prints a line when it is ready. It should end when its standard input does; else it is killed. */
export async function hold(program: string, words: readonly string[]): Promise<HeldProcess> {
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const said = await Promise.race([once(lines, "line"), ended.then(() => undefined)]);
  if (said === undefined || child.pid === undefined) throw new Error(`${program} ended before it was ready`);
  return {
    pid: child.pid,
    said: String(said[0]),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** A shell that does `script`, with these arguments, and then waits. */
export const holdShell = (script: string, words: readonly string[] = []): Promise<HeldProcess> =>
  hold("sh", ["-c", `${script}\necho ready; read line`, ...words]);
