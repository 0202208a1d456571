import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SYSCALLS, type SyscallName } from "../../abi/constants.ts";
import { type Argument, layOut, type Layout } from "./holder-arguments.ts";
import { HolderProgram, HolderProgramError } from "./holder-program.ts";
import type { RawAnswer, Request } from "./holder-wire.ts";
import { packageRoot } from "./load-native.ts";
import type { Native } from "./native.ts";

/** A process or thread that makes system calls for us. Both numbers as our own pid namespace has them; 0: unknown. */
export interface Holder {
  readonly slot: number;
  /** Of its thread group. */
  readonly pid: number;
  readonly tid: number;
}

/**
 * What became of a call. `ret` is what the kernel returned: a result, or `-errno`. `out` has the `room` arguments.
 * `child`: the holder that a clone made. `timedOut`: the call still goes on; `await` has its answer later.
 * `died`: the holder was a zombie or gone before the call came to its end.
 */
export type Answer =
  | { readonly state: "done"; readonly ret: number; readonly out: readonly Uint8Array[]; readonly child?: Holder }
  | { readonly state: "timedOut"; readonly child?: Holder }
  | { readonly state: "died"; readonly child?: Holder };

/** How an end came out: the kernel shows a zombie or nothing (`done`, `died` when it was so already), or not yet. */
export type EndAnswer = Answer["state"];

export interface Limit {
  /** How long to wait for the answer; 0: not at all. */
  readonly limitMs?: number;
}
export interface SystemCall extends Limit {
  readonly holder: Holder;
  readonly call: SyscallName | number;
  readonly args?: readonly Argument[];
}
export interface CloneCall extends Limit {
  readonly call: "clone" | "clone3";
  readonly args: readonly Argument[];
  /** With CLONE_VFORK the parent's call lasts as long as the child has its memory: report the child at once. */
  readonly suspends?: boolean;
}

/** A zombie's end, as wait4(2) gives it; `pid` 0: the process has not ended; negative: `-errno`. */
export interface Reaped {
  readonly pid: number;
  readonly status: number;
}

const DEFAULT_LIMIT_MS = 5000;
const NO_DATA = layOut([]);

/** What a call that timed out will still need. */
interface Outstanding {
  readonly layout: Layout;
  readonly newSlot: number | undefined;
}

export interface HoldersOptions {
  /** The program's path, where it is not the one built for this machine. */
  readonly program?: string;
  /**
   * Keep our calling thread, and what it starts meanwhile, on one CPU with the holders until they are ended. Where the
   * machine has idle CPUs, calls one by one are several times faster so.
   */
  readonly oneCpu?: boolean;
}

/**
 * Starts the holder program; whoever opens it ends it (`using`), and all its holders with it. HolderProgramError: it
 * did not start.
 */
export function openHolders(native: Pick<Native, "pipe2">, options: HoldersOptions = {}): Holders {
  const { program = holderPath(), oneCpu = false } = options;
  return new Holders(new HolderProgram(native, program, oneCpu ? ["one-cpu"] : []));
}

function holderPath(): string {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  if (root === undefined) throw new HolderProgramError("no package folder was found to look for the holder program");
  return join(root, "prebuilds", `linux-${process.arch}`, "holder");
}

/**
 * Processes and threads that make system calls on our behalf, each one call at a time; the caller waits meanwhile.
 * Misuse (a holder that has ended, one whose call is not answered yet) throws a TypeError.
 */
export class Holders implements Disposable {
  readonly #program: HolderProgram;
  readonly #numbers: Readonly<Record<SyscallName, number>>;
  readonly #holders: (Holder | undefined)[];
  readonly #free: number[];
  readonly #outstanding = new Map<number, Outstanding>();

  constructor(program: HolderProgram) {
    this.#program = program;
    this.#numbers = SYSCALLS[program.hello.machine];
    this.#holders = Array.from({ length: program.hello.slots });
    this.#free = this.#holders.map((_, slot) => slot).reverse();
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
  get living(): readonly Holder[] {
    return this.#holders.filter((holder) => holder !== undefined);
  }

  /** A new process: our namespaces and credentials, no descriptors, the dispatcher's child. */
  start({ limitMs = DEFAULT_LIMIT_MS }: Limit = {}): Holder {
    const slot = this.#takeSlot();
    const answer = this.#ask({ op: "start", slot, limitMs, layout: NO_DATA });
    if (answer.ret < 0) this.#free.push(slot);
    if (answer.ret < 0) throw new Error(`no new holder: fork failed with errno ${-answer.ret}`);
    return this.#enrol(slot, answer);
  }

  syscall(holder: Holder, call: SyscallName | number, args: readonly Argument[] = [], limit: Limit = {}): Answer {
    return this.batch([{ holder, call, args, ...limit }])[0] ?? { state: "died" };
  }

  /** Calls in order, sent together: for many of them several times faster than one by one. None is left out. */
  batch(calls: readonly SystemCall[]): readonly Answer[] {
    const requests = calls.map(({ holder, call, args = [], limitMs = DEFAULT_LIMIT_MS }): Request => ({
      op: "syscall",
      slot: this.#slotOf(holder),
      limitMs,
      number: this.#numberOf(call),
      layout: layOut(args),
    }));
    const answers: Answer[] = [];
    this.#program.exchange(requests, (answer, index) => {
      const request = requests[index];
      if (request !== undefined) answers.push(this.#answerTo(answer, request.layout, undefined));
    });
    return answers;
  }

