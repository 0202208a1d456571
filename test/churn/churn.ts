import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** How much a churner made. */
export interface Churned {
  readonly seconds: number;
  readonly namespaces: number;
  readonly processes: number;
  readonly threads: number;
  readonly mounts: number;
}

/** A churner at work: churner.c. It ends with `end`, or with us. */
export class Churn {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  /** Its first process, as we count: whoever enters its namespaces sees it alone. */
  readonly pid: number;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>, lines: AsyncIterator<string>, pid: number) {
    this.#child = child;
    this.#lines = lines;
    this.pid = pid;
  }

  static async start(program: string, { rate, seed }: { rate: number; seed: number }): Promise<Churn> {
    const child = spawn(program, [String(rate), String(seed)], { stdio: ["pipe", "pipe", "inherit"] });
    const reader: Interface = createInterface(child.stdout);
    const lines = reader[Symbol.asyncIterator]();
    const { value = "" } = await lines.next();
    const pid = /^ready (\d+)$/.exec(value)?.[1];
    if (pid === undefined) throw new Error("the churner did not start");
    return new Churn(child, lines, Number(pid));
  }

  /** A command that runs in its pid and mount namespaces. */
  inside(...words: string[]): string[] {
    return ["nsenter", `--target=${this.pid}`, "--mount", "--pid", "--", ...words];
  }

  async end(): Promise<Churned> {
    const closed = once(this.#child, "close");
    this.#child.stdin.end();
    const { value = "" } = await this.#lines.next();
    await closed;
    return JSON.parse(value) as Churned;
  }
}
