import { SYSCALLS, type SyscallName } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { bearEach, type Births, type BirthWish } from "./bear-each.ts";
import type { Answer, CloneCall, EndAnswer, ExitWish, Holder, Limit, Reaped, SystemCall } from "./holder-answer.ts";
import { type Argument, layOut } from "./holder-arguments.ts";
import { HolderBooks } from "./holder-books.ts";
import { type HolderProgram, HolderProgramError, openHolderProgram } from "./holder-program.ts";
import { restBytes, type RestWish } from "./holder-rest.ts";
import type { RawAnswer, Request } from "./holder-wire.ts";
import { nativeFile } from "./native-files.ts";
import type { Native } from "./native.ts";
import type { SeriesAnswer, SeriesWish, Told } from "./series.ts";

export type { Answer, Holder } from "./holder-answer.ts";

const DEFAULT_LIMIT_MS = 5000;
/** After SIGKILL to all of them. */
const END_LIMIT_MS = 5000;
const ANY = -1;
const NO_DATA = layOut([]);

export interface HoldersOptions {
  /** The program's path, where it is not the one built for this machine. */
  readonly program?: string;
  /**
   * Keep our calling thread, and what it starts meanwhile, on one CPU with the holders until they are ended. Where the
   * machine has idle CPUs, calls one by one are several times faster so.
   */
  readonly oneCpu?: boolean;
  /** How long each call may take unless it has a limit of its own. */
  readonly limitMs?: number;
}

/**
 * Starts the holder program; whoever opens it ends it (`using`), and all its holders with it. HolderProgramError: it
 * did not start.
 */
export function openHolders(native: Pick<Native, "pipe2">, options: HoldersOptions = {}): Holders {
  const { program = holderPath(), oneCpu = false, limitMs } = options;
  return new Holders(openHolderProgram(native, program, oneCpu ? ["one-cpu"] : []), limitMs);
}

/** The program built for this machine. HolderProgramError: nobody knows where it would be. */
export function holderPath(): string {
  const path = nativeFile("holder");
  if (path === undefined) throw new HolderProgramError("no package folder was found to look for the holder program");
  return path;
}

/**
 * Processes and threads that make system calls on our behalf, each one call at a time; the caller waits meanwhile.
 * Misuse (a holder that has ended, one whose call is not answered yet) throws a TypeError; what cannot be sent (too many
 * arguments, more data than the area of a holder takes, too many holders) a RangeError.
 */
export class Holders implements Disposable {
  readonly #program: HolderProgram;
  readonly #numbers: Readonly<Record<SyscallName, number>>;
  readonly #books: HolderBooks;
  readonly #limitMs: number;

  constructor(program: HolderProgram, limitMs: number = DEFAULT_LIMIT_MS) {
    this.#program = program;
    this.#limitMs = limitMs;
    this.#numbers = SYSCALLS[program.hello.machine];
    this.#books = new HolderBooks(program.hello.slots);
  }

  /** Of the process above all holders, which stays in our namespaces. Started holders are its children. */
  get pid(): number {
    return this.#program.hello.pid;
  }

  /** When the program has ended: its exit code (0 after a dispose), or the signal that ended it. */
  get ended(): Promise<number | NodeJS.Signals> {
    return this.#program.ended;
  }

  /** The holders that have not ended, as far as their answers told. */
  has(holder: Holder): boolean {
    return this.#books.has(holder);
  }

  get living(): readonly Holder[] {
    return this.#books.living;
  }