  /** clone or clone3 with these very arguments; the child is a holder. clone-flags: `cloneArgs` in holder-calls.ts. */
  clone(holder: Holder, { call, args, suspends = false, limitMs = DEFAULT_LIMIT_MS }: CloneCall): Answer {
    const slot = this.#slotOf(holder);
    const newSlot = this.#takeSlot();
    const layout = layOut(args);
    const number = this.#numberOf(call);
    const raw = this.#ask({ op: "clone", slot, limitMs, number, newSlot, suspends, layout });
    return this.#answerTo(raw, layout, newSlot);
  }

  /** The answer to the call of `holder` that timed out. */
  await(holder: Holder, { limitMs = DEFAULT_LIMIT_MS }: Limit = {}): Answer {
    const slot = this.#slotOf(holder);
    const outstanding = this.#outstanding.get(slot);
    if (outstanding === undefined) throw new TypeError("this holder's calls are all answered");
    return this.#answerTo(
      this.#ask({ op: "await", slot, limitMs, layout: NO_DATA }),
      outstanding.layout,
      outstanding.newSlot,
    );
  }

  /** exit_group(code), or with `threadOnly` exit(code). Its parent has a zombie to wait for, unless it ignores SIGCHLD. */
  exit(holder: Holder, { code = 0, threadOnly = false, limitMs = DEFAULT_LIMIT_MS }: ExitWish = {}): EndAnswer {
    const slot = this.#slotOf(holder);
    return this.#end({ op: "exit", slot, limitMs, layout: layOut([code, threadOnly ? 0 : 1]) });
  }

  /** SIGKILL, to all threads of its process. */
  kill(holder: Holder, { limitMs = DEFAULT_LIMIT_MS }: Limit = {}): EndAnswer {
    return this.#end({ op: "kill", slot: this.#slotOf(holder), limitMs, layout: NO_DATA });
  }

  #end(request: Request): EndAnswer {
    const raw = this.#ask(request);
    if (raw.status === "done" && raw.ret < 0) throw new Error(`SIGKILL failed with errno ${-raw.ret}`);
    const outstanding = this.#outstanding.get(request.slot);
    const { state } = this.#answerTo(raw, outstanding?.layout ?? NO_DATA, outstanding?.newSlot);
    if (state === "done") this.#release(request.slot);
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

  /** The holder executes its own program anew, as execve of any other would; `ret` 0 or `-errno`. */
  exec(holder: Holder, { limitMs = DEFAULT_LIMIT_MS }: Limit = {}): Answer {
    const slot = this.#slotOf(holder);
    return this.#answerTo(this.#ask({ op: "exec", slot, limitMs, layout: NO_DATA }), NO_DATA, undefined);
  }

  /** Ends every holder and waits until they are gone. */
  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]();
  }

  #numberOf(call: SyscallName | number): number {
    return typeof call === "number" ? call : this.#numbers[call];
  }

  #slotOf(holder: Holder): number {
    if (this.#holders[holder.slot] !== holder) throw new TypeError(`holder ${holder.pid} has ended`);
    return holder.slot;
  }

  #takeSlot(): number {
    const slot = this.#free.pop();
    if (slot === undefined) throw new RangeError(`there are ${this.#program.hello.slots} holders already`);
    return slot;
  }

  #enrol(slot: number, { pid, tid }: RawAnswer): Holder {
    const holder = { slot, pid, tid };
    this.#holders[slot] = holder;
    return holder;
  }

  #release(slot: number): void {
    this.#holders[slot] = undefined;
    this.#outstanding.delete(slot);
    this.#free.push(slot);
  }

  #ask(request: Request): RawAnswer {
    let only: RawAnswer | undefined;
    this.#program.exchange([request], (answer) => (only = answer));
    if (only === undefined) throw new TypeError("no answer");
    return only;
  }

  /** Keeps the books: who was born, who has died, whose call goes on. */
  #answerTo(raw: RawAnswer, layout: Layout, newSlot: number | undefined): Answer {
    const { slot, status, ret } = raw;
    const child = newSlot !== undefined && raw.pid !== 0 ? this.#enrol(newSlot, raw) : undefined;
    const family = child === undefined ? {} : { child };
    switch (status) {
      case "done":
        this.#outstanding.delete(slot);
        if (newSlot !== undefined && child === undefined && ret < 0) this.#free.push(newSlot);
        return { state: "done", ret, out: layout.rooms.map(([at, bytes]) => raw.out.slice(at, at + bytes)), ...family };
      case "timedOut":
        this.#outstanding.set(slot, { layout, newSlot: child === undefined ? newSlot : undefined });
        return { state: "timedOut", ...family };
      case "died":
        if (newSlot !== undefined && child === undefined) this.#free.push(newSlot);
        if (this.#holders[slot] !== undefined) this.#release(slot);
        return { state: "died", ...family };
      default:
        if (newSlot !== undefined) this.#free.push(newSlot);
        throw new TypeError(`${REFUSALS[status]} (slot ${slot})`);
    }
  }
}

interface ExitWish extends Limit {
  readonly code?: number;
  readonly threadOnly?: boolean;
}

/** Why the dispatcher did not pass a request on. All are mistakes of the caller. */
const REFUSALS = {
  badRequest: "the holder program refused the request: fork, vfork, clone and exit have functions of their own",
  unused: "there is no such holder",
  busy: "the holder's last call is not answered yet: await it, or kill the holder",
} as const;
