import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { idsAlongTree } from "../../src/caps/ids-along-tree.ts";
import { idOverlaps } from "../../src/caps/overlaps.ts";
import { translateId } from "../../src/caps/translate-id.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { IdExtent, NamespaceRecord } from "../../src/snapshot/types.ts";
import { idOf, namespace, snapshot } from "../support/small-snapshot.ts";

const FIRST = NAMESPACE_KINDS.user.initialInode;
/** Small ids, so that each can be followed by hand. */
const IDS = Array.from({ length: 48 }, (_, id) => id);
const OVERFLOW = 65_534;

/** A user namespace, id by id: inside to the machine's own number. */
interface Drawn {
  readonly nth: number;
  readonly parent: number | undefined;
  readonly map: ReadonlyMap<number, number>;
  readonly extents: readonly IdExtent[];
}

const anyWishes = fc.array(
  fc.record({
    parent: fc.nat(20),
    ranges: fc.array(fc.record({ inside: fc.nat(40), from: fc.nat(40), count: fc.integer({ min: 1, max: 12 }) }), {
      maxLength: 4,
    }),
  }),
  { maxLength: 6 },
);

/** Each wish as far as the kernel grants it: ids that the parent has, and none twice on either side. */
function draw(
  wishes: readonly { parent: number; ranges: readonly { inside: number; from: number; count: number }[] }[],
): Drawn[] {
  const all: Drawn[] = [{ nth: FIRST, parent: undefined, map: new Map(IDS.map((id) => [id, id])), extents: [] }];
  for (const { parent, ranges } of wishes) {
    const above = all[parent % all.length];
    const map = new Map<number, number>();
    const extents: IdExtent[] = [];
    for (const { inside, from, count } of ranges) {
      const outside = above?.map.get(from);
      if (outside === undefined) continue;
      let length = 0;
      const used = new Set(map.values());
      // Each range lies in one range of the parent, whose numbers run on.
      while (length < count && above?.map.get(from + length) === outside + length) {
        if (map.has(inside + length) || used.has(outside + length)) break;
        length += 1;
      }
      for (let nth = 0; nth < length; nth++) map.set(inside + nth, outside + nth);
      if (length > 0) extents.push({ inside, outside, count: length });
    }
    all.push({ nth: all.length + 10, parent: above?.nth, map, extents });
  }
  return all;
}

function seen(all: readonly Drawn[]): SnapshotIndex {
  const namespaces = all.map(({ nth, parent, extents }): NamespaceRecord => {
    const rows = parent === undefined ? [{ inside: 0, outside: 0, count: 0xffffffff }] : extents;
    const maps = { value: { uid: rows, gid: rows, readFrom: 1, inViewOf: idOf(FIRST) } };
    return { ...namespace("user", nth, parent === undefined ? {} : { parent }), maps };
  });
  const { viewpoint } = snapshot();
  return indexSnapshot(snapshot({ viewpoint: { ...viewpoint, namespaces: { user: idOf(FIRST) } }, namespaces }));
}

/** Number to number by hand. */
const byHand = (from: Drawn, to: Drawn, id: number): number | undefined => {
  const outside = from.parent === undefined ? id : from.map.get(id);
  if (to.parent === undefined) return outside;
  return [...to.map].find(([, value]) => value === outside)?.[0];
};

