import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";

/** What the launcher writes where a step fails: struct report of native/launch.h. */
export interface StepReport {
  /** 0 is the launcher's own first step, 1 the plan's first. */
  readonly step: number;
  readonly errno: number;
}

const REPORT_BYTES = 8;
const HELD: ReadonlySet<string | symbol> = new Set(["spawn", "exit", "close"]);

/**
 * Has a child say what became of the command, not of the launcher: 'spawn' comes once the command runs, and where a step
 * failed 'error' comes in its place. The pipe tells the two apart: whoever becomes the command closes it by that, and
 * whoever fails writes before it ends. Until then what Node says of the child is held back.
 */
export function tellStart(
  child: ChildProcess,
  pipe: Readable,
  errorOf: (report: StepReport) => Error,
  done: () => void,
): void {
  const emit: (event: string | symbol, ...args: readonly unknown[]) => boolean = child.emit.bind(child);
  const say = (event: string | symbol, args: readonly unknown[]): boolean => emit(event, ...args);
  const held: (readonly [event: string | symbol, args: readonly unknown[]])[] = [];
  let isDecided = false;
  child.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (isDecided || !HELD.has(event)) return say(event, args);
    held.push([event, args]);
    return child.listenerCount(event) > 0;
  };

  let bytes = Buffer.alloc(0);
  pipe.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= REPORT_BYTES) decide();
  });
  pipe.once("error", () => pipe.destroy());
  pipe.once("end", decide);
  pipe.once("close", decide);

  function decide(): void {
    if (isDecided) return;
    isDecided = true;
    // Nobody hears of events before they listen, so whoever made the child has done so by now.
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
