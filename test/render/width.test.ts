import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { safeText } from "../../src/messages/safe-text.ts";
import { columnsOf, cut, cutStart, padEnd, padStart } from "../../src/render/width.ts";

describe("columnsOf", () => {
  test.each([
    ["net", 3],
    ["café", 4],
    ["cafe\u0301", 4],
    ["日本語", 6],
    ["한국어", 6],
    ["ﬁ ｆｗ", 6],
    ["🙂", 2],
    ["🇫🇷", 2],
    ["├─└│", 4],
    ["अनुच्छेद", 5],
  ])("%s takes %i", (text, columns) => expect(columnsOf(text)).toBe(columns));
});

describe("cut", () => {
  test.each([
    ["sleep 1000", 10, "sleep 1000"],
    ["sleep 1000", 9, "sleep 10…"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["cafe\u0301s au lait", 5, "cafe\u0301…"],
    ["🇫🇷🇩🇪🇪🇸", 5, "🇫🇷🇩🇪…"],
    ["long", 1, "…"],
    ["long", 0, ""],
  ])("%s in %i columns is %s", (text, columns, expected) => expect(cut(text, columns)).toBe(expected));

  test("the end of a path can be kept instead", () => {
    expect(cutStart("/system.slice/docker-0123456789.scope", 20)).toBe("…er-0123456789.scope");
    expect(cutStart("日本語", 4)).toBe("…語");
  });

  test("is never wider than asked, and pads to exactly that", () => {
    const text = fc.string({ unit: "binary" }).map((raw) => safeText(raw));
    fc.assert(
      fc.property(text, fc.nat(30), fc.constantFrom("…", "...", ""), (safe, columns, mark) => {
        expect(columnsOf(cut(safe, columns, mark))).toBeLessThanOrEqual(columns);
        expect(columnsOf(cutStart(safe, columns, mark))).toBeLessThanOrEqual(columns);
        expect(columnsOf(padEnd(cut(safe, columns, mark), columns))).toBe(columns);
        expect(columnsOf(padStart(cut(safe, columns, mark), columns))).toBe(columns);
      }),
    );
  });
});
