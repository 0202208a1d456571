import { expect, test } from "vitest";
import { toSvg } from "../../src/render/graph-svg.ts";
import { toDot, toMermaid, type Graph } from "../../src/render/graph.ts";
import { PAGE_COLORS } from "../../src/render/picture/svg-style.ts";
import { AA, contrast } from "../support/contrast.ts";

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

test("a picture has a title and says what leads where, for whoever listens to it", () => {
  const svg = toSvg(graph);
  expect(svg).toMatch(/^<svg [^>]*viewBox="[\d ]+" role="img" aria-labelledby="title desc">/);
  expect(/<title id="title">(.*)<\/title>/.exec(svg)?.[1]).toBe("a&quot;b\\c&lt;d&gt;&amp;e|f]g");
  expect(/<desc id="desc">([^]*)<\/desc>/.exec(svg)?.[1]).toMatch(/^a&quot;[^\n]*\n└─ a&quot;[^\n]* net:\[1\]\n$/);
});

test("a picture has light and dark, and what it warns of is told without colours and can be seen in both", () => {
  const svg = toSvg(graph);
  const style = /<style>(.*)<\/style>/.exec(svg)?.[1] ?? "";
  const [light, dark] = [...style.matchAll(/\.alarm\{stroke:(#\w{6})/g)].map(([, color = ""]) => color);
  expect(style).toContain("@media screen and (prefers-color-scheme:dark)");
  expect(style).toMatch(/\.alarm\{[^}]*stroke-dasharray/);
  // WCAG 1.4.11.
  expect(contrast(light ?? "", PAGE_COLORS.light.card)).toBeGreaterThan(AA.lines);
  expect(contrast(dark ?? "", PAGE_COLORS.dark.card)).toBeGreaterThan(AA.lines);
  // Nothing has a colour of its own, which would stay as it is in the dark.
  expect(svg.replace(style, "")).not.toMatch(/(?:fill|stroke)="/);
  expect([toDot(graph), toMermaid(graph)]).toEqual([
    expect.stringContaining("peripheries=2"),
    expect.stringContaining("stroke-dasharray"),
  ]);
});

test("a line that passes other columns passes none of their boxes, and no words stand on others", () => {
  const nodes = Array.from({ length: 4 }, (_, level) => ({ id: `n${level}`, label: `net:[${level}]`, level }));
  const edges = nodes.flatMap(({ id: from, level }) =>
    nodes.filter((to) => to.level > level).map(({ id: to }) => ({ from, to, label: "owns" })),
  );
  const svg = toSvg({ nodes, edges });
  const numbers = (text: string): number[] => (text.match(/[\d.]+/g) ?? []).map(Number);
  const boxes = [...svg.matchAll(/<rect (x="[^>]*) class="card"/g)].map(([, text = ""]) => numbers(text));
  const lanes = [...svg.matchAll(/ ([\d.]+) H([\d.]+) /g)].map(([, y]) => Number(y));
  expect([boxes.length, lanes.length]).toEqual([4, 3]);
  for (const lane of lanes) {
    expect(boxes.filter(([, y = 0, , height = 0]) => lane >= y - 3 && lane <= y + height + 3)).toEqual([]);
  }
  // So wide are four letters, so high is a line.
  const words = [...svg.matchAll(/<text ([^>]*) class="note"/g)].map(([, text = ""]) => numbers(text));
  expect(words).toHaveLength(edges.length);
  for (const [nth, [x = 0, y = 0]] of words.entries()) {
    const near = words.slice(nth + 1).filter(([otherX = 0, otherY = 0]) => {
      return Math.abs(otherX - x) < 26 && Math.abs(otherY - y) < 9;
    });
    expect([x, y, near]).toEqual([x, y, []]);
  }
});
