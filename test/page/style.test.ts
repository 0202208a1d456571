import { describe, expect, test } from "vitest";
import { PAGE_GROUNDS, PAGE_STYLE } from "../../src/page/style.ts";
import { PAGE_COLORS } from "../../src/render/picture/svg-style.ts";
import { AA, contrast } from "../support/contrast.ts";

describe.each(["light", "dark"] as const)("the page, %s", (theme) => {
  const colors = PAGE_COLORS[theme];
  const { chosen, cursor, ring, fault } = PAGE_GROUNDS[theme];

  test("has words that can be read on every ground they stand on (WCAG AA)", () => {
    for (const ground of [colors.page, colors.card, chosen, cursor]) {
      for (const words of [colors.words, colors.faint, colors.own, ring, fault])
        expect(contrast(words, ground), `${words} on ${ground}`).toBeGreaterThanOrEqual(AA.words);
    }
  });

  test("has a ring around the focus, and lines around fields, that are seen beside every ground", () => {
    for (const ground of [colors.page, colors.card, chosen, cursor])
      expect(contrast(ring, ground)).toBeGreaterThanOrEqual(AA.lines);
    for (const ground of [colors.page, colors.card])
      expect(contrast(colors.line, ground)).toBeGreaterThanOrEqual(AA.lines);
  });
});

test("the page has no colour but those that are measured, and white letters on the signs of kinds", () => {
  const known = new Set(
    [...Object.values(PAGE_COLORS), ...Object.values(PAGE_GROUNDS)].flatMap((theme) => Object.values<string>(theme)),
  );
  const rules = PAGE_STYLE.replaceAll(/:root\{[^}]*\}/g, "").replaceAll(/\.sign-\w+\{[^}]*\}/g, "");
  expect([...rules.matchAll(/#[0-9a-f]{3,8}\b/g)].map(([color]) => color)).toEqual(["#fff"]);
  const declared = [...PAGE_STYLE.matchAll(/--\w+:(#[0-9a-f]{6})/g)].map(([, color = ""]) => color);
  expect(declared.filter((color) => !known.has(color))).toEqual([]);
});
