import type { ChildProcess } from "node:child_process";
import { readSync } from "node:fs";
import { Socket } from "node:net";
import type { OwnedFd } from "../kernel/live/fd.ts";

/** What the launcher writes where a step fails: struct report of native/launch.h. */
export interface StepReport {
  /** 0 is the launcher's own first step, 1 the plan's first. */
  readonly step: number;
  readonly errno: number;
}

const REPORT_BYTES = 8;
const HELD: ReadonlySet<string | symbol> = new Set(["spawn", "exit", "close"]);
/** How long a start that nobody waits for is left alone. */
const PATIENCE_MS = 20;

/**
 * Has a child say what became of the command, not of the launcher: 'spawn' comes once the command runs, and where a step
 * failed 'error' comes in its place. The pipe tells the two apart: whoever becomes the command closes it by that, and
 * whoever fails writes before it ends. Until then what Node says of the child is held back. Takes over the pipe's end,
 * which does not block.
 *
 * A stream on it costs a sixth of a plain spawn, so it is made only where somebody listens for 'spawn', or the command has
 * not ended after a moment; else what was written is read at the end. `done`: it is decided.
 */
export function tellStart(
  child: ChildProcess,
  pipe: OwnedFd,
  errorOf: (report: StepReport) => Error,
  done: () => void,
): void {
  const emit: (event: string | symbol, ...args: readonly unknown[]) => boolean = child.emit.bind(child);
  const say = (event: string | symbol, args: readonly unknown[]): boolean => emit(event, ...args);
  const held: (readonly [event: string | symbol, args: readonly unknown[]])[] = [];
  let isDecided = false;
  let isWatched = false;
  const patience = setTimeout(watch, PATIENCE_MS);
  patience.unref();
  child.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (isDecided || !HELD.has(event)) return say(event, args);
    held.push([event, args]);
    const isHeard = child.listenerCount(event) > 0;
    // Nobody hears of events before they listen, so whoever made the child has done so by now.
    if (event === "spawn") {
      if (isHeard) watch();
    } else if (!isWatched) {
      decide(atOnce(pipe));
      pipe[Symbol.dispose]();
    }
    return isHeard;
  };

  function watch(): void {
    if (isDecided || isWatched) return;
    isWatched = true;
    const stream = new Socket({ fd: pipe.release(), readable: true, writable: false });
    let bytes = Buffer.alloc(0);
    stream.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length >= REPORT_BYTES) decide(bytes);
    });
    stream.once("error", () => stream.destroy());
    stream.once("end", () => decide(bytes));
    stream.once("close", () => decide(bytes));
  }

  function decide(bytes: Buffer): void {
    if (isDecided) return;
    isDecided = true;
    clearTimeout(patience);
    const failed = bytes.length >= REPORT_BYTES;
    const report = failed ? { step: bytes.readUInt32LE(0), errno: bytes.readInt32LE(4) } : undefined;
    try {
      const error = report && errorOf(report);
      if (error !== undefined) say("error", [error]);
    } finally {
      done();
      for (const [event, args] of held) if (!failed || event !== "spawn") say(event, args);
    }
  }
}

/** What is there, without waiting. Nothing is, where one who was to become the command was killed before. */
function atOnce(pipe: OwnedFd): Buffer {
  const bytes = Buffer.alloc(REPORT_BYTES);
  try {
    return bytes.subarray(0, readSync(pipe.raw, bytes));
  } catch {
    // EAGAIN.
    return bytes.subarray(0, 0);
  }
}
