import fc from "../../support/property.ts";
import { expect, test } from "vitest";
import { type Argument, filled, layOut, pointing, room } from "../../../src/kernel/live/holder-arguments.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test("numbers alone need no data", () => {
  expect(layOut([1, -1n])).toEqual({
    args: [1, -1n],
    pointers: 0,
    relocations: [],
    data: [],
    inBytes: 0,
    outFrom: 0,
    outBytes: 0,
    rooms: [],
  });
});

test("what is read comes first, and what is written after it, in one piece; each begins at a multiple of 8", () => {
  const layout = layOut(["ab", room(5), bytes(1, 2, 3), 7, filled(bytes(9))]);
  expect(layout).toEqual({
    args: [0, 16, 8, 7, 24],
    pointers: 0b10111,
    relocations: [],
    data: [
      [0, bytes(97, 98, 0)],
      [8, bytes(1, 2, 3)],
      [24, bytes(9)],
    ],
    inBytes: 25,
    outFrom: 16,
    outBytes: 16,
    rooms: [
      [0, 5],
      [8, 1],
    ],
  });
});

test("a struct points to what it holds the address of, at any depth", () => {
  const inner = pointing(bytes(0, 0, 0, 0, 0, 0, 0, 0), [[0, "x"]]);
  const layout = layOut([
    pointing(new Uint8Array(24), [
      [8, inner],
      [16, room(4)],
    ]),
  ]);
  expect(layout.args).toEqual([16]);
  expect(layout.relocations).toEqual([
    [8, 0],
    [24, 8],
    [32, 40],
  ]);
  expect(layout.rooms).toEqual([[0, 4]]);
});

test("no two pieces overlap, and all lie in what goes in or comes back", () => {
  const anyArgument: fc.Arbitrary<Argument> = fc.oneof(
    fc.integer(),
    fc.bigInt(),
    fc.string(),
    fc.uint8Array({ maxLength: 30 }),
    fc.nat(30).map(room),
    fc.uint8Array({ maxLength: 30 }).map(filled),
    fc.uint8Array({ minLength: 16, maxLength: 30 }).map((struct) =>
      pointing(struct, [
        [0, "inside"],
        [8, room(3)],
      ]),
    ),
  );
  fc.assert(
    fc.property(fc.array(anyArgument, { maxLength: 6 }), (words) => {
      const layout = layOut(words);
      const taken = [
        ...layout.data.map(([at, content]) => [at, at + content.length] as const),
        ...layout.rooms.map(([at, length]) => [layout.outFrom + at, layout.outFrom + at + length] as const),
      ];
      // A room with content is in both lists.
      const places = [...new Map(taken.map((place) => [place.join(), place])).values()].sort(
        (a, b) => a[0] - b[0] || a[1] - b[1],
      );
      places.forEach(([, end], i) => expect(places[i + 1]?.[0] ?? Infinity).toBeGreaterThanOrEqual(end));
      for (const [at, content] of layout.data) expect(at + content.length).toBeLessThanOrEqual(layout.inBytes);
      for (const [at, length] of layout.rooms) expect(at + length).toBeLessThanOrEqual(layout.outBytes);
      expect(
        layout.args.every(
          (_, i) =>
            ((layout.pointers >> i) & 1) === (typeof words[i] === "object" || typeof words[i] === "string" ? 1 : 0),
        ),
      ).toBe(true);
    }),
  );
});
