import { stripVTControlCharacters } from "node:util";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { LANGUAGES } from "../../src/messages/sentence.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { LIST_COLUMN_NAMES } from "../../src/render/list-columns.ts";
import { listJson, listText, type ListLayout, type ListRequest } from "../../src/render/list.ts";
import { showText, type ShowOptions } from "../../src/render/show.ts";
import { treeText, type TreeOptions } from "../../src/render/tree.ts";
import { columnsOf } from "../../src/render/width.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { anySnapshot } from "../support/arbitrary-snapshot.ts";

const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const linesOf = (text: string): string[] => text.split("\n").slice(0, -1);

/** A snapshot and the same with its records in another order. */
const anyShuffled = (): fc.Arbitrary<[Snapshot, Snapshot]> =>
  anySnapshot().chain((seen) => {
    const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
      fc.shuffledSubarray([...list], { minLength: list.length });
    return fc
      .record({
        namespaces: shuffled(seen.namespaces),
        processes: shuffled(seen.processes),
        pins: shuffled(seen.pins),
        coverage: shuffled(seen.coverage),
      })
      .map((parts): [Snapshot, Snapshot] => [seen, { ...seen, ...parts }]);
  });

const anyWidth = fc.option(fc.integer({ min: 24, max: 220 }), { nil: undefined });
const anyGlyphs = fc.constantFrom(GLYPHS["utf-8"], GLYPHS.ascii);
const anyKinds = fc.uniqueArray(fc.constantFrom(...KINDS), { minLength: 1 }).map((kinds) => new Set(kinds));
const anyTreeOptions: fc.Arbitrary<TreeOptions> = fc.record(
  {
    width: anyWidth,
    color: fc.constant(false),
    glyphs: anyGlyphs,
    language: fc.constantFrom(...LANGUAGES),
    all: fc.boolean(),
    kinds: anyKinds,
    depth: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ["width", "color", "glyphs", "language", "all"] },
);

describe("the tree", () => {
  const tree = (seen: Snapshot, options: TreeOptions): string => treeText(indexSnapshot(seen), options);

  test("does not depend on the order of the records", () => {
    fc.assert(
      fc.property(anyShuffled(), anyTreeOptions, ([seen, shuffled], options) => {
        expect(tree(shuffled, options)).toBe(tree(seen, options));
      }),
    );
  });
  test("lets nothing through that a terminal would obey", () => {
    fc.assert(
      fc.property(anySnapshot(), anyTreeOptions, (seen, options) => {
        for (const line of linesOf(tree(seen, options))) expect(line).not.toMatch(HOSTILE);
      }),
    );
  });
  test("has no line wider than the terminal", () => {
    fc.assert(
      fc.property(anySnapshot(), anyTreeOptions, (seen, options) => {
        for (const line of linesOf(tree(seen, options))) {
          expect(columnsOf(line)).toBeLessThanOrEqual(options.width ?? Infinity);
        }
      }),
    );
  });
  test("says the same in colour and without", () => {
    fc.assert(
      fc.property(anySnapshot(), anyTreeOptions, (seen, options) => {
        expect(stripVTControlCharacters(tree(seen, { ...options, color: true }))).toBe(tree(seen, options));
      }),
    );
  });
  test("has a line for every namespace, or counts it in a fold", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        const text = treeText(indexSnapshot(seen), {
          width: undefined,
          color: false,
          glyphs: GLYPHS.ascii,
          language: "en",
          all: true,
        });
        for (const { id } of seen.namespaces) expect(text).toContain(`${id.slice(id.indexOf("/") + 1)}]`);
      }),
    );
  });
});

describe("what is said about one namespace", () => {
  const anyOptions: fc.Arbitrary<ShowOptions> = fc.record({
    width: anyWidth,
    color: fc.constant(false),
    glyphs: anyGlyphs,
    language: fc.constantFrom(...LANGUAGES),
    all: fc.boolean(),
  });
  const showAll = (seen: Snapshot, options: ShowOptions): string => {
    const index = indexSnapshot(seen);
    return index.snapshot.namespaces.map((namespace) => showText(index, namespace, options)).join("");
  };

  test("does not depend on the order of the records", () => {
    fc.assert(
      fc.property(anyShuffled(), anyOptions, ([seen, shuffled], options) => {
        expect(showAll(shuffled, options)).toBe(showAll(seen, options));
      }),
    );
  });
  test("lets nothing through that a terminal would obey, and fits it", () => {
    fc.assert(
      fc.property(anySnapshot(), anyOptions, (seen, options) => {
        for (const line of linesOf(showAll(seen, options))) {
          expect(line).not.toMatch(HOSTILE);
          // A label and one long word may stand out of a narrow terminal.
          if (line.trim().split(/ +/).length > 4)
            expect(columnsOf(line)).toBeLessThanOrEqual(options.width ?? Infinity);
        }
      }),
    );
  });
  test("is the same in colour and without", () => {
    fc.assert(
      fc.property(anySnapshot(), anyOptions, (seen, options) => {
        expect(stripVTControlCharacters(showAll(seen, { ...options, color: true }))).toBe(showAll(seen, options));
      }),
    );
  });
});

describe("the list", () => {
  const anyRequest: fc.Arbitrary<ListRequest> = fc.record(
    {
      columns: fc.uniqueArray(fc.constantFrom(...LIST_COLUMN_NAMES), { minLength: 1 }),
      tree: fc.constantFrom("none" as const, "process" as const, "owner" as const, "parent" as const),
      kinds: anyKinds,
      persistent: fc.boolean(),
    },
    { requiredKeys: ["columns", "tree"] },
  );
  const anyLayout: fc.Arbitrary<ListLayout> = fc.record({
    headings: fc.boolean(),
    raw: fc.boolean(),
    oneLine: fc.boolean(),
    width: anyWidth,
    glyphs: anyGlyphs,
  });
  const source = (seen: Snapshot) => ({ index: indexSnapshot(seen), userName: (uid: number) => `u\x1b${uid}` });

  test("does not depend on the order of the records", () => {
    fc.assert(
      fc.property(anyShuffled(), anyRequest, anyLayout, ([seen, shuffled], request, layout) => {
        expect(listText(source(shuffled), request, layout)).toBe(listText(source(seen), request, layout));
        expect(listJson(source(shuffled), request)).toBe(listJson(source(seen), request));
      }),
    );
  });
  test("lets nothing through that a terminal would obey", () => {
    fc.assert(
      fc.property(anySnapshot(), anyRequest, anyLayout, (seen, request, layout) => {
        for (const line of linesOf(listText(source(seen), request, layout))) expect(line).not.toMatch(HOSTILE);
        for (const line of linesOf(listJson(source(seen), request))) expect(line).not.toMatch(HOSTILE);
      }),
    );
  });
  test("has as many words in each raw line as there are columns", () => {
    fc.assert(
      fc.property(anySnapshot(), anyRequest, anyLayout, (seen, request, layout) => {
        for (const line of linesOf(listText(source(seen), request, { ...layout, raw: true }))) {
          expect(line.split(" ")).toHaveLength(request.columns.length);
        }
      }),
    );
  });
  test("is JSON, with every row once, nested or not", () => {
    fc.assert(
      fc.property(anySnapshot(), anyRequest, (seen, request) => {
        const whole = { columns: ["LINK"] as const, tree: request.tree };
        const parsed: unknown = JSON.parse(listJson(source(seen), whole));
        expect(JSON.stringify(parsed).match(/"link":/g) ?? []).toHaveLength(seen.namespaces.length);
      }),
    );
  });
});
