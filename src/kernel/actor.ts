import type { Outcome } from "../rules/outcome.ts";
import type { Call, TaskName, Value } from "./call.ts";

/**
 * Processes that make system calls. The model computes what follows; on the running kernel each task is a real process
 * that carries out one call at a time. Ending the actor ends every process it started.
 */
export interface Actor extends Disposable {
  readonly kernel: "live" | "model";
  /** The first task: everything else is cloned from it. */
  readonly first: TaskName;
  call(caller: TaskName, call: Call): Outcome<Value>;
}
