import { isDeepStrictEqual } from "node:util";
import { describe, inject, test } from "vitest";
import { callText } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import { answerOf, standings, type RecordedRun } from "./record-runs.ts";

declare module "vitest" {
  interface ProvidedContext {
    recordedRuns: readonly RecordedRun[];
  }
}

/** Recorded sequences again, call by call, with the same answers. */
describe("recorded runs of the differential", () => {
  for (const [number, { machine, calls, end }] of inject("recordedRuns").entries()) {
    test(`run ${number}`, () => {
      const actor = new ModelActor(machine);
      for (const { caller, call, answer } of calls) {
        const again = answerOf(actor.call(caller, call));
        if (!isDeepStrictEqual(again, answer)) throw new Error(`${caller} ${callText(call)} has another answer`);
      }
      if (!isDeepStrictEqual(standings(actor.world), end)) throw new Error("the tasks do not stand as they did");
    });
  }
});