describe("ids", () => {
  test("are translated between any two user namespaces as one would by hand", () => {
    fc.assert(
      fc.property(anyWishes, (wishes) => {
        const all = draw(wishes);
        const index = seen(all);
        const wrong: object[] = [];
        for (const from of all) {
          for (const to of all) {
            for (const id of IDS) {
              const told = translateId(index, { id, which: "uid", from: idOf(from.nth), to: idOf(to.nth) });
              const isHere = from.parent === undefined || from.map.has(id);
              const result = byHand(from, to, id);
              const answer = !isHere ? "unmapped-here" : result === undefined ? "unmapped-there" : "mapped";
              if (told?.result !== (result ?? null) || told.answer !== answer) wrong.push({ id, from, to, told });
            }
          }
        }
        expect(wrong).toEqual([]);
      }),
    );
  });

  test("are composed along the tree: each row's numbers are those of translating id by id", () => {
    fc.assert(
      fc.property(anyWishes, (wishes) => {
        const all = draw(wishes);
        const byId = new Map(all.map((one) => [String(idOf(one.nth)), one]));
        for (const { namespace, parent, uid } of idsAlongTree(seen(all))) {
          const [own, above] = [byId.get(namespace), byId.get(parent ?? "")];
          if (own?.parent === undefined) continue;
          const rows = (uid ?? []).flatMap(({ inside, parent, viewers, count }) =>
            Array.from({ length: count }, (_, nth) => [inside + nth, (parent ?? Number.NaN) + nth, viewers + nth]),
          );
          const hand = [...own.map].map(([id, outside]) => [id, above && byHand(own, above, id), outside]);
          expect(rows).toEqual(hand.toSorted(([a = 0], [b = 0]) => a - b));
        }
      }),
    );
  });

  test("overlap where two siblings have the same one, and nowhere else", () => {
    fc.assert(
      fc.property(anyWishes, (wishes) => {
        const all = draw(wishes);
        const hand = new Set<string>();
        for (const one of all) {
          for (const other of all) {
            if (one.nth >= other.nth || one.parent !== other.parent) continue;
            const theirs = new Set(other.map.values());
            for (const id of one.map.values())
              if (theirs.has(id)) hand.add(`${id} ${idOf(one.nth)} ${idOf(other.nth)}`);
          }
        }
        const { overlaps, missing } = idOverlaps(seen(all));
        const told = overlaps
          .filter(({ which }) => which === "uid")
          .flatMap(({ first, count, namespaces }) =>
            Array.from({ length: count }, (_, nth) =>
              namespaces.flatMap((a, at) => namespaces.slice(at + 1).map((b) => `${first + nth} ${a} ${b}`)),
            ).flat(),
          );
        expect(missing).toEqual([]);
        expect(new Set(told)).toEqual(hand);
      }),
    );
  });

  test("the overflow id is told from one that is mapped, and what was not read is unknown", () => {
    const [first, box] = draw([{ parent: 0, ranges: [{ inside: 0, from: 5, count: 3 }] }]);
    if (first === undefined || box === undefined) throw new Error("two are drawn");
    const index = seen([first, box]);
    const ask = (id: number, from: Drawn, to: Drawn, on = index) =>
      translateId(on, { id, which: "gid", from: idOf(from.nth), to: idOf(to.nth) });
    expect(ask(OVERFLOW, box, first)).toMatchObject({ answer: "overflow", result: null, viewers: null });
    expect(ask(OVERFLOW, first, box)).toMatchObject({ answer: "unmapped-there", viewers: OVERFLOW });
    expect(ask(6, first, box)).toMatchObject({ answer: "mapped", result: 1 });
    const blind = indexSnapshot({
      ...index.snapshot,
      namespaces: index.snapshot.namespaces.map(({ maps: _maps, ...record }) => record),
    });
    expect(ask(1, box, first, blind)).toMatchObject({
      answer: "unknown",
      missing: [{ what: "maps", of: `user:[${box.nth}]` }],
    });
    expect(idOverlaps(blind).missing).toEqual([{ what: "maps", of: `user:[${box.nth}]` }]);
    // In a container its own parent is hidden; its ids are its own.
    const { viewpoint } = index.snapshot;
    const inside = indexSnapshot(
      snapshot({
        viewpoint: { ...viewpoint, namespaces: { user: idOf(box.nth) } },
        namespaces: [
          {
            ...namespace("user", box.nth),
            maps: { value: { uid: box.extents, gid: box.extents, readFrom: 1, inViewOf: idOf(box.nth) } },
          },
        ],
      }),
    );
    expect(ask(2, box, box, inside)).toMatchObject({ answer: "mapped", result: 2, viewers: 2 });
    expect(ask(3, box, box, inside)).toMatchObject({ answer: "unmapped-here" });
  });

  test("of 2,000 user namespaces with 100 ranges each are composed and compared in one pass", () => {
    const ranges = Array.from({ length: 100 }, (_, nth) => ({ inside: nth * 10, outside: nth * 20, count: 5 }));
    const shifted = (by: number) => ranges.map((range) => ({ ...range, outside: range.outside + by * 10_000 }));
    const first = namespace("user", FIRST);
    const boxes = Array.from({ length: 2000 }, (_, nth): NamespaceRecord => {
      const rows = shifted(nth);
      const maps = { value: { uid: rows, gid: rows, readFrom: 1, inViewOf: idOf(FIRST) } };
      return { ...namespace("user", nth + 10, { parent: FIRST }), maps };
    });
    const { viewpoint } = snapshot();
    const look = { ...viewpoint, namespaces: { user: idOf(FIRST) } };
    const index = indexSnapshot(snapshot({ viewpoint: look, namespaces: [first, ...boxes] }));
    const start = performance.now();
    expect(idsAlongTree(index)).toHaveLength(2001);
    expect(idOverlaps(index).overlaps).toEqual([]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
