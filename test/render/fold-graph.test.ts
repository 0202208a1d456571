import { describe, expect, test } from "vitest";
import { butNumbers, MOST_DRAWN } from "../../src/render/alike.ts";
import { diffGraph } from "../../src/render/diff-records.ts";
import { diffLines } from "../../src/render/diff.ts";
import { foldGraph } from "../../src/render/fold-graph.ts";
import { toSvg } from "../../src/render/graph-svg.ts";
import type { Graph, GraphNode } from "../../src/render/graph.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { namesIn } from "../../src/render/namespace-name.ts";
import { differences } from "../../src/snapshot/compare/differences.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import fc from "../support/property.ts";
import { largeMachine } from "./machines.ts";

/** How many a node stands for. */
const times = ({ label }: GraphNode): number => Number(/ × (\d+)$/.exec(label)?.[1] ?? 1);
const total = (nodes: readonly GraphNode[]): number => nodes.reduce((sum, node) => sum + times(node), 0);

/** Nodes come behind what leads to them, as those who make graphs put them. */
const anyGraph = fc
  .array(
    fc.record({
      word: fc.constantFrom("sleep", "net", "nginx-1"),
      number: fc.nat(),
      level: fc.nat(3),
      ways: fc.array(fc.tuple(fc.nat(), fc.constantFrom("owns", "fd 3", "fd 4")), { maxLength: 3 }),
      isThing: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((all): Graph => {
    const nodes = all.map(({ word, number, level, isThing }, nth) => {
      const label = `${number} ${word}`;
      return { id: `n${nth}`, label, level, ...(isThing && { alike: butNumbers(label) }) };
    });
    const edges = all.flatMap(({ ways }, to) =>
      to === 0 ? [] : ways.map(([from, label]) => ({ from: `n${from % to}`, to: `n${to}`, label })),
    );
    return { nodes, edges };
  });

test("numbers, and the ids of containers, are what alike things differ by", () => {
  expect(["4711 nginx-2", "docker/0f3b2c4d5e6f", "net:[4026532001]", "cafe"].map(butNumbers)).toEqual([
    "… nginx-…",
    "docker/…",
    "net:[…]",
    "cafe",
  ]);
});

describe("a folded graph", () => {
  test("stands for every node, and leads from what is drawn to what is drawn", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { nodes, edges } = foldGraph(graph, 0);
        expect(total(nodes)).toBe(graph.nodes.length);
        const drawn = new Set(nodes.map(({ id }) => id));
        for (const { from, to } of edges) expect([drawn.has(from), drawn.has(to)]).toEqual([true, true]);
        // Whatever was led to still is.
        const led = (all: Graph["edges"]) => new Set(all.map(({ to }) => to));
        const [before, after] = [led(graph.edges), led(edges)];
        for (const { id } of nodes) expect(after.has(id)).toBe(before.has(id));
      }),
    );
  });

  test("of few things is as it was, however many words there are about them", () => {
    const things = Array.from({ length: MOST_DRAWN }, (_, nth) => ({
      id: `n${nth}`,
      label: `net:[${nth}]`,
      level: 0,
      alike: "net",
    }));
    const words = things.map(({ id }) => ({ id: `w${id}`, label: "is new", level: 1 }));
    const edges = things.map(({ id }) => ({ from: id, to: `w${id}`, label: "+" }));
    const graph = { nodes: [...things, ...words], edges };
    expect(foldGraph(graph)).toBe(graph);
    const more = { ...graph, nodes: [...graph.nodes, { id: "more", label: "net:[4711]", level: 0, alike: "net" }] };
    expect(foldGraph(more)).toEqual({
      nodes: [
        { id: "n0", label: `net × ${MOST_DRAWN + 1}`, level: 0, alike: "net" },
        { id: "wn0", label: `is new × ${MOST_DRAWN}`, level: 1 },
      ],
      edges: [{ from: "n0", to: "wn0", label: "+" }],
    });
  });

  test("keeps apart what is led to otherwise, and what the picture is about", () => {
    const like = (id: string, more: Partial<GraphNode> = {}) => ({ id, label: id, level: 1, alike: "x", ...more });
    const { nodes } = foldGraph(
      {
        nodes: [like("a", { level: 0 }), like("b"), like("c"), like("d"), like("e", { mark: "alarm" })],
        edges: [
          { from: "a", to: "b", label: "+" },
          { from: "a", to: "c", label: "-" },
          { from: "a", to: "d", label: "+" },
          { from: "a", to: "e", label: "+" },
        ],
      },
      0,
    );
    expect(nodes.map(({ label }) => label)).toEqual(["a", "x × 2", "c", "e"]);
  });
});

test("a picture of thousands of differences is small, counts them, and names owners", () => {
  const after = largeMachine().seen();
  const own = new Set<string>(Object.values(after.viewpoint.namespaces));
  const before: Snapshot = {
    ...after,
    namespaces: after.namespaces.filter(({ id }) => own.has(id)),
    processes: after.processes.filter(({ namespaces }) => Object.values(namespaces).every((id) => own.has(id))),
    threads: [],
    descriptors: [],
    pins: [],
    mounts: [],
    names: [],
  };
  const glyphs = GLYPHS["utf-8"];
  const found = differences(indexSnapshot(before), indexSnapshot(after));
  expect(found.added.length).toBeGreaterThan(2 * MOST_DRAWN);
  const whole = diffGraph(diffLines(found, { nameOf: namesIn(after), glyphs, language: "en" }), "before and after");
  const folded = foldGraph(whole);
  const subjects = ({ nodes }: Graph): readonly GraphNode[] => nodes.filter(({ level }) => level === 1);
  expect(total(subjects(folded))).toBe(subjects(whole).length);
  expect(folded.nodes.length).toBeLessThan(MOST_DRAWN);
  expect(toSvg(folded).length).toBeLessThan(100_000);
  expect(subjects(folded).map(({ label }) => label)).toContainEqual(
    expect.stringMatching(/^net:\[…\] · user:\[[^\]]*\](?: · .*)? × \d+$/),
  );
});

test("folding is linear: ten times the nodes take less than thirty times as long", () => {
  const chainOf = (count: number): Graph => ({
    nodes: Array.from({ length: count }, (_, nth) => ({
      id: `n${nth}`,
      label: `${nth} p`,
      level: nth % 9,
      alike: "p",
    })),
    edges: Array.from({ length: count - 1 }, (_, nth) => ({ from: `n${nth >> 1}`, to: `n${nth + 1}`, label: "holds" })),
  });
  const msOf = (count: number): number => {
    const graph = chainOf(count);
    const all = Array.from({ length: 3 }, () => {
      const start = performance.now();
      foldGraph(graph);
      return performance.now() - start;
    });
    return Math.min(...all);
  };
  msOf(4000);
  expect(msOf(40_000) / msOf(4000)).toBeLessThan(30);
});
