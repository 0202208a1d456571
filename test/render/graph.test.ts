import { expect, test } from "vitest";
import { toDot, toMermaid, toSvg, type Graph } from "../../src/render/graph.ts";

/** What a process may call itself. */
const BAD = 'a"b\\c<d>&e|f]g\u0001';
const graph: Graph = {
  nodes: [
    { id: "p1", label: BAD, level: 0, mark: "start" },
    { id: "n2", label: "net:[1]", level: 1, mark: "alarm" },
  ],
  edges: [{ from: "p1", to: "n2", label: BAD }],
};

test("whatever a process calls itself stays a label: DOT", () => {
  const strings = toDot(graph).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  expect(strings.map((one) => one.slice(1, -1).replaceAll(/\\(.)/g, "$1"))).toEqual([BAD, "net:[1]", BAD]);
  // Outside of strings is only what the picture needs.
  expect(toDot(graph).replaceAll(/"(?:[^"\\]|\\.)*"/g, "")).toMatch(/^[\w\s{}=;,[\]>-]*$/);
});

test("whatever a process calls itself stays a label: Mermaid", () => {
  const strings = toMermaid(graph).match(/"[^"\n]*"/g) ?? [];
  const read = (text: string) =>
    text.slice(1, -1).replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  expect(strings.map(read)).toEqual([BAD, "net:[1]", BAD]);
});

test("whatever a process calls itself stays a label: SVG", () => {
  const svg = toSvg(graph);
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  const label = "a&quot;b\\c&lt;d&gt;&amp;e|f]g";
  expect(texts).toEqual([label, label, "net:[1]"]);
  // Each tag that opens closes, in turn.
  const open: string[] = [];
  for (const [, end, name = "", self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (end === "/") expect(open.pop()).toBe(name);
    else if (self !== "/") open.push(name);
  }
  expect(open).toEqual([]);
});
