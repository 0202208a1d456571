import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, readSync, writeSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import {
  answerDataBytes,
  FRAME_BYTES,
  HELLO_BYTES,
  type Hello,
  putRequest,
  type RawAnswer,
  readHello,
  type Request,
  requestBytes,
  takeAnswer,
} from "./holder-wire.ts";
import type { Native } from "./native.ts";

/** The holder program did not start, or is no longer there. Its holders are gone with it. */
export class HolderProgramError extends Error {
  override readonly name = "HolderProgramError";
}

const CLOSED = -1;
/** Above what an answer frame can hold: the data, and a header for each of the smallest requests. */
const BUFFER_BYTES = 131_072;

/**
 * Owns a running `holder actor` and the two pipes to it. Frames go out and come back synchronously: the pipes block,
 * which those that `child_process` itself makes do not. Disposing ends every holder and waits until they are gone.
 */
export class HolderProgram implements Disposable {
  readonly hello: Hello;
  /** The program's exit code (0: all is well), or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  #requests: number;
  #answers: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);

  constructor(native: Pick<Native, "pipe2">, path: string, words: readonly string[]) {
    const [requestsOut, requestsIn] = openPipe(native);
    const [answersOut, answersIn] = openPipe(native);
    try {
      const child = (this.#child = spawn(path, ["actor", ...words], { stdio: [requestsOut, answersIn, "ignore"] }));
      this.ended = new Promise((resolve) => {
        child.once("exit", (code, signal) => resolve(code ?? signal ?? CLOSED));
        child.once("error", () => resolve(CLOSED));
      });
      child.unref();
    } finally {
      // Its ends are the program's alone: when it ends, so do the pipes.
      closeSync(requestsOut);
      closeSync(answersIn);
    }
    this.#requests = requestsIn;
    this.#answers = answersOut;
    try {
      this.hello = this.#readHello(path);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #readHello(path: string): Hello {
    if (!this.#tryRead(FRAME_BYTES + HELLO_BYTES)) throw new HolderProgramError(`${path} could not be started`);
    const hello = readHello(new DataView(this.#buffer.buffer, FRAME_BYTES, HELLO_BYTES));
    if (hello === undefined) throw new HolderProgramError(`${path} is of another version than this program`);
    return hello;
  }

  /** Has requests carried out one after the other; `take` sees each answer as it comes, and must not keep its `out`. */
  exchange(requests: readonly Request[], take: (answer: RawAnswer, index: number) => void): void {
    const { dataBytes } = this.hello;
    const tooLarge = requests.find(
      ({ layout }) => layout.inBytes > dataBytes || layout.outFrom + layout.outBytes > dataBytes,
    );
    if (tooLarge !== undefined) throw new RangeError(`the data of a call are limited to ${dataBytes} bytes`);
    for (let next = 0; next < requests.length;) next = this.#exchangeFrame(requests, next, take);
  }

  /** As many requests as fit a frame, from `first` on; gives the first that did not. */
  #exchangeFrame(
    requests: readonly Request[],
    first: number,
    take: (answer: RawAnswer, index: number) => void,
  ): number {
    const limit = this.hello.maxFrameBytes;
    let end = FRAME_BYTES;
    let dataBytes = 0;
    let next = first;
    for (let request = requests[next]; request !== undefined; request = requests[++next]) {
      dataBytes += answerDataBytes(request);
      if (end + requestBytes(request) > FRAME_BYTES + limit || dataBytes > limit) break;
      end = putRequest(this.#buffer, this.#view, end, request);
    }
    this.#view.setUint32(0, end - FRAME_BYTES, true);
    this.#view.setUint32(4, next - first, true);
    this.#write(end);
    this.#read(FRAME_BYTES);
    this.#read(this.#view.getUint32(0, true));
    for (let index = first, at = 0; index < next; index++) {
      const [answer, following] = takeAnswer(this.#buffer, this.#view, at);
      take(answer, index);
      at = following;
    }
    return next;
  }

  #write(bytes: number): void {
    if (this.#requests === CLOSED) throw new TypeError("holders used after they were ended");
    try {
      for (let at = 0; at < bytes;) at += writeSync(this.#requests, this.#buffer, at, bytes - at);
    } catch (error) {
      throw new HolderProgramError("the holder program has ended", { cause: error });
    }
  }

  #read(bytes: number): void {
    if (!this.#tryRead(bytes)) throw new HolderProgramError("the holder program has ended");
  }

  /** Reads just so many bytes to the buffer's beginning; false at the end of the pipe. */
  #tryRead(bytes: number): boolean {
    for (let at = 0; at < bytes;) {
      const got = readSync(this.#answers, this.#buffer, at, bytes - at, null);
      if (got === 0) return false;
      at += got;
    }
    return true;
  }

  [Symbol.dispose](): void {
    if (this.#requests === CLOSED) return;
    closeSync(this.#requests);
    this.#requests = CLOSED;
    // The end of the pipe: the program and its guard have closed it, so every holder has ended.
    while (readSync(this.#answers, this.#buffer, 0, BUFFER_BYTES, null) > 0);
    closeSync(this.#answers);
    // From now on it is about to end, and who awaits `ended` shall see it.
    this.#child.ref();
  }
}

/** A pipe whose ends block and are close-on-exec. The caller closes them. */
function openPipe(native: Pick<Native, "pipe2">): [out: number, in_: number] {
  const ends = new Int32Array(2);
  const result = native.pipe2(ends, CONSTANTS.O_CLOEXEC);
  const [out, in_] = ends;
  if (result < 0 || out === undefined || in_ === undefined) {
    throw new HolderProgramError(`pipe2: ${errnoName(-result)}`);
  }
  return [out, in_];
}
