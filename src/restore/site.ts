import { CONSTANTS } from "../abi/constants.ts";
import { errnoName } from "../abi/errnos.ts";
import type { TaskName } from "../kernel/call.ts";
import { filled, room, type Argument } from "../kernel/live/holder-arguments.ts";
import type { Caller } from "../kernel/live/holder-calls.ts";
import { HolderLostError } from "../kernel/live/holder-calls.ts";
import { openHolders, type Holder, type Holders } from "../kernel/live/holders.ts";
import type { Native } from "../kernel/live/native.ts";
import type { Label, Reference } from "../topology/reference.ts";

/** A process that rests, as our own pid namespace numbers it. */
export interface Resting {
  readonly label: Label;
  readonly pid: number;
}

const { O_CLOEXEC } = CONSTANTS;

/**
 * Where a restore is under way: processes that make calls, the namespaces they keep open in the one table of descriptors they
 * share, and the gate at which those wait that came to rest. Whoever opened it ends it: then everybody is gone, but for those
 * who were let through.
 */
export class Site implements Disposable {
  readonly #holders: Holders;
  readonly #tasks = new Map<TaskName, Holder>();
  readonly #kept = new Map<Reference, number>();
  readonly #first: TaskName;
  readonly #gate: { readonly out: number; readonly in: number };
  readonly resting: Resting[] = [];

  constructor(native: Pick<Native, "pipe2">, first: TaskName, program?: string) {
    this.#holders = openHolders(native, { oneCpu: true, ...(program !== undefined && { program }) });
    this.#first = first;
    try {
      this.#tasks.set(first, this.#holders.start());
      this.#gate = this.#openGate();
    } catch (error) {
      this.#holders[Symbol.dispose]();
      throw error;
    }
  }

  #openGate(): { readonly out: number; readonly in: number } {
    const by = this.callerOf(this.#first);
    const answer = by.holders.syscall(by.holder, "pipe2", [room(8), O_CLOEXEC]);
    if (answer.state !== "done") throw new HolderLostError("pipe2", by.holder, answer.state);
    const [ends] = answer.out;
    if (answer.ret < 0 || ends === undefined) throw new Error(`pipe2: ${errnoName(-answer.ret)}`);
    const view = new DataView(ends.buffer, ends.byteOffset, ends.byteLength);
    return { out: view.getInt32(0, true), in: view.getInt32(4, true) };
  }

  get gate(): number {
    return this.#gate.out;
  }

  callerOf(name: TaskName): Caller {
    const holder = this.#tasks.get(name);
    if (holder === undefined) throw new TypeError(`nobody is called ${name}`);
    return { holders: this.#holders, holder };
  }
  pidOf(name: TaskName): number {
    return this.callerOf(name).holder.pid;
  }
  enrol(name: TaskName, holder: Holder): void {
    this.#tasks.set(name, holder);
  }

  keep(as: Reference, fd: number): void {
    this.#kept.set(as, fd);
  }
  /** The descriptor of a namespace, which everybody has. */
  descriptorOf(reference: Reference): number {
    const fd = this.#kept.get(reference);
    if (fd === undefined) throw new TypeError(`nobody kept ${reference}`);
    return fd;
  }

  /** From now on those who rest stay, whatever becomes of us. */
  letThrough(): void {
    this.#holders.release();
    const { holder } = this.callerOf(this.#first);
    for (let left = this.resting.length; left > 0;) {
      const bytes = new Uint8Array(Math.min(left, PIPE_BUF));
      const answer = this.#holders.syscall(holder, "write", [this.#gate.in, bytes, bytes.length]);
      if (answer.state !== "done") throw new HolderLostError("write", holder, answer.state);
      if (answer.ret <= 0) throw new Error(`write: ${errnoName(-answer.ret)}`);
      left -= answer.ret;
    }
    this.#awaitPassage(holder);
  }

  /** The other side of the gate has nobody left once each has gone through, and closed it. */
  #awaitPassage(holder: Holder): void {
    const call = (name: "close" | "ppoll", args: readonly Argument[]): number => {
      const answer = this.#holders.syscall(holder, name, args);
      if (answer.state !== "done") throw new HolderLostError(name, holder, answer.state);
      return answer.ret;
    };
    call("close", [this.#gate.out]);
    const wish = new Uint8Array(8);
    new DataView(wish.buffer).setInt32(0, this.#gate.in, true);
    // One that somebody has stopped goes through when it goes on.
    call("ppoll", [filled(wish), 1, new Uint8Array(BigInt64Array.of(PASSAGE_LIMIT_S, 0n).buffer), 0, 0]);
  }

  [Symbol.dispose](): void {
    this.#holders[Symbol.dispose]();
  }
}

/** So much is written in one piece. */
const PIPE_BUF = 4096;
const PASSAGE_LIMIT_S = 2n;
