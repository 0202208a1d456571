import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { rawCell, safeCell, safeText } from "../../src/messages/safe-text.ts";

const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const anyText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("\x1b", "[", "\\", "n", "x", "1", "b", "\n", "\u202e", "\u0301", "é", "日", "\ud800"),
    }),
  );

/** What a person does who wants the text back. */
function unescape(safe: string): string {
  return safe.replace(/\\(?:([nrt\\])|x(..)|u\{(.+?)\}|u(....))/g, (_all, short, byte, long, unit) => {
    const named: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
    return short === undefined ? String.fromCodePoint(Number.parseInt(byte ?? long ?? unit, 16)) : (named[short] ?? "");
  });
}

describe("safeText", () => {
  test.each([
    ["/run/netns/blue", "/run/netns/blue"],
    ["two\nlines\tand\r", String.raw`two\nlines\tand\r`],
    ["\x1b[31mred\x1b[0m", String.raw`\x1b[31mred\x1b[0m`],
    ["\x7f\x9b31m", String.raw`\x7f\x9b31m`],
    ["\u202egnp.exe", String.raw`\u202egnp.exe`],
    ["zero\u200bwidth\ufeff", String.raw`zero\u200bwidth\ufeff`],
    ["half \ud83d pair", String.raw`half \ud83d pair`],
    ["tag \u{e0041}", String.raw`tag \u{e0041}`],
    ["café e\u0301 日本 🙂", "café e\u0301 日本 🙂"],
    ["\u0301 on nothing", String.raw`\u0301 on nothing`],
    [String.raw`sed s/\./x/`, String.raw`sed s/\./x/`],
    [String.raw`printf '%s\n'`, String.raw`printf '%s\\n'`],
  ])("%j reads %s", (text, safe) => expect(safeText(text)).toBe(safe));

  test("shows nothing but ASCII where the terminal can do no more", () => {
    expect(safeText("é 日 🙂", "ascii")).toBe(String.raw`\xe9 \u65e5 \u{1f642}`);
  });

  test("lets no control, format or invisible character through", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(safeText(text)).not.toMatch(HOSTILE);
      }),
    );
  });

  test("makes no two texts alike: the original can be had back", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(unescape(safeText(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(unescape(safeText(text, "ascii"))).toBe(text);
      }),
    );
  });
});

describe("cells of tables", () => {
  test("a table's cell has util-linux's escapes", () => {
    expect(safeCell("a\nb\\x\\y\té")).toBe(String.raw`a\x0ab\x5cx\y\x09é`);
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(safeCell(text)).not.toMatch(HOSTILE);
      }),
    );
  });
  test("a raw cell is one word of printable ASCII", () => {
    expect(rawCell("a b\\é")).toBe(String.raw`a\x20b\x5c\xc3\xa9`);
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(rawCell(text)).toMatch(/^[!-~]*$/);
      }),
    );
  });
});
