import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { canonical, upToSymmetry, type Situation } from "./situation.ts";
import { below, numberedTrees, renumberings, type Tree } from "./tree.ts";
import { positionsIn, worldsOf } from "./worlds.ts";

const alone = (users: Tree): Situation => ({ users, by: users.map(() => 0), pids: [undefined], owners: [0] });

describe("up to symmetry", () => {
  test("there are as many rooted trees as are known", () => {
    // https://oeis.org/A000081
    const counts = [1, 2, 3, 4, 5, 6].map((nodes) => upToSymmetry(numberedTrees(nodes).map(alone)).length);
    expect(counts).toEqual([1, 1, 2, 4, 9, 20]);
  });

  test("with all their numberings they are all labelled trees: Cayley's formula", () => {
    for (const nodes of [2, 3, 4, 5]) {
      const numberings = upToSymmetry(numberedTrees(nodes).map(alone)).flatMap(({ users }) =>
        renumberings(nodes).map((numbers) => JSON.stringify(renumbered(users, numbers))),
      );
      // n^(n-2) trees on n labels; rooted at a given one.
      expect(new Set(numberings).size).toBe(nodes ** (nodes - 2));
    }
  });

  test("so many worlds and positions there are", () => {
    const sizes = [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [0, 4],
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
    ] as const;
    const rows = sizes.map(([users, pids]) => {
      const worlds = worldsOf({ users, pids }, "any");
      const positions = worlds.flatMap((world) => positionsIn(world, "any")).length;
      return `${users} user, ${pids} pid: ${worlds.length} worlds, ${positions} positions`;
    });
    expect(rows).toMatchInlineSnapshot(`
      [
        "0 user, 0 pid: 1 worlds, 2 positions",
        "1 user, 0 pid: 2 worlds, 10 positions",
        "2 user, 0 pid: 9 worlds, 71 positions",
        "3 user, 0 pid: 48 worlds, 597 positions",
        "4 user, 0 pid: 329 worlds, 5787 positions",
        "0 user, 4 pid: 9 worlds, 70 positions",
        "1 user, 1 pid: 4 worlds, 40 positions",
        "2 user, 1 pid: 24 worlds, 412 positions",
        "1 user, 2 pid: 12 worlds, 160 positions",
        "2 user, 2 pid: 92 worlds, 2181 positions",
      ]
    `);
  });

  test("a renumbered situation is the same one", () => {
    fc.assert(
      fc.property(anySituation, fc.nat(), fc.nat(), (situation, someUsers, somePids) => {
        const users = pick(renumberings(situation.users.length), someUsers);
        const pids = pick(renumberings(situation.pids.length), somePids);
        expect(canonical(moved(situation, users, pids))).toBe(canonical(situation));
      }),
      { numRuns: 200 },
    );
  });

  test("whose uid made what tells situations apart, but not which number it has", () => {
    const pair = (a: number, b: number): string => canonical({ ...alone([undefined, 0, 0]), by: [0, a, b] });
    expect(pair(1, 1)).toBe(pair(2, 2));
    expect(pair(0, 1)).toBe(pair(2, 0));
    expect(new Set([pair(0, 0), pair(1, 1), pair(0, 1), pair(1, 2)]).size).toBe(4);
  });
});

const worlds = worldsOf({ users: 2, pids: 2 }, "any");
const anySituation = fc
  .tuple(fc.constantFrom(...worlds), fc.nat())
  .map(([world, at]): Situation => ({ ...world, caller: pick(positionsIn(world, "any"), at) }));

function pick<T>(all: readonly T[], at: number): T {
  const one = all[at % all.length];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
}

/** A tree with its nodes numbered anew: parents need not come first any more. */
function renumbered(tree: Tree, numbers: readonly number[]): Tree {
  const parents: (number | undefined)[] = below(tree.length).map(() => undefined);
  for (const [node, parent] of tree.entries()) {
    parents[numbers[node] ?? 0] = parent === undefined ? undefined : numbers[parent];
  }
  return parents;
}

function moved(
  { users, by, pids, owners, caller }: Situation,
  userNumbers: readonly number[],
  pidNumbers: readonly number[],
): Situation {
  const user = (node: number): number => userNumbers[node] ?? 0;
  const pid = (node: number): number => pidNumbers[node] ?? 0;
  return {
    users: renumbered(users, userNumbers),
    by: below(users.length).map((number) => by[userNumbers.indexOf(number)] ?? 0),
    pids: renumbered(pids, pidNumbers),
    owners: below(pids.length).map((number) => user(owners[pidNumbers.indexOf(number)] ?? 0)),
    ...(caller === undefined ? {} : { caller: { ...caller, user: user(caller.user), pid: pid(caller.pid) } }),
  };
}
