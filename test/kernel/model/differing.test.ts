import fc from "../../support/property.ts";
import { expect, test } from "vitest";
import { NumberMap } from "../../../src/kernel/model/persistent.ts";

const anyKey = fc.oneof(fc.nat({ max: 70 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

test("two maps differ in the keys that a walk over both would find", () => {
  fc.assert(
    fc.property(
      fc.array(anyKey),
      fc.array(fc.tuple(anyKey, fc.boolean())),
      fc.array(anyKey),
      (keys, changes, others) => {
        const before = [...keys, ...others].reduce((map, key) => map.set(key, "a"), new NumberMap<number, string>());
        const after = [...changes, ...others.map((key) => [key, false] as const)].reduce(
          (map, [key, sets]) => (sets ? map.set(key, "b") : map.delete(key)),
          before,
        );
        const all = new Set([...before.keys(), ...after.keys()]);
        const found = [...all].filter((key) => before.get(key) !== after.get(key));
        expect(new Set([...before.differing(after)].filter((key) => before.get(key) !== after.get(key)))).toEqual(
          new Set(found),
        );
        expect([...after.differing(before)].length).toBe(before.differing(after).size);
      },
    ),
    { numRuns: 500 },
  );
});
test("in large maps one change is found at once", () => {
  let map = new NumberMap<number, number>();
  for (let key = 0; key < 100_000; key++) map = map.set(key * 7, key);
  expect(map.differing(map.set(7, -1)).size).toBe(1);
  expect(map.differing(map.delete(14)).size).toBe(1);
});
