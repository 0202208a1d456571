import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { reachGraph } from "../../src/caps/reach/picture.ts";
import { reach } from "../../src/caps/reach/reach.ts";
import { Names } from "../../src/caps/reach/text.ts";
import { toDot, toMermaid, type Graph } from "../../src/render/graph.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { discover } from "../../src/discover/discover.ts";
import { parsedByMermaid } from "../support/mermaid.ts";
import { needs } from "../support/needs.ts";

/** What a process may call itself. */
const NAMES = [
  'a"b\\c<d>&e|f]g',
  "end",
  "--> x",
  "%% none",
  "\\N",
  "\\",
  "#35;",
  "`md`",
  "graph",
  "日本",
  'x" ]; y [ "',
];
const hostile: Graph = {
  nodes: NAMES.map((label, nth) => ({
    id: `p${nth}`,
    label,
    level: nth === 0 ? 0 : 1,
    ...(nth === 0 && { mark: "start" }),
  })),
  edges: NAMES.slice(1).map((label, nth) => ({ from: "p0", to: `p${nth + 1}`, label })),
};

async function drawnGraph(): Promise<Graph> {
  const { actor } = drawnMachine(`
    user:init
      user:box by 1000
        user:inner
    net:box of user:box
    mnt:inner of user:inner
    net:blue of user:box empty pin /run/netns/blue
  `);
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const seen = await discover(new ModelObserver(() => actor.world, actor.first), { status: true }, stamp);
  if (!seen.ok) throw new Error(seen.errno);
  const index = indexSnapshot(seen.value);
  const [, process] = index.snapshot.processes;
  if (process === undefined) throw new Error("somebody is there");
  const names = new Names(index, { language: "en", charset: "utf-8" });
  return reachGraph(index, reach(index, { process }), { names, charset: "utf-8", language: "en" });
}

const GRAPHS = [
  ["of a drawn world", drawnGraph],
  ["of hostile names", async () => hostile],
  ["of nothing but a start", async () => ({ nodes: hostile.nodes.slice(0, 1), edges: [] })],
] as const;

describe.each(GRAPHS)("a picture %s", (_, graphOf) => {
  test("is what Graphviz reads, label by label", needs("package:graphviz"), async () => {
    const graph = await graphOf();
    const { stdout, stderr, status } = spawnSync("dot", ["-Tdot_json"], { input: toDot(graph), encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    const read: { objects?: { label: string }[]; edges?: { label: string }[] } = JSON.parse(stdout);
    const labels = (list: readonly { label: string }[] = []) => list.map(({ label }) => label);
    // It keeps the escape of a backslash until it draws.
    const kept = (list: readonly { label: string }[]) => list.map(({ label }) => label.replaceAll("\\", "\\\\"));
    expect([labels(read.objects), labels(read.edges).toSorted()]).toEqual([
      kept(graph.nodes),
      kept(graph.edges).toSorted(),
    ]);
  });

  test("is what Mermaid reads", async () => {
    expect(await parsedByMermaid(toMermaid(await graphOf()))).toBe("flowchart-v2");
  });
});

test("Mermaid's parser says no to what is none", async () => {
  expect(await parsedByMermaid('flowchart LR\n  a["x" -->|y| b')).toMatch(/Parse error/);
});
