import { describe, expect, test } from "vitest";
import type { Actor } from "../../src/kernel/actor.ts";
import { KEEPING, whileAndAfter, type Asking } from "../kernel-cases/what-keeps.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";

/** What open files keep of a process that has ended, on one kernel. */
export function runWhatKeeps(openActor: () => Actor, asking: Asking, ...wanted: readonly Need[]): void {
  describe("an open file", wanted.length === 0 ? {} : needs(...wanted), () => {
    test.each(KEEPING.map((one) => [one.what, one.keeps ? "keeps" : "does not keep", one.kind, one] as const))(
      "%s %s the %s namespace of the process that opened it",
      (_what, _keeps, _kind, one) => {
        using actor = openActor();
        expect(whileAndAfter(actor, one, asking)).toEqual({ while: !one.keeps, after: true });
      },
    );
  });
}
