import fc from "../../support/property.ts";
import { expect, test } from "vitest";
import { asleep, inUse } from "../../../src/kernel/model/awake.ts";
import { boot } from "../../../src/kernel/model/boot.ts";
import { Draft } from "../../../src/kernel/model/draft.ts";
import { anyWish } from "../../support/arbitrary-calls.ts";
import { play } from "../../support/play-wishes.ts";

const sequences = fc.array(anyWish, { minLength: 5, maxLength: 80, size: "max" });

test("the namespaces that sleep are those that nothing in use leads to, whatever is called", () => {
  let slept = 0;
  fc.assert(
    fc.property(sequences, (wishes) => {
      for (const { after, call } of play(wishes, { start: boot({ release: "6.19" }) })) {
        const draft = new Draft(after);
        const used = inUse(draft);
        const others = [...after.namespaces.keys()].filter((ns) => !used.has(ns));
        expect(
          [...asleep(draft)].toSorted((a, b) => a - b),
          JSON.stringify(call),
        ).toEqual(others);
        slept += others.length;
      }
    }),
    { numRuns: 150 },
  );
  expect(slept).toBeGreaterThan(0);
});
