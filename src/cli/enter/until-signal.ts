import { constants } from "node:os";

/** What ends a program from outside. */
const ENDING = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/**
 * Does the work; a signal that would end nsatlas aborts it with the signal's name, and ends nsatlas once the work is over, so
 * that no command of ours goes on without us. Signals that the caller had ignored stay so: Node takes them up again.
 */
export async function untilSignal(
  ignored: readonly number[],
  work: (stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const handlers = ENDING.map((signal) => {
    const isIgnored = ignored.includes(constants.signals[signal]);
    return [signal, isIgnored ? () => undefined : () => stopping.abort(signal)] as const;
  });
  for (const [signal, handler] of handlers) process.on(signal, handler);
  try {
    await work(stopping.signal);
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
  const ending = ENDING.find((signal) => signal === stopping.signal.reason);
  if (ending !== undefined) process.kill(process.pid, ending);
}
