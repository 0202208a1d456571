import type { Call, Value } from "../../src/kernel/call.ts";
import type { KernelChange } from "../../src/rules/kernel-changes.ts";

/** A measured fact, as a line of kernel-facts.jsonl has it. */
export interface Fact {
  readonly id: string;
  readonly area: string;
  readonly setup: string;
  readonly operation: string;
  /** "success", "error", or what was observed, in words. */
  readonly expect: string;
  readonly errno: string | null;
  readonly kernel: string;
}

/** A fact made into calls. What they must give is not said here: it is read from the fact. */
export interface FactCase {
  /** The fact's id. */
  readonly id: string;
  /** The world before, as a drawing; the first task, "shell", has all of it open and is root in the initial namespaces. */
  readonly world?: string;
  /** Calls that set the scene: all must succeed. */
  readonly before?: readonly Step[];
  /** The call in question. */
  readonly asks: Step;
  /** How an observation is put into the fact's words, where it is neither "success" nor "error". */
  readonly shows?: (value: Value, scene: Scene) => string;
  /** What it changes is on some kernels the whole machine's: no other case comes after it there. */
  readonly apart?: boolean;
  /** On kernels without that it is not asked: what came of it would depend on whatever else runs there. */
  readonly needs?: KernelChange;
}

/**
 * One call by a task; it may need to know descriptors, or what the steps before it gave. Some must be refused to set the
 * scene.
 */
export type Step = readonly [
  caller: string,
  call: Call | ((fds: Fds, gave: readonly Value[]) => Call),
  gives?: "refusal",
];

/** The descriptor of a drawn namespace, the same in every task that was cloned from the first one. */
export type Fds = (name: string) => number;

/** What a `shows` may ask after the call. */
export interface Scene {
  /** The drawn name of the namespace behind a descriptor of the caller; undefined for one that is not drawn. */
  readonly nameBehind: (fd: number) => string | undefined;
  /** The drawn names of the namespaces with these ids (NS_GET_ID), in their order; others are left out. */
  readonly namesOf: (ids: readonly bigint[]) => readonly string[];
  /** What the steps before the call in question gave. */
  readonly gave: readonly Value[];
  /** Any further call. */
  readonly call: (caller: string, call: Call) => Value | string;
}
