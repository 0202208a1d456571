import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the guest's first program mounted the kernel's tracer. */
const EVENTS = "/sys/kernel/tracing/events";
/** System calls that look a path up, and what the kernel's events call it; an architecture has some of them. */
const BY_PATH = {
  open: "filename",
  openat: "filename",
  openat2: "filename",
  readlink: "path",
  readlinkat: "pathname",
  access: "filename",
  newstat: "filename",
  newlstat: "filename",
  newfstatat: "filename",
  statx: "filename",
} as const;

export interface Traced<T> {
  readonly result: T;
  /** System calls of our main thread meanwhile, of whatever kind. */
  readonly calls: number;
  /** How many of them named a file of a process under /proc. */
  readonly ofProcesses: number;
}

/**
 * Runs something synchronous while the kernel itself counts our system calls: nothing that we forgot to count is left out.
 * Needs Linux 6.0 (filters that read strings of a process). Source: Documentation/trace/histogram.rst, events.rst.
 */
export function traced<T>(run: () => T): Traced<T> {
  const ours = `common_pid == ${process.pid}`;
  const all = new Histogram("raw_syscalls/sys_enter", `hist:keys=common_pid if ${ours}`);
  const paths = Object.entries(BY_PATH).flatMap(([call, path]) => {
    const event = `syscalls/sys_enter_${call}`;
    const trigger = `hist:keys=common_pid if ${ours} && ${path}.ustring ~ "/proc/[0-9]*"`;
    return existsSync(join(EVENTS, event)) ? [new Histogram(event, trigger)] : [];
  });
  try {
    for (const one of paths) one.start();
    // Last, and read first: starting and reading make calls of their own.
    all.start();
    const result = run();
    const calls = all.read();
    return { result, calls, ofProcesses: paths.reduce((sum, one) => sum + one.read(), 0) };
  } finally {
    for (const one of [all, ...paths]) one.end();
  }
}

/** How often an event came, by a trigger on it. */
class Histogram {
  readonly #folder: string;
  readonly #trigger: string;
  #isOn = false;

  constructor(event: string, trigger: string) {
    this.#folder = join(EVENTS, event);
    this.#trigger = trigger;
  }
  start(): void {
    writeFileSync(join(this.#folder, "trigger"), this.#trigger);
    this.#isOn = true;
  }
  read(): number {
    const text = readFileSync(join(this.#folder, "hist"), "latin1");
    const hits = /^\s*Hits: (\d+)/m.exec(text)?.[1];
    if (hits === undefined) throw new Error(`no count in ${this.#folder}/hist: ${text}`);
    return Number(hits);
  }
  end(): void {
    if (this.#isOn) writeFileSync(join(this.#folder, "trigger"), `!${this.#trigger}`);
    this.#isOn = false;
  }
}
