import { expect, test } from "vitest";
import { wrap } from "../../src/render/wrap.ts";

test("a text is broken at its blanks, and a word that is too long stands alone", () => {
  expect(wrap("one two three-is-too-long four", { width: 8, indent: " " })).toEqual([
    "one two",
    " three-is-too-long",
    " four",
  ]);
});

test("no line begins with French punctuation, nor does a quotation part from its marks", () => {
  expect(wrap("un mot : « deux » mots ?", { width: 6 })).toEqual(["un", "mot :", "« deux »", "mots ?"]);
  expect(wrap("un :deux", { width: 4 })).toEqual(["un", ":deux"]);
});
