import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** The environment of all that the program starts, and of nothing else. */
const MARK = "NSATLAS_SOURCES";
const PATIENCE_MS = 15_000;
const STEP_MS = 20;

/** A namespace of the running kernel, and the process of holder.c that made it and what holds it. */
export class Held implements AsyncDisposable {
  readonly #program: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #mark: string;
  readonly folder: string;
  /** `uts:[4026532181]` */
  readonly ref: string;
  readonly #handle: string;

  private constructor(made: Made, folder: string, [ref, handle]: readonly [string, string]) {
    this.#program = made.program;
    this.#child = made.child;
    this.#lines = made.lines;
    this.#mark = made.mark;
    this.folder = folder;
    this.ref = ref;
    this.#handle = handle;
  }

  static async make(program: string, kind: string, below: string): Promise<Held> {
    const folder = join(below, kind);
    mkdirSync(join(folder, "file-system"), { recursive: true });
    for (const name of ["pin", "mounts"]) writeFileSync(join(folder, name), "");
    const mark = `${process.pid}-${kind}`;
    const env = { ...process.env, [MARK]: mark };
    const child = spawn(program, [kind, folder], { stdio: ["pipe", "pipe", "inherit"], env });
    child.stdin.on("error", () => {});
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const line = await answer(lines);
    const [, ref = "", handle = ""] = /^ready (\S+) (\S+)$/.exec(line) ?? [];
    if (ref === "") throw new Error(`holder.c made no ${kind}`);
    return new Held({ program, child, lines, mark }, folder, [ref, handle]);
  }

  get inode(): string {
    return this.ref.replace(/\D/g, "");
  }
  get pid(): number {
    return this.#child.pid ?? 0;
  }
  /** The processes of it, with their children. */
  pids(): readonly number[] {
    const isOurs = (pid: number): boolean => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${MARK}=${this.#mark}`);
      } catch {
        return false;
      }
    };
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    // Of one whose leader has ended nobody can read the environment but by a thread of it; its parent tells.
    return pids.map(Number).filter((pid) => isOurs(pid) || parentOf(pid) === this.pid);
  }
  end(pid: number, signal: NodeJS.Signals): void {
    if (!this.pids().includes(pid)) throw new Error(`${pid} is none of ours`);
    process.kill(pid, signal);
  }
  async close(pid: number, fd: number): Promise<void> {
    if (pid !== this.pid) throw new Error(`${pid} takes no orders`);
    this.#child.stdin.write(`close ${fd}\n`);
    await answer(this.#lines);
  }
  unmount(path: string, mountNamespace: string | undefined): void {
    if (!path.startsWith(this.folder)) throw new Error(`${path} is none of ours`);
    const inode = mountNamespace?.replace(/^.*\//, "");
    const file = inode === undefined ? undefined : this.#fileOf(inode);
    const options = { encoding: "utf8", timeout: PATIENCE_MS } as const;
    const { status, stderr } =
      file === undefined
        ? spawnSync("umount", [path], options)
        : spawnSync("nsenter", [`--mount=${file}`, "umount", path], options);
    if (status !== 0) throw new Error(`umount ${path}: ${stderr}`);
  }
  /** False: none is mounted. */
  unmountFileSystem(): boolean {
    return spawnSync("umount", [join(this.folder, "file-system")], { timeout: PATIENCE_MS }).status === 0;
  }
  /** A file of a mount namespace: that of a process of ours, or the one it is mounted at. */
  #fileOf(inode: string): string {
    const isIt = (pid: number): boolean => {
      try {
        return readlinkSync(`/proc/${pid}/ns/mnt`) === `mnt:[${inode}]`;
      } catch {
        return false;
      }
    };
    const pid = this.pids().find(isIt);
    return pid === undefined ? join(this.folder, "mounts") : `/proc/${pid}/ns/mnt`;
  }

  /** Whether it ends; undefined before Linux 6.18, which gives namespaces no handles. The kernel takes a moment to clear one away. */
  async endsSoon(): Promise<boolean | undefined> {
    if (this.#handle === "-") return undefined;
    for (const until = Date.now() + PATIENCE_MS; this.#isThere(); await pause(STEP_MS)) {
      if (Date.now() > until) return false;
    }
    return true;
  }
  isThere(): boolean | undefined {
    return this.#handle === "-" ? undefined : this.#isThere();
  }
  #isThere(): boolean {
    const { status } = spawnSync(this.#program, ["is-there", this.#handle], { timeout: PATIENCE_MS });
    if (status !== 0 && status !== 1) throw new Error(`a handle of ${this.ref} does not open`);
    return status === 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    const until = Date.now() + PATIENCE_MS;
    while (this.#child.exitCode === null && this.#child.signalCode === null && Date.now() < until) await pause(STEP_MS);
    if (this.#child.exitCode === null) this.#child.kill("SIGKILL");
    for (const name of ["pin", "mounts", "file-system"]) spawnSync("umount", ["-q", join(this.folder, name)]);
  }
}

interface Made {
  readonly program: string;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string>;
  readonly mark: string;
}

async function answer(lines: AsyncIterator<string>): Promise<string> {
  const late = pause(PATIENCE_MS, undefined, { ref: false });
  const line = await Promise.race([lines.next(), late]);
  if (line === undefined || line.done === true) throw new Error("a holder did not answer");
  return line.value;
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}
