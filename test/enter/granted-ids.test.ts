import { describe, expect, test } from "vitest";
import { notGranted } from "../../src/enter/granted-ids.ts";

const range = (outside: number, count: number) => ({ outside, count });
const RANGES = [range(300_000, 100), range(100_000, 50), range(100_050, 50)];
const lacking = (...map: readonly { outside: number; count: number }[]): readonly string[] =>
  notGranted(
    map.map((one, line) => ({ ...one, inside: line * 1_000_000 })),
    { own: 1000, ranges: RANGES },
  ).map(({ outside, count }) => `${outside}:${count}`);

describe("ids outside that a map wants and nobody gives", () => {
  test.each([
    [
      "none: the own id, within a range, and across two that follow one another",
      [range(1000, 1), range(300_010, 90), range(100_020, 80)],
      [],
    ],
    ["the own id, where others come with it", [range(999, 3)], ["999:3"]],
    ["before, between and behind the ranges", [range(99_990, 200_200)], ["99990:10", "100100:199900", "300100:90"]],
    ["in rising order, whatever the map's is", [range(300_099, 2), range(5, 1)], ["5:1", "300100:1"]],
    ["beyond all", [range(400_000, 7)], ["400000:7"]],
    ["root", [range(0, 1)], ["0:1"]],
  ])("%s", (_, map, expected) => {
    expect(lacking(...map)).toEqual(expected);
  });

  test("nobody gives anything", () => {
    const map = [
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 5, count: 2 },
    ];
    expect(notGranted(map, { own: 1000, ranges: [] })).toEqual([range(5, 2)]);
  });
});
