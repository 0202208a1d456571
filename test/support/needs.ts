import { inject, type TaskMeta } from "vitest";
import type { Lacking, Need } from "./machine.ts";

declare module "vitest" {
  interface ProvidedContext {
    lacking: Lacking;
  }
  interface TaskMeta {
    /** What a skipped test lacks, and why. A skip without it is a mistake; see the reporter. */
    lacks?: { need: Need; why: string };
  }
}

/**
 * Says what a test, or a `describe` with all its tests, needs; where this machine lacks it, it is skipped and the run's
 * summary says which need was not met and why.
 *
 *     test("root sees every process", needs("root", "package:util-linux"), () => { … });
 */
export function needs(...wanted: readonly Need[]): { skip?: true; meta?: Partial<TaskMeta> } {
  const lacking = inject("lacking");
  // On another operating system that says it all; the other needs were not looked at.
  for (const need of ["linux", ...wanted.flatMap(prerequisites)] as const) {
    const why = lacking[need];
    if (why !== undefined) return { skip: true, meta: { lacks: { need, why } } };
  }
  return {};
}

/** What the kernel has is asked by a C program; without a compiler it is the compiler that is lacking. */
const prerequisites = (need: Need): readonly Need[] =>
  need.startsWith("kernel:") ? ["package:gcc", "package:libc6-dev", need] : [need];
