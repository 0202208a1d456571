import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { entriesOf, PROCESSES_KEY } from "../../src/page/entries.ts";
import { linked, recordsByName } from "../../src/page/linked.ts";
import { packed, unpacked, type Packed } from "../../src/page/pack.ts";
import { Search } from "../../src/page/search.ts";
import { fragmentOf, stateOf, type PageState } from "../../src/page/state.ts";
import { frame } from "../../src/render/frames.ts";
import { namesIn } from "../../src/render/namespace-name.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import { inOrder } from "../../src/snapshot/order.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { containerHost, largeMachine } from "../render/machines.ts";
import { anySnapshot } from "../support/arbitrary-snapshot.ts";
import fc from "../support/property.ts";

/** As a page has it: by way of a text. */
const sent = (value: object): unknown => unpacked(JSON.parse(JSON.stringify(packed(value))) as Packed);

describe("a packed snapshot", () => {
  test("is the same when it is unpacked, whatever it holds", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        expect(encodeSnapshot(sent(inOrder(seen)) as Snapshot)).toBe(encodeSnapshot(seen));
      }),
      { numRuns: 60 },
    );
  });

  test("so is any JSON, with keys and texts that look like its own marks", () => {
    const keyed = fc.dictionary(fc.constantFrom("a", "__proto__", "constructor", "-1"), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(keyed, fc.array(fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(sent(JSON.parse(text) as object))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test("of a large machine is a fraction as long", () => {
    const seen = largeMachine().seen();
    expect(JSON.stringify(packed(seen)).length * 4).toBeLessThan(encodeSnapshot(seen).length);
  });
});

describe("the address", () => {
  const anyState: fc.Arbitrary<PageState> = fc.record({
    chosen: fc.oneof(
      fc.constant(undefined),
      fc.record({ namespace: fc.string({ unit: "grapheme" }) }),
      fc.record({ pid: fc.integer({ min: 1, max: 4_194_304 }) }),
    ),
    query: fc.string({ unit: "grapheme" }),
    kinds: fc.subarray([...KINDS]),
    turned: fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 5 }),
    asked: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }),
  });

  test("holds all of the page's state", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(stateOf(`#${fragmentOf(state)}`)).toEqual(state);
      }),
    );
  });

  test("that means nothing is the page as it opens, and none is written for that", () => {
    const opening = stateOf("");
    expect(fragmentOf(opening)).toBe("");
    expect(stateOf("#pid=-1&kinds=nose%20x&what=ever")).toEqual(opening);
    fc.assert(fc.property(fc.string(), (text) => void stateOf(`#${text}`)));
  });
});

test("texts are cut at the names of namespaces that were seen, and lose nothing", () => {
  const known = recordsByName(indexSnapshot(containerHost().seen()).snapshot);
  expect(linked("net:[4026531833] → user:[1], xnet:[4026531833], user:[4026531837].", known)).toEqual([
    { name: "net:[4026531833]" },
    " → user:[1], xnet:[4026531833], ",
    { name: "user:[4026531837]" },
    ".",
  ]);
  const word = fc.constantFrom("net:[4026531833]", "user:[4026531837]", "mnt:[7]", " ", "[", "\n", "é");
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join("");
      const pieces = linked(text, known).map((piece) => (typeof piece === "string" ? piece : piece.name));
      expect(pieces.join("")).toBe(text);
    }),
  );
});

describe("the tree's lines", () => {
  const linesOf = (index: SnapshotIndex, { query = "", turned = [] as readonly string[] } = {}) =>
    entriesOf({
      roots: frame(index).roots,
      nameOf: namesIn(index.snapshot),
      found: new Search(index).find(query),
      processes: index.snapshot.processes,
      turned: new Set(turned),
    });

  test("are every namespace and one for the processes, where there are few", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        const entries = linesOf(indexSnapshot(seen));
        const namespaces = entries.flatMap((one) => (one.is === "namespace" ? [one.namespace.id] : []));
        expect(namespaces.toSorted()).toEqual(seen.namespaces.map(({ id }) => id).toSorted());
        expect(entries.some(({ key }) => key === PROCESSES_KEY)).toBe(seen.processes.length > 0);
        expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
      }),
      { numRuns: 60 },
    );
  });

  test("say which of how many siblings each is, as screen readers do", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        // By level: the last line, and how many siblings it said there were.
        const last: { nth: number; of: number }[] = [];
        for (const { level, nth, of } of linesOf(indexSnapshot(seen), { turned: [PROCESSES_KEY] })) {
          const before = last[level - 1];
          expect(nth).toBe((before?.nth ?? 0) + 1);
          if (before !== undefined) expect(of).toBe(before.of);
          expect(nth).toBeLessThanOrEqual(of);
          last.length = level - 1;
          last.push({ nth, of });
        }
      }),
      { numRuns: 60 },
    );
  });

  test("of thousands show the outermost first, each branch opens by itself", () => {
    const index = indexSnapshot(largeMachine().seen());
    const first = linesOf(index);
    const [closed] = first.filter(({ open }) => open === false);
    expect(first.every(({ level }) => level <= 2)).toBe(true);
    expect(linesOf(index, { turned: [closed?.key ?? ""] }).length).toBeGreaterThan(first.length);
  });

  test("are what is searched for, in the namespaces it lies in", () => {
    const index = indexSnapshot(containerHost().seen());
    const blue = linesOf(index, { query: "BLUE" });
    expect(blue.map((one) => (one.is === "namespace" ? one.namespace.kind : one.is))).toEqual(["user", "net"]);
    const found = linesOf(index, { query: "postgres buffers" });
    const comms = found.map((one) => (one.is === "process" ? one.process.comm : one.is));
    expect(comms).toEqual(["processes", "postgres", "postgres"]);
    expect(linesOf(index, { query: "no such thing" })).toEqual([]);
  });
});
