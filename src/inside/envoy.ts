import { once } from "node:events";
import { errnoName, type ErrnoName } from "../abi/errnos.ts";
import { OwnedFd } from "../kernel/live/fd.ts";
import type { Step } from "../enter/step.ts";
import type { Native } from "../kernel/live/native.ts";
import type { Asking } from "../library/owned-file.ts";
import { refusedCall } from "../library/refused-call.ts";
import { ENVOY_FDS, ref, startEnvoy, unref, type EnvoyProcess } from "./envoy-process.ts";
import { encodeWish, MOST_MORE_BYTES, takeAnswers, type Answer, type Wish } from "./envoy-wire.ts";
import { commandWay, handlesFrom, type Standing } from "./command-way.ts";
import type { Opened } from "./open-inside.ts";
import { refusedStep } from "./refused-step.ts";

/** What came of a wish: a descriptor, which is now the caller's, or the content of a file. */
export type Brought = { readonly fd: OwnedFd } | { readonly content: Buffer };

interface Pending {
  readonly wish: Wish;
  /** What errors are about: a path, an address. */
  readonly subject: string;
  readonly limitMs: number;
  readonly parts: Buffer[];
  readonly resolve: (brought: Brought) => void;
  readonly reject: (error: Error) => void;
}

/** Steps of a user of it, and the error for one that fails. */
export interface MoreSteps {
  readonly steps: readonly Step[];
  readonly refused: (step: Step, errno: number) => Error;
}

/** Between the last answer and the end of the process: long enough for a burst. */
const IDLE_MS = 500;

/**
 * A process that is in other namespaces and makes there what it is asked for, one wish after the other. Where one takes
 * longer than its limit (a file system that does not answer) the process is ended and another one sees to the rest. Without
 * wishes it ends after a moment, and takes everything that is open with it.
 */
export class Envoy {
  readonly #native: Native;
  readonly #opened: Opened;
  readonly #standing: Standing;
  readonly #asking: Asking;
  readonly #onEnd: () => void;
  readonly #more: MoreSteps | undefined;
  #process: EnvoyProcess | undefined;
  #queue: Pending[] = [];
  #sent = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #limit: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** Owns what is open. `more`: what it does once it is there, before it is asked for anything. */
  constructor(native: Native, opened: Opened, standing: Standing, asking: Asking, onEnd: () => void, more?: MoreSteps) {
    this.#more = more;
    this.#native = native;
    this.#opened = opened;
    this.#standing = standing;
    this.#asking = asking;
    this.#onEnd = onEnd;
  }

