import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { CALL_FORMS } from "../../src/what-if/call-forms.ts";
import { Fault } from "../../src/what-if/fault.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { callsIn, quoted } from "../../src/what-if/words.ts";

test("words that are quoted and put together are read as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 1 })), (calls) => {
      const text = calls.map((words) => words.map(quoted).join(" ")).join(";\n");
      expect(callsIn(text).map((words) => words.map((word) => word.text))).toEqual(calls);
    }),
  );
});

test("any text is read as calls, or has a fault within it", () => {
  const word = fc.oneof(
    fc.constantFrom(...CALL_FORMS.keys(), "user", "fd:3", "shell/net", "as", ";", '"', "x:"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join(" ");
      try {
        expect(readCalls(text).length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        expect(error.word.to).toBeLessThanOrEqual(text.length);
        expect(error.word.from).toBeLessThanOrEqual(error.word.to);
      }
    }),
  );
});
