import { expect, test } from "vitest";
import { hindrancesOf } from "../../src/topology/plan/hindrances.ts";
import { Index } from "../../src/topology/plan/index-topology.ts";
import { descentsOf } from "../../src/topology/plan/sessions.ts";
import type { ProcessNode } from "../../src/topology/topology.ts";
import { process, topology, userIn } from "../support/topologies.ts";

interface Given {
  readonly parent?: string;
  readonly session?: number;
  readonly group?: number;
}
/** By number: each is called as it is numbered, `p7`. */
const image = (given: Readonly<Record<number, Given>>) =>
  topology({
    namespaces: [
      userIn("box", "ambient:user", 100_000, 1000),
      { label: "pids", kind: "pid", owner: "box", parent: "ambient:pid", state: "alive" },
    ],
    processes: Object.entries(given).map(([number, rest]): ProcessNode =>
      process({ label: `p${number}`, numbers: [Number(number)], namespaces: { user: "box", pid: "pids" }, ...rest }),
    ),
  });
const ways = (given: Readonly<Record<number, Given>>): readonly string[] =>
  [...descentsOf(new Index(image(given)))].map(([label, { by }]) => `${label} ${by}`);
const hindrances = (given: Readonly<Record<number, Given>>): readonly string[] =>
  hindrancesOf(image(given)).map(({ element, why, other }) => `${element} ${why} ${other}`);

test("a child has its parent's session, or the one that its parent was born into, or one of its own", () => {
  const given = {
    1: {},
    2: { parent: "p1", session: 1, group: 1 },
    3: { parent: "p1" },
    4: { parent: "p3", session: 1, group: 1 },
  };
  expect(ways(given)).toEqual(["p1 parent", "p2 parent", "p3 parent", "p4 parent-before"]);
  expect(hindrances(given)).toEqual([]);
});

test("an orphan has its session from a sibling of it, or from somebody below its parent", () => {
  const given = {
    1: {},
    2: { parent: "p1" },
    3: { parent: "p2" },
    4: { parent: "p1", session: 2, group: 2 },
    5: { parent: "p1", session: 3, group: 3 },
  };
  expect(ways(given).slice(3)).toEqual(["p4 sibling", "p5 orphan"]);
  expect(hindrances(given)).toEqual([]);
});

test("where the leader has ended somebody stands in for it, below the lowest of those who took over its children", () => {
  const given = {
    1: {},
    2: { parent: "p1" },
    3: { parent: "p1", session: 9, group: 9 },
    4: { parent: "p2", session: 9, group: 9 },
    5: { parent: "p4", session: 9, group: 9 },
  };
  expect(ways(given).toSorted().slice(2)).toEqual(["p3 orphan", "p4 sibling", "p5 parent"]);
  expect(hindrances(given)).toEqual([]);
});

test("what nobody could have forked is named, and not planned: parents in a session that begins below them, cousins", () => {
  expect(hindrances({ 1: {}, 2: { parent: "p1", session: 3, group: 3 }, 3: { parent: "p2" } })).toEqual([
    "p2 session 3",
  ]);
  const cousins = { 1: {}, 2: { parent: "p1" }, 3: { parent: "p1" }, 4: { parent: "p3", session: 2, group: 2 } };
  expect(hindrances(cousins)).toEqual(["p4 session 2"]);
  const unrelated = {
    1: {},
    2: { parent: "p1" },
    3: { parent: "p1" },
    4: { parent: "p2", session: 9, group: 9 },
    5: { parent: "p3", session: 9, group: 9 },
  };
  expect(hindrances(unrelated)).toEqual(["p5 session 9"]);
});

test("sessions whose leaders wait for each other's members end as refusals, not as a circle", () => {
  const given = {
    1: {},
    2: { parent: "p1", session: 7, group: 7 },
    3: { parent: "p1", session: 6, group: 6 },
    6: { parent: "p2" },
    7: { parent: "p3" },
  };
  expect(hindrances(given).length).toBeGreaterThan(0);
});

test("a group is of one session, and the leader of a session in no other group", () => {
  expect(hindrances({ 1: {}, 2: { parent: "p1" }, 3: { parent: "p1", session: 1, group: 2 } })).toEqual(["p3 group 2"]);
  expect(hindrances({ 1: {}, 2: { parent: "p1", group: 1 } })).toEqual(["p2 group 1"]);
  expect(hindrances({ 1: {}, 2: { parent: "p1", session: 1, group: 44 } })).toEqual([]);
});
