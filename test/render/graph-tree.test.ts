import { expect, test } from "vitest";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { toTree } from "../../src/render/graph-tree.ts";
import type { Graph } from "../../src/render/graph.ts";
import { columnsOf } from "../../src/render/width.ts";

const node = (id: string, label: string) => ({ id, label, level: 0 });
const edge = (from: string, to: string, label: string) => ({ from, to, label });
const graph: Graph = {
  nodes: [
    node("n0", "net:[1]"),
    node("n1", "/run/netns/blue: umount it"),
    node("n2", "42 sleep"),
    node("n3", "uts:[2]"),
  ],
  edges: [
    edge("n0", "n1", "bind-mount"),
    edge("n0", "n2", "process"),
    edge("n2", "n3", "owned"),
    edge("n1", "n3", "later"),
  ],
};

test("what leads where is lines that hang from each other, each once, below the first that leads to it", () => {
  expect(toTree(graph, { width: undefined, glyphs: GLYPHS["utf-8"] })).toBe(
    `
net:[1]
├─ bind-mount /run/netns/blue: umount it
└─ process 42 sleep
  └─ owned uts:[2]
`.slice(1),
  );
});

test("what does not fit goes on in further lines, below where it began", () => {
  const text = toTree(graph, { width: 26, glyphs: GLYPHS.ascii });
  expect(text).toBe(
    `
net:[1]
|- bind-mount
|  /run/netns/blue: umount
|  it
\`- process 42 sleep
  \`- owned uts:[2]
`.slice(1),
  );
  for (const line of text.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(26);
});

test("a chain of thousands takes no more room before its text than some", () => {
  const count = 5000;
  const chain: Graph = {
    nodes: Array.from({ length: count }, (_, nth) => node(`n${nth}`, `${nth}`)),
    edges: Array.from({ length: count - 1 }, (_, nth) => edge(`n${nth}`, `n${nth + 1}`, "then")),
  };
  const lines = toTree(chain, { width: 80, glyphs: GLYPHS["utf-8"] }).trimEnd().split("\n");
  expect(lines).toHaveLength(count);
  expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(60);
});
