import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { NameMap, NumberMap, type PersistentMap } from "../../../src/kernel/model/persistent.ts";

/** Keys near each other, far from each other, and at the ends. */
const number = fc.oneof(fc.nat({ max: 70 }), fc.nat({ max: 5000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
/** "Aa" and "BB" have the same hash, and so has whatever is made of as many of them. */
const name = fc.oneof(
  fc.array(fc.constantFrom("Aa", "BB"), { maxLength: 3 }).map((parts) => parts.join("")),
  fc.nat({ max: 200 }).map((at) => `task-${at}`),
  fc.string(),
);

interface Change<K> {
  readonly key: K;
  readonly value: number;
  readonly sets: boolean;
  /** Whether a new owner takes over before it. */
  readonly publishes: boolean;
}
const changes = <K>(key: fc.Arbitrary<K>): fc.Arbitrary<Change<K>[]> =>
  fc.array(fc.record({ key, value: fc.nat(), sets: fc.boolean(), publishes: fc.boolean() }), {
    maxLength: 80,
    size: "max",
  });

/** Makes the changes to a persistent map and to one of the language; what was published must never change again. */
function agree<K>(empty: PersistentMap<K, number>, all: readonly Change<K>[], owned: boolean): void {
  let map = empty;
  const expected = new Map<K, number>();
  const published: { map: PersistentMap<K, number>; was: Map<K, number> }[] = [];
  let owner = owned ? {} : undefined;
  for (const { key, value, sets, publishes } of all) {
    if (publishes || !owned) {
      published.push({ map, was: new Map(expected) });
      owner = owned ? {} : undefined;
    }
    map = sets ? map.set(key, value, owner) : map.delete(key, owner);
    if (sets) expected.set(key, value);
    else expected.delete(key);
    expect(map.size).toBe(expected.size);
    expect(map.get(key)).toBe(expected.get(key));
  }
  published.push({ map, was: expected });
  for (const old of published) {
    expect(new Map(old.map)).toEqual(old.was);
  }
}

describe.each([
  { how: "one by one", owned: false },
  { how: "in place by its owner", owned: true },
])("a persistent map that is changed $how", ({ owned }) => {
  test("agrees with one of the language, and what was published stays: numbers", () => {
    fc.assert(fc.property(changes(number), (all) => agree(new NumberMap(), all, owned)));
  });
  test("agrees with one of the language, and what was published stays: names", () => {
    fc.assert(fc.property(changes(name), (all) => agree(new NameMap(), all, owned)));
  });
});

describe("numbers", () => {
  const sets = fc.uniqueArray(number, { maxLength: 200, size: "max" });
  const mapOf = (keys: readonly number[]): NumberMap<number, true> =>
    keys.reduce((map, key) => map.set(key, true), new NumberMap<number, true>());

  test("come in their order", () => {
    fc.assert(
      fc.property(sets, (keys) => {
        expect([...mapOf(keys).keys()]).toEqual(keys.toSorted((a, b) => a - b));
      }),
    );
  });

  test("have neighbours, whether they are there or not", () => {
    fc.assert(
      fc.property(sets, number, (keys, from) => {
        const sorted = keys.toSorted((a, b) => a - b);
        expect(mapOf(keys).after(from)).toBe(sorted.find((key) => key > from));
        expect(mapOf(keys).before(from)).toBe(sorted.findLast((key) => key < from));
      }),
    );
  });

  test("leave a first one missing", () => {
    const runs = fc.array(fc.record({ start: fc.nat({ max: 3000 }), length: fc.nat({ max: 1200 }) }), { maxLength: 4 });
    fc.assert(
      fc.property(runs, fc.nat({ max: 4000 }), (all, from) => {
        const keys = new Set(all.flatMap(({ start, length }) => Array.from({ length }, (_, at) => start + at)));
        let missing = from;
        while (keys.has(missing)) missing++;
        expect(mapOf([...keys]).firstMissing(from)).toBe(missing);
      }),
    );
  });

  test("are whole and not below 0", () => {
    expect(() => new NumberMap().set(-1, true)).toThrow(RangeError);
    expect(() => new NumberMap().set(2 ** 32, true)).toThrow(RangeError);
    expect(() => new NumberMap().set(0.5, true)).toThrow(RangeError);
    expect(new NumberMap().get(-1)).toBeUndefined();
  });
});
