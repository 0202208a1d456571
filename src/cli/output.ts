import { fstatSync, writeSync } from "node:fs";
import { OutputClosed, OutputFailed, type Output } from "./context.ts";

/** How long to leave a full pipe to its reader before trying again. */
const FULL_PIPE_PAUSE_MS = 2;
const STANDARD_OUTPUT = 1;
/** Of a device's number, where the major number is below 4096. */
const MINOR_BITS = 8;

/**
 * An output on standard output (1) or standard error (2) that writes all of a text before it goes on: nothing can be lost
 * at exit, and a disk that fills up is an error, where Node's own stream ignores that a write was short.
 */
export function outputTo(fd: 1 | 2): Output {
  // Node's stream takes milliseconds to load: only where a terminal is to be asked for its width.
  const terminal = mayBeTerminal(fd) ? (fd === STANDARD_OUTPUT ? process.stdout : process.stderr) : undefined;
  return {
    isTerminal: terminal?.isTTY === true,
    get columns() {
      return terminal?.columns;
    },
    write: (text) => writeAll(fd, text),
  };
}

/** All of a text. Throws `OutputClosed` where nobody reads any more, else `OutputFailed`. */
export function writeAll(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSome(fd, bytes.subarray(done));
}

/** How many bytes write(2) took; none where the pipe is full and was set not to block by someone who shares it. */
function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EPIPE") throw new OutputClosed("nobody reads the output any more", { cause: error });
    if (code !== "EAGAIN") throw new OutputFailed("the output could not be written", { cause: error });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, FULL_PIPE_PAUSE_MS);
    return 0;
  }
}

/** /dev/null, /dev/zero, /dev/full and the like. Source: Documentation/admin-guide/devices.txt. */
const MEMORY_DEVICES = 1;

function mayBeTerminal(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isCharacterDevice() && stats.rdev >> MINOR_BITS !== MEMORY_DEVICES;
  } catch {
    // Without /dev/null Node cannot replace a descriptor that was closed; then writing will say EBADF.
    return false;
  }
}
