import { type ChildProcess, spawn } from "node:child_process";
import { readSync, writeSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { OwnedFd } from "./fd.ts";
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

/** The holder program did not start, is no longer there (and its holders with it), or cannot do what it is for. */
export class HolderProgramError extends Error {
  override readonly name = "HolderProgramError";
}

/** Ours of the two pipes. */
interface Ends {
  readonly requests: OwnedFd;
  readonly answers: OwnedFd;
}

const NOT_STARTED = -1;
/** Above what an answer frame can hold: the data, and a header for each of the smallest requests. */
const BUFFER_BYTES = 131_072;

/**
 * Owns a running `holder actor` and the two pipes to it. Frames go out and come back synchronously: the pipes block,
 * which those that `child_process` itself makes do not. Disposing ends every holder and waits until they are gone.
 */
export class HolderProgram implements Disposable {
  readonly hello: Hello;
  /** The program's exit code (0: all is well, -1: it did not start), or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  readonly #requests: OwnedFd;
  readonly #answers: OwnedFd;
  #isOpen = true;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);

  /** Takes over both ends, in every case. */
  constructor(child: ChildProcess, { requests, answers }: Ends) {
    this.#child = child;
    this.#requests = requests;
    this.#answers = answers;
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve(code ?? signal ?? NOT_STARTED));
      child.once("error", () => resolve(NOT_STARTED));
    });
    child.unref();
    try {
      this.hello = this.#readHello(child.spawnfile);
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
  exchange(requests: readonly Request[], take: (answer: RawAnswer, request: Request) => void): void {
    for (let next = 0; next < requests.length;) next = this.#exchangeFrame(requests, next, take);
  }

  /** As many requests as fit a frame, from `first` on; gives the first that did not. */
  #exchangeFrame(
    requests: readonly Request[],
    first: number,
    take: (answer: RawAnswer, request: Request) => void,
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
    let at = 0;
    for (const request of requests.slice(first, next)) {
      const [answer, following] = takeAnswer(this.#buffer, this.#view, at);
      take(answer, request);
      at = following;
    }
    return next;
  }

  #write(bytes: number): void {
    if (!this.#isOpen) throw new TypeError("holders used after they were ended");
    try {
      for (let at = 0; at < bytes;) at += writeSync(this.#requests.raw, this.#buffer, at, bytes - at);
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
      const got = readSync(this.#answers.raw, this.#buffer, at, bytes - at, null);
      if (got === 0) return false;
      at += got;
    }
    return true;
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#requests[Symbol.dispose]();
    // The end of the pipe: the program and its guard have closed it, so every holder has ended.
    while (readSync(this.#answers.raw, this.#buffer, 0, BUFFER_BYTES, null) > 0);
    this.#answers[Symbol.dispose]();
    // From now on it is about to end, and who awaits `ended` shall see it.
    this.#child.ref();
  }
}

/** Starts the program at `path`; the caller ends it. HolderProgramError: it did not start. */
export const openHolderProgram = (
  native: Pick<Native, "pipe2">,
  path: string,
  words: readonly string[],
): HolderProgram => new HolderProgram(...openChild(native, path, words));

function openChild(native: Pick<Native, "pipe2">, path: string, words: readonly string[]): [ChildProcess, Ends] {
  const requests = openPipe(native);
  // The program's ends are closed here as soon as it has them: they are its alone, and end when it does.
  using requestsOut = requests.out;
  using requestsIn = requests.in;
  const answers = openPipe(native);
  using answersOut = answers.out;
  using answersIn = answers.in;
  const child = spawn(path, ["actor", ...words], { stdio: [requestsOut.raw, answersIn.raw, "ignore"] });
  return [child, { requests: new OwnedFd(requestsIn.release()), answers: new OwnedFd(answersOut.release()) }];
}

/** A pipe whose ends block and are close-on-exec; the caller owns both. */
function openPipe(native: Pick<Native, "pipe2">): { readonly out: OwnedFd; readonly in: OwnedFd } {
  const ends = new Int32Array(2);
  const result = native.pipe2(ends, CONSTANTS.O_CLOEXEC);
  const [readingEnd, writingEnd] = ends;
  if (result < 0 || readingEnd === undefined || writingEnd === undefined) {
    throw new HolderProgramError(`pipe2: ${errnoName(-result)}`);
  }
  return { out: new OwnedFd(readingEnd), in: new OwnedFd(writingEnd) };
}
