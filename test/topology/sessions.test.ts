import { describe, expect, test } from "vitest";
import { taskName } from "../../src/kernel/call.ts";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import { hindrancesOf } from "../../src/topology/plan/hindrances.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import type { Restorer } from "../../src/topology/plan/restorer.ts";
import { Index } from "../../src/topology/plan/index-topology.ts";
import { descentsOf } from "../../src/topology/plan/sessions.ts";
import type { ProcessNode, Topology } from "../../src/topology/topology.ts";
import { anyTopology } from "../support/arbitrary-topology.ts";
import fc from "../support/property.ts";
import { playSessions } from "../support/session-run.ts";
import { process, rootIn, topology, userIn } from "../support/topologies.ts";

interface Given {
  readonly parent?: string;
  readonly session?: number | string;
  readonly group?: number | string;
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

const ROOT: Restorer = { privileged: true, opensUnborn: true, limitsPids: true, credentials: rootIn() };

/** Parent, session and group that a plan brings everybody into: by label, by number where that is what the image says. */
function carriedOut(image: Topology): readonly string[] {
  const tasks = playSessions(planRestore(image, ROOT));
  const labels = new Map(image.processes.map(({ label }) => [taskName(label), label]));
  return image.processes.map(({ label, session, group }) => {
    const task = tasks.get(taskName(label));
    const [led, grouped] = [
      { is: task?.session, said: session },
      { is: task?.group, said: group },
    ].map(({ is, said }) => (typeof said === "number" ? is?.number : is && labels.get(is.name)));
    const parent = task?.parent && labels.get(task.parent.name);
    return `${label}: ${parent ?? "-"} ${led} ${grouped}`;
  });
}
/** The same, as the image has it. */
const wanted = ({ processes }: Topology): readonly string[] =>
  processes.map(({ label, parent = "-", session = label, group = label }) => `${label}: ${parent} ${session} ${group}`);

describe("where the pid namespace is at the boundary, leaders have labels", () => {
  /** All of them beside each other, in a user namespace of their own. */
  const free = (given: Readonly<Record<string, Given>>): Topology =>
    topology({
      namespaces: [userIn("box", "ambient:user", 100_000, 1000)],
      processes: Object.entries(given).map(([label, rest]): ProcessNode =>
        process({ label, namespaces: { user: "box" }, ...rest }),
      ),
    });

  test("a child of its parent's session, a sibling, an orphan below somebody captured, and one that left the image", () => {
    const image = free({
      top: { session: "top", group: "top" },
      child: { parent: "top", session: "top", group: "child" },
      member: { parent: "top", session: "top", group: "child" },
      leader: { parent: "child", session: "leader", group: "leader" },
      early: { parent: "leader", session: "top", group: "top" },
      adopted: { parent: "top", session: "leader", group: "leader" },
      orphan: { session: "leader", group: "grouped" },
      grouped: { parent: "leader", session: "leader", group: "grouped" },
      sibling: { session: "top", group: "top" },
    });
    expect(hindrancesOf(image)).toEqual([]);
    expect(carriedOut(image)).toEqual(wanted(image));
  });

  test("what is another one is named; where an image says nothing, as older ones, nothing is compared", () => {
    const said = free({ one: { session: "one", group: "one" }, two: { parent: "one", session: "one", group: "two" } });
    const silent = free({ one: {}, two: { parent: "one" } });
    const other = free({ one: { session: "one", group: "one" }, two: { parent: "one", session: "two", group: "two" } });
    const told = (image: Topology, here: Topology) =>
      report(compareTopologies(image, here)).map(({ what, path, fact, expected, found }) =>
        [what, path.join("/"), fact, expected, found].join(" "),
      );
    expect(told(said, said)).toEqual([]);
    expect(told(silent, said)).toEqual([]);
    expect(told(said, other)).toEqual(["differs box/two session one two"]);
    expect(told(said, silent)).toEqual(
      ["one", "two"].flatMap((label) => [`unread box/${label} session one `, `unread box/${label} group ${label} `]),
    );
  });

  test("what nobody could have made is named: members of nobody's session, a leader in another group, groups across", () => {
    const told = (given: Readonly<Record<string, Given>>): readonly string[] =>
      hindrancesOf(free(given)).map(({ element, why, other }) => `${element} ${why} ${other}`);
    const top = { session: "top", group: "top" };
    expect(told({ top, below: { parent: "top", session: "below", group: "top" } })).toEqual(["below group top"]);
    expect(told({ top, one: { session: "top", group: "one" }, two: { session: "one", group: "two" } })).toEqual([
      "two session one",
    ]);
    expect(told({ top, one: { parent: "top", session: "top", group: "top" }, two: { ...top, group: "one" } })).toEqual([
      "two group one",
    ]);
    expect(told({ above: { session: "below", group: "above" }, below: { parent: "above" } })).toEqual([
      "above session below",
      "below session below",
    ]);
  });
});

test("whatever is drawn: forks, setsid and setpgid as planned bring everybody where the image has it", () => {
  fc.assert(
    fc.property(anyTopology({ steps: 40, size: "max" }), (image) => {
      expect(hindrancesOf(image)).toEqual([]);
      expect(carriedOut(image)).toEqual(wanted(image));
    }),
    { numRuns: 300 },
  );
});
