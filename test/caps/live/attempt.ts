import { existsSync, readFileSync } from "node:fs";
import type { SyscallName } from "../../../src/abi/constants.ts";
import { errnoName, ERRNOS, type ErrnoName } from "../../../src/abi/errnos.ts";
import type { OperationName } from "../../../src/caps/operations.ts";
import type { TaskName } from "../../../src/kernel/call.ts";
import type { LiveActor } from "../../../src/kernel/live/actor.ts";
import type { Argument } from "../../../src/kernel/live/holder-arguments.ts";
import { HolderLostError } from "../../../src/kernel/live/holder-calls.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";

/** Sockets of a network namespace, opened by root: what they are used for is the user's to be allowed. */
export interface NetSockets {
  /** A UDP socket with an address already. */
  readonly udp: number;
  readonly route: number;
  /** -errno where this kernel has none. */
  readonly netfilter: number;
  /** /dev/net/tun, or -errno. */
  readonly tun: number;
}

/** Everything an attempt may need besides who makes it. */
export interface Aimed {
  readonly actor: LiveActor;
  /** Makes the calls, and is thrown away afterwards. */
  readonly by: TaskName;
  /** Of the namespace in question. */
  readonly fd: number;
  readonly sockets: NetSockets | undefined;
  /** A message queue that belongs to a user who is nobody here, in the ipc namespace it is in. */
  readonly queue: number;
  /** The other process. */
  readonly of: TaskName;
  readonly path: string;
  readonly sysctl: string;
  /** An id that is none of its own and has a number where it is. */
  readonly otherId: number;
  /** Two ids of the parent of the user namespace in question, none of them 0. */
  readonly mapText: string;
}

/** How an operation is tried without harm, and what its errors mean. */
export interface Attempt {
  /** A result, or -errno. */
  readonly make: (aimed: Aimed) => number;
  /** What the kernel's permission check says. */
  readonly refusedBy: readonly ErrnoName[];
  /** What the kernel says only behind the check: the arguments are such that it goes no further. */
  readonly passedBy?: readonly ErrnoName[];
  /** A sysctl that shuts it to everybody where it is not 0: nothing is learnt then. */
  readonly shutBy?: string;
  /** What it says where it was built without, or something else is in the way of trying: nothing is learnt. */
  readonly lackedBy?: readonly ErrnoName[];
}
export type Attempts = Readonly<Partial<Record<OperationName, Attempt>>>;

export type Heard = "yes" | "no" | "nothing";

/** What the kernel said to an attempt, as an answer. Throws where it said something that nobody thought of. */
export function heard({ make, refusedBy, passedBy = [], lackedBy = [], shutBy }: Attempt, aimed: Aimed): Heard {
  if (shutBy !== undefined && isSet(shutBy)) return "nothing";
  const result = make(aimed);
  if (result >= 0) return "yes";
  const errno = errnoName(-result);
  if (refusedBy.includes(errno)) return "no";
  if (passedBy.includes(errno)) return "yes";
  if (lackedBy.includes(errno)) return "nothing";
  throw new Error(`the kernel said ${errno}, which says neither yes nor no`);
}

function isSet(sysctl: string): boolean {
  const path = `/proc/sys/${sysctl}`;
  return existsSync(path) && readFileSync(path, "latin1").trim() !== "0";
}

/** A raw call: a result, or -errno. */
export function made(
  { actor, by }: Pick<Aimed, "actor" | "by">,
  call: SyscallName | number,
  args: readonly Argument[],
) {
  return answered({ actor, by }, call, args).ret;
}

export function answered(
  { actor, by }: Pick<Aimed, "actor" | "by">,
  call: SyscallName | number,
  args: readonly Argument[],
) {
  const { holders, holder } = actor.callerOf(by);
  const answer = holders.syscall(holder, call, args);
  if (answer.state === "done") return answer;
  throw new HolderLostError(typeof call === "number" ? "getpid" : call, holder, answer.state);
}

/** What a call of the port gave, as a raw call gives it. */
export function raw(outcome: Outcome<unknown>): number {
  if (!outcome.ok) return -ERRNOS[outcome.errno];
  return typeof outcome.value === "number" ? outcome.value : 0;
}

/** Numbers as they lie in memory, little-endian: 2, 4 or 8 bytes each. */
export function struct(...parts: readonly (readonly [bytes: 1 | 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(parts.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of parts) {
    if (bytes === 1) view.setUint8(at, value);
    if (bytes === 2) view.setUint16(at, value, true);
    if (bytes === 4) view.setUint32(at, value, true);
    if (bytes === 8) view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}
