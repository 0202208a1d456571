import { describe, expect, test } from "vitest";
import { relabelled } from "../../support/relabelled.ts";
import { compareTopologies } from "../../../src/topology/compare/compare.ts";
import type { NamespaceNode, PinNode, ProcessNode, Topology } from "../../../src/topology/topology.ts";

/** UTS namespaces that all look alike, tied by processes that are in one and have another open: any graph can be drawn so. */
function network(size: number, isTied: (one: number, other: number) => boolean): Topology {
  const all = Array.from({ length: size }, (_, nth) => nth);
  const label = (nth: number): string => `uts-${nth}`;
  const namespaces = all.map((nth): NamespaceNode => ({ kind: "uts", label: label(nth), owner: "ambient:user" }));
  const ties = all.flatMap((one) => all.filter((other) => isTied(one, other)).map((other) => ({ one, other })));
  const processes = ties.map(({ one, other }): ProcessNode => ({
    label: `process-${one}-${other}`,
    comm: "tie",
    numbers: [],
    namespaces: { uts: label(one) },
    credentials: {
      uid: {},
      gid: {},
      groups: [],
      capabilities: { inheritable: "0", permitted: "0", effective: "0", bounding: "0", ambient: "0" },
      noNewPrivs: false,
    },
    descriptors: [{ fd: 10, namespace: label(other) }],
  }));
  return { ...topology(namespaces), processes };
}
const topology = (namespaces: readonly NamespaceNode[], pins: readonly PinNode[] = []): Topology => ({
  format: "nsatlas-topology",
  version: 1,
  namespaces,
  processes: [],
  pins,
  findings: [],
});

/** Of a 4 by 4 board: row and column of a number. */
const board = (one: number, other: number) => ({
  rows: ((one >> 2) - (other >> 2) + 4) % 4,
  columns: ((one & 3) - (other & 3) + 4) % 4,
});
/** Two strongly regular graphs with the same parameters (16, 6, 2, 2): colour refinement cannot tell them apart. */
const rook = network(16, (one, other) => {
  const { rows, columns } = board(one, other);
  return (rows === 0) !== (columns === 0);
});
const shrikhande = network(16, (one, other) => {
  const { rows, columns } = board(one, other);
  return ["01", "03", "10", "30", "11", "33"].includes(`${rows}${columns}`);
});
const ring = (size: number) => network(size, (one, other) => (one + 1) % size === other || (other + 1) % size === one);

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe("twins that refinement cannot tell apart", () => {
  test.each([
    ["a rook's graph", rook],
    ["Shrikhande's graph", shrikhande],
    ["a ring of 40", ring(40)],
    ["all of 12 with all", network(12, (one, other) => one !== other)],
  ])("%s is the same as itself, whatever its labels", (_, graph) => {
    for (const seed of [1, 2, 3])
      expect(compareTopologies(graph, relabelled(graph, numbers(seed))).differences).toEqual([]);
  });

  test("a rook's graph is not Shrikhande's", () => {
    expect(compareTopologies(rook, relabelled(shrikhande, numbers(4))).differences).not.toEqual([]);
  });

  test("one ring of twelve is not two of six", () => {
    const two = network(12, (one, other) => {
      const [round, next] = [Math.floor(one / 6), Math.floor(other / 6)];
      return round === next && [1, 5].includes((one - other + 12) % 6);
    });
    expect(compareTopologies(ring(12), two).differences).not.toEqual([]);
  });
});

/** User namespaces, each with what a container has; all alike but for the hostname of one. */
function pods(count: number, odd: string): Topology {
  const namespaces = Array.from({ length: count }, (_, nth): readonly NamespaceNode[] => {
    const owner = `user-${nth}`;
    return [
      {
        kind: "user",
        label: owner,
        owner: "ambient:user",
        creator: { uid: 0 },
        uidMap: [{ inside: 0, outside: 100_000, count: 65_536 }],
        gidMap: [{ inside: 0, outside: 100_000, count: 65_536 }],
        setgroups: "allow",
        limits: {},
      },
      { kind: "uts", label: `uts-${nth}`, owner, hostname: nth === 17 ? odd : "pod", domainname: "(none)" },
      { kind: "ipc", label: `ipc-${nth}`, owner, sysctls: {} },
      { kind: "mnt", label: `mnt-${nth}`, owner },
    ];
  }).flat();
  return topology(
    namespaces,
    namespaces.map(({ label }) => ({ namespace: label, in: "ambient:mnt", path: "/x" })),
  );
}

describe("two network namespaces with their loopback devices, by their names", () => {
  const net = (label: string): NamespaceNode => ({
    kind: "net",
    label,
    owner: "ambient:user",
    devices: [{ index: 1, name: "lo", sort: "loopback", mtu: 65_536, up: true, addresses: [] }],
    routes: [],
    netnsids: [],
    sysctls: {},
  });
  const pin = (namespace: string): PinNode => ({ namespace, in: "ambient:mnt", path: `/run/netns/${namespace}` });
  const named = topology([net("blue"), net("red")], [pin("blue"), pin("red")]);
  const [one] = network(1, () => true).processes;
  const processes = one === undefined ? [] : [{ ...one, namespaces: { net: "red" }, descriptors: [] }];
  const moved = processes.map((process) => ({ ...process, namespaces: { net: "blue" } }));

  test("a process went from one to the other: that is told, whatever the labels and the order, and nothing else", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const here = relabelled({ ...named, processes: moved }, numbers(seed));
      const { graph, differences } = compareTopologies({ ...named, processes }, here);
      expect(differences.map((found) => "fact" in found && [graph.elements[found.image]?.sort, found.fact])).toEqual([
        ["process", "member.net"],
      ]);
    }
  });
});

describe("2,000 namespaces, 500 groups of them alike", () => {
  const image = pods(500, "odd");

  test("are the same under other labels", () => {
    expect(compareTopologies(image, relabelled(image, numbers(5))).differences).toEqual([]);
  });

  test("are told from those with one other hostname, which is named alone", () => {
    const { graph, differences } = compareTopologies(image, relabelled(pods(500, "even"), numbers(6)));
    expect(differences.map((found) => "fact" in found && [graph.elements[found.image]?.name, found.fact])).toEqual([
      ["uts-17", "hostname"],
    ]);
  });

  test("are told from those of which a fifth is missing", () => {
    const { differences } = compareTopologies(image, relabelled(pods(400, "odd"), numbers(7)));
    expect(new Set(differences.map(({ what }) => what))).toEqual(new Set(["missing"]));
    // Four namespaces and their pins in each.
    expect(differences).toHaveLength(100 * 8);
  });
});