  ask(wish: Wish, { subject, limitMs }: { readonly subject: string; readonly limitMs: number }): Promise<Brought> {
    return new Promise((resolve, reject) => {
      const bytes = encodeWish(this.#sent++, wish);
      if (wish.ask !== "socket" && bytes.length > MOST_MORE_BYTES + 48) {
        reject(this.#refusal("ENAMETOOLONG", "openat2", subject));
        return;
      }
      const pending: Pending = { wish, subject, limitMs, parts: [], resolve, reject };
      this.#queue.push(pending);
      clearTimeout(this.#idle);
      try {
        const { stream } = (this.#process ??= this.#start());
        ref(stream);
        stream.write(bytes);
      } catch (error) {
        this.#failAll(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (this.#queue.length === 1) this.#watch();
    });
  }

  /** Ends it at once; settles when its process has gone. */
  async close(): Promise<void> {
    const child = this.#process?.child;
    const gone = child === undefined || child.exitCode !== null ? undefined : once(child, "exit");
    child?.ref();
    this.#end();
    await gone;
  }

  #start(): EnvoyProcess {
    const { handles, fds } = handlesFrom(ENVOY_FDS.firstHandle, this.#opened);
    const way = commandWay(this.#opened, this.#standing, handles, {}, this.#asking);
    const { language } = this.#asking;
    // It stays one process: only what is started anew is in a pid namespace.
    const more = this.#more?.steps ?? [];
    const steps = [...way.steps.filter((step) => step.do !== "fork"), ...more];
    const process = startEnvoy(
      this.#native,
      steps,
      fds,
      (report, inOrder) => {
        const step = inOrder[report.step - 1];
        const isMore = step !== undefined && this.#more !== undefined && !way.steps.includes(step);
        this.#failAll(isMore ? this.#more.refused(step, report.errno) : refusedStep(report, inOrder, way, language));
      },
      language,
    );
    this.#bytes = Buffer.alloc(0);
    process.stream.on("data", (bytes: Buffer) => this.#take(bytes, process));
    process.stream.on("error", () => {});
    process.child.once("error", (error) => this.#failAll(error));
    // Its end may be heard of before what it said.
    process.child.once("exit", () => void process.reported().then(() => this.#lost(process)));
    return process;
  }

  #take(bytes: Buffer, from: EnvoyProcess): void {
    if (from !== this.#process) return;
    const { answers, rest } = takeAnswers(this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]));
    this.#bytes = rest;
    const [first] = this.#queue;
    for (const answer of answers) this.#answered(answer, from);
    // Who has more and more to say has no more time for that.
    if (this.#queue[0] !== first || first === undefined) this.#watch();
  }

  #answered(answer: Answer, from: EnvoyProcess): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    if (answer.is === "more") return void first.parts.push(answer.content);
    this.#queue.shift();
    if (answer.is === "refused") {
      first.reject(this.#refusal(errnoName(answer.errno), answer.call, first.subject));
    } else if (answer.is === "done") {
      first.resolve({ content: Buffer.concat(first.parts) });
    } else {
      const raw = this.#native.receiveDescriptor(from.rights.raw);
      if (raw < 0) first.reject(this.#refusal(errnoName(-raw), "recvmsg", first.subject));
      else first.resolve({ fd: new OwnedFd(raw) });
    }
  }

  /** The first wish has its time; where there is none, the process has its moment. */
  #watch(): void {
    clearTimeout(this.#limit);
    clearTimeout(this.#idle);
    const [first] = this.#queue;
    if (first === undefined) {
      if (this.#process !== undefined) unref(this.#process.stream);
      this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
      return;
    }
    this.#limit = setTimeout(() => this.#overdue(), first.limitMs);
  }

  #overdue(): void {
    const late = this.#queue.shift();
    this.#drop("SIGKILL");
    late?.reject(this.#refusal("ETIMEDOUT", late.wish.ask === "socket" ? "socket" : "openat2", late.subject));
    this.#askAgain();
  }

  /** It has ended though nobody told it to: whoever asked first may have been the reason. */
  #lost(process: EnvoyProcess): void {
    if (process !== this.#process) return;
    this.#drop();
    const first = this.#queue.shift();
    first?.reject(this.#refusal("ESRCH", "recvmsg", first.subject));
    this.#askAgain();
  }

  #askAgain(): void {
    const rest = this.#queue;
    this.#queue = [];
    if (rest.length === 0) return this.#watch();
    for (const { wish, subject, limitMs, resolve, reject } of rest) {
      this.ask(wish, { subject, limitMs }).then(resolve, reject);
    }
  }

  #failAll(error: Error): void {
    this.#drop();
    const failed = this.#queue;
    this.#queue = [];
    this.#end();
    for (const { reject } of failed) reject(error);
  }

  #drop(signal?: NodeJS.Signals): void {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    if (signal !== undefined) process.child.kill(signal);
    process.stream.destroy();
    process.rights[Symbol.dispose]();
  }

  #end(): void {
    clearTimeout(this.#limit);
    clearTimeout(this.#idle);
    this.#onEnd();
    this.#drop();
    this.#opened[Symbol.dispose]();
  }

  #refusal(code: ErrnoName, syscall: string, subject: string): Error {
    return refusedCall({ code, syscall, subject }, this.#asking.language);
  }
}
