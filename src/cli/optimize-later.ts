import { setFlagsFromString } from "node:v8";
import { mostTasksIn } from "../kernel/live/most-tasks.ts";

/** From so many tasks on, a look is long enough for V8 to optimize the most of it that it runs, and is over before that pays. */
const MANY_TASKS = 2000;

/**
 * Ten times as much is to run before V8 optimizes it: of a look at 6,000 processes that took a quarter of the CPU time, on other
 * threads, which are the scan's. Later V8 (Node 22) compiles in smaller steps, and knows no such flag.
 */
export function optimizeLater(procRoot: string): void {
  if (process.versions.v8.startsWith("11.") && mostTasksIn(procRoot) > MANY_TASKS) {
    setFlagsFromString("--interrupt-budget=675840");
  }
}
