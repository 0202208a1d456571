import { describe, expect, test } from "vitest";
import type { Actor } from "../../src/kernel/actor.ts";
import { failToJoin, failToMake, JOINED, MAKERS, TOGETHER, type Patience } from "../kernel-cases/half-way.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";

/** Calls that fail half-way, on one kernel. `openActor` starts one whose first task has the given uid. */
export function runHalfWay(openActor: (uid: number) => Actor, patience: Patience, ...wanted: readonly Need[]): void {
  const needed = wanted.length === 0 ? {} : needs(...wanted);
  const rows = TOGETHER.flatMap((kinds) =>
    MAKERS.flatMap((maker) => kinds.map((failing) => ({ maker, kinds, failing, count: kinds.length }))),
  );
  describe("what was made before the limit of one kind was met is undone", needed, () => {
    test.each(rows)("$maker of $count kinds, of which $failing is not permitted", (row) => {
      using actor = openActor(0);
      const aftermath = failToMake(actor, row, patience);
      expect(aftermath).toEqual({ answer: "ENOSPC", linksMoved: [], stillCounted: [] });
    });
  });
  describe("what was joined before the kernel refused one kind is left again", needed, () => {
    test.each(JOINED)("setns of a pidfd, whose %s namespace belongs to an ancestor", (failing) => {
      using actor = openActor(1000);
      const aftermath = failToJoin(actor, failing);
      expect(aftermath).toEqual({ answer: "EPERM", linksMoved: [], stillCounted: [], without: "success" });
    });
  });
}
