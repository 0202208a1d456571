import { expect, test } from "vitest";
import { COLORS, palette, type Paint } from "../../src/render/palette.ts";
import { AA, contrast } from "../support/contrast.ts";

/** The levels of a side of the cube of colours 16 to 231; 232 to 255 are grays. Source: xterm's 256colres.pl. */
const LEVELS = [0, 95, 135, 175, 215, 255];

function rgbOf(number: number): string {
  const gray = 8 + 10 * (number - 232);
  const levels = [36, 6, 1].map((step) => LEVELS[Math.floor((number - 16) / step) % 6] ?? 0);
  const parts = number < 232 ? levels : [gray, gray, gray];
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

test("the numbers are those of xterm", () => {
  expect([16, 29, 131, 231, 232, 243, 255].map(rgbOf)).toEqual(
    "#000000 #00875f #af5f5f #ffffff #080808 #767676 #eeeeee".split(" "),
  );
});

test.each(Object.entries(COLORS))("%s can be read on black and on white", (_, number) => {
  expect(contrast(rgbOf(number), "#000000")).toBeGreaterThanOrEqual(AA.words);
  expect(contrast(rgbOf(number), "#ffffff")).toBeGreaterThanOrEqual(AA.words);
});

test("nothing is painted with a colour that was not looked at", () => {
  const known = new Set(Object.values(COLORS).map((number) => `38;5;${number}`));
  const codes = Object.values(palette(true)).flatMap((paint: Paint) =>
    paint("a")
      .split("\u001b[")
      .slice(1)
      .map((code) => code.slice(0, code.indexOf("m"))),
  );
  expect(codes.filter((code) => !known.has(code) && !["1", "22", "39"].includes(code))).toEqual([]);
  expect(Object.values(palette(false)).map((paint: Paint) => paint("a"))).toEqual(
    Object.keys(palette(false)).map(() => "a"),
  );
});