  /** A new process: our namespaces and credentials, no descriptors, the dispatcher's child. HolderProgramError: none. */
  start({ limitMs = this.#limitMs }: Limit = {}): Holder {
    const slot = this.#books.takeSlot();
    const raw = this.#ask({ op: "start", slot, limitMs, layout: NO_DATA });
    if (raw.ret >= 0) return this.#books.enrol(slot, raw);
    this.#books.giveBack(slot);
    throw new HolderProgramError(`no new holder: clone gave ${errnoName(-raw.ret)}`);
  }

  syscall(holder: Holder, call: SyscallName | number, args: readonly Argument[] = [], limit: Limit = {}): Answer {
    const request = this.#requestFor({ holder, call, args, ...limit });
    return this.#books.enter(this.#ask(request), request.layout);
  }

  /** Calls in order, sent together: for many of them several times faster than one by one. None is left out. */
  batch(calls: readonly SystemCall[]): readonly Answer[] {
    const requests = calls.map((call) => this.#requestFor(call));
    const answers: Answer[] = [];
    this.#program.exchange(requests, (raw, { layout }) => answers.push(this.#books.enter(raw, layout)));
    return answers;
  }

  /**
   * Several series of one holder, each with the whole time limit; what each gave, up to the first that gave nothing: the holder
   * has ended, or does not come back. Those behind that one are not made.
   */
  series(holder: Holder, many: readonly SeriesWish[], { limitMs = this.#limitMs }: Limit = {}): SeriesAnswer {
    const slot = this.#books.slotOf(holder);
    const requests = many.map(({ series, given }): Request => {
      const layout = series.layOut(this.#numbers, given);
      return { op: "series", slot, limitMs, layout };
    });
    const told: Told[] = [];
    let lost: "died" | "timedOut" | undefined;
    this.#program.exchange(requests, (raw, { layout }) => {
      if (lost !== undefined) return;
      const answer = this.#books.enter(raw, layout);
      const [out] = answer.state === "done" ? answer.out : [];
      const made = many[told.length];
      if (answer.state !== "done") lost = answer.state;
      else if (out !== undefined && made !== undefined) told.push(made.series.told(out));
    });
    return lost === undefined ? { told } : { told, lost };
  }

  /** Has a child of the holder make each series. */
  bearEach(parent: Holder, many: readonly BirthWish[]): Births {
    const line = { program: this.#program, books: this.#books, numbers: this.#numbers, limitMs: this.#limitMs };
    return bearEach(line, parent, many);
  }

  /** clone or clone3 with these very arguments (`cloneArgs` makes some); the child is a holder. */
  clone(holder: Holder, { call, args, suspends = false, limitMs = this.#limitMs }: CloneCall): Answer {
    const slot = this.#books.slotOf(holder);
    const layout = layOut(args);
    const newSlot = this.#books.takeSlot();
    const request = { op: "clone", slot, limitMs, number: this.#numbers[call], newSlot, suspends, layout } as const;
    return this.#books.enter(this.#ask(request), layout, newSlot);
  }

  /** The answer to the call of `holder` that timed out. */
  await(holder: Holder, { limitMs = this.#limitMs }: Limit = {}): Answer {
    const slot = this.#books.slotOf(holder);
    const outstanding = this.#books.outstandingOf(slot);
    if (outstanding === undefined) throw new TypeError("this holder's calls are all answered");
    const raw = this.#ask({ op: "await", slot, limitMs, layout: NO_DATA });
    return this.#books.enter(raw, outstanding.layout, outstanding.newSlot);
  }

  /** exit_group(code), or exit(code). Its parent has a zombie to wait for, unless it ignores SIGCHLD. */
  exit(holder: Holder, { code = 0, threadOnly = false, limitMs = this.#limitMs }: ExitWish = {}): EndAnswer {
    const slot = this.#books.slotOf(holder);
    return this.#end({ op: "exit", slot, limitMs, layout: layOut([code, threadOnly ? 0 : 1]) });
  }

  /** SIGKILL, to all threads of its process. */
  kill(holder: Holder, { limitMs = this.#limitMs }: Limit = {}): EndAnswer {
    return this.#end({ op: "kill", slot: this.#books.slotOf(holder), limitMs, layout: NO_DATA });
  }

  #end(request: Request): EndAnswer {
    const raw = this.#ask(request);
    if (raw.status === "done" && raw.ret < 0) throw new HolderProgramError(`SIGKILL: ${errnoName(-raw.ret)}`);
    const outstanding = this.#books.outstandingOf(request.slot);
    const { state } = this.#books.enter(raw, outstanding?.layout ?? NO_DATA, outstanding?.newSlot);
    if (state === "done") this.#books.strikeOut(request.slot);
    return state;
  }

  /**
   * Waits for a zombie of which the dispatcher is the parent: started holders, and those whose parents have ended.
   * -1: any. Gives `-ECHILD` where there is no such child.
   */
  reap(pid: number): Reaped {
    const { ret, tid } = this.#ask({ op: "reap", slot: 0, limitMs: 0, layout: layOut([pid]) });
    return { pid: ret, status: tid };
  }

  /**
   * Ends every holder and waits until all are gone; the program stays, for others. HolderProgramError: some did not end.
   */
  endEach(): void {
    const deadline = performance.now() + END_LIMIT_MS;
    // All, before waiting for any: the first process of a pid namespace ends after all others in it.
    for (let limitMs = 0; this.living.length > 0; limitMs = 1) {
      for (const holder of this.living) this.kill(holder, { limitMs });
      while (this.reap(ANY).pid > 0);
      if (performance.now() > deadline) throw new HolderProgramError(`${this.living.length} holders do not end`);
    }
    while (this.reap(ANY).pid > 0);
  }

  /**
   * The holder comes to rest: a process that only waits, no holder any more, whose slot is free. `ret` 0 or `-errno`; refused,
   * it is a holder still, and may have lost descriptors.
   */
  rest(holder: Holder, wish: RestWish, { limitMs = this.#limitMs }: Limit = {}): Answer {
    const slot = this.#books.slotOf(holder);
    const answer = this.#books.enter(
      this.#ask({ op: "rest", slot, limitMs, layout: layOut([restBytes(wish)]) }),
      NO_DATA,
    );
    if (answer.state === "done" && answer.ret === 0) this.#books.strikeOut(slot);
    return answer;
  }

  /** Those that rest outlive the program from now on, where they have a byte through their gates. */
  release(): void {
    const { ret } = this.#ask({ op: "release", slot: 0, limitMs: 0, layout: NO_DATA });
    if (ret < 0) throw new HolderProgramError(`prctl: ${errnoName(-ret)}`);
  }

  /** The holder executes its own program anew, as execve of any other would; `ret` 0 or `-errno`. */
  exec(holder: Holder, { limitMs = this.#limitMs }: Limit = {}): Answer {
    const slot = this.#books.slotOf(holder);
    return this.#books.enter(this.#ask({ op: "exec", slot, limitMs, layout: NO_DATA }), NO_DATA);
  }

  /** The same holder by its new number, after an execve that made it the first thread of its process. */
  asFirst(holder: Holder): Holder {
    return this.#books.renumber(holder, { pid: holder.pid, tid: holder.pid });
  }

  /** Ends every holder and waits until they are gone. */
  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]();
  }

  #requestFor({ holder, call, args = [], limitMs = this.#limitMs }: SystemCall): Request {
    const number = typeof call === "number" ? call : this.#numbers[call];
    return { op: "syscall", slot: this.#books.slotOf(holder), limitMs, number, layout: layOut(args) };
  }

  #ask(request: Request): RawAnswer {
    let only: RawAnswer | undefined;
    this.#program.exchange([request], (raw) => (only = raw));
    if (only === undefined) throw new TypeError("a frame of one request has one answer");
    return only;
  }
}
