import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { safeText } from "../../src/messages/safe-text.ts";
import { columnsOf } from "../../src/render/width.ts";
import { wrap } from "../../src/render/wrap.ts";

test.each([
  ["it fits", 7, ["it fits"]],
  ["one two three", 7, ["one two", "  three"]],
  ["a longword b", 4, ["a", "  lo", "  ng", "  wo", "  rd", "  b"]],
  ["日本語 日本", 4, ["日本", "  語", "  日", "  本"]],
])("%s in %i columns", (text, width, lines) => {
  expect(wrap(text, { width, indent: "  " })).toEqual(lines);
});

test("no line is too wide, and no word is lost", () => {
  const anyText = fc.string({ unit: fc.constantFrom("a", "b", " ", "日", "é", "🙂") }).map((text) => safeText(text));
  fc.assert(
    fc.property(anyText, fc.integer({ min: 4, max: 30 }), fc.constantFrom("", "  "), (text, width, indent) => {
      const lines = wrap(text, { width, indent });
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
  );
});

test("no line begins with French punctuation, nor does a quotation part from its marks", () => {
  expect(wrap("des mots : « deux » mots ?", { width: 9 })).toEqual(["des", "mots :", "« deux »", "mots ?"]);
  expect(wrap("un :deux", { width: 5 })).toEqual(["un", ":deux"]);
});
