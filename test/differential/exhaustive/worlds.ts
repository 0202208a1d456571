import { ROOT, upToSymmetry, type Position, type Situation, type UidMark } from "./situation.ts";
import { below, isWithin, numberedTrees, type Tree } from "./tree.ts";

/** So many namespaces are made, besides the initial ones. */
export interface Size {
  readonly users: number;
  readonly pids: number;
}

/**
 * Every world of this size, up to symmetry: all trees of user namespaces with all makers, all trees of pid namespaces
 * with all owners that Linux permits. `makers` 1: all are made by one uid, which is all that an ordinary user can do.
 */
export function worldsOf({ users, pids }: Size, makers: "one" | "any"): readonly Situation[] {
  const found: Situation[] = [];
  // First each part alone, then together: what is the same alone is the same with all of the other part.
  for (const world of userWorlds(users, makers)) {
    for (const tree of pidTrees(pids)) {
      for (const owners of ownersOf(tree, world.users)) found.push({ ...world, pids: tree, owners });
    }
  }
  return upToSymmetry(found);
}

const NO_PIDS = { pids: [undefined], owners: [0] } as const;
const NO_USERS = { users: [undefined], by: [ROOT] } as const;

function userWorlds(made: number, makers: "one" | "any"): readonly Situation[] {
  const marks = makers === "one" ? [below(made + 1).map(() => ROOT)] : makersOf(made);
  const worlds = numberedTrees(made + 1).flatMap((users) => marks.map((by) => ({ users, by, ...NO_PIDS })));
  return upToSymmetry(worlds);
}

const pidTrees = (made: number): readonly Tree[] =>
  upToSymmetry(
    numberedTrees(made + 1).map((pids) => ({ ...NO_USERS, pids, owners: below(made + 1).map(() => 0) })),
  ).map(({ pids }) => pids);

/** Who made each: root, somebody who made an earlier one too, or somebody new. */
function makersOf(made: number): readonly (readonly UidMark[])[] {
  let all: (readonly UidMark[])[] = [[ROOT]];
  for (let node = 1; node <= made; node++) {
    all = all.flatMap((by) => below(Math.max(...by) + 2).map((uid) => [...by, uid]));
  }
  return all;
}

/** A pid namespace is owned by its parent's owner or a user namespace below that; the initial one by the initial one. */
function ownersOf(pids: Tree, users: Tree): readonly (readonly number[])[] {
  let all: (readonly number[])[] = [[]];
  for (const parent of pids) {
    all = all.flatMap((owners) => {
      const top = parent === undefined ? undefined : owners[parent];
      const permitted = top === undefined ? [0] : below(users.length).filter((user) => isWithin(users, user, top));
      return permitted.map((owner) => [...owners, owner]);
    });
  }
  return all;
}

/** Every place where a caller can be in a world, with every relation of its euid to the makers, up to symmetry. */
export function positionsIn(world: Situation, euids: "own" | "any"): readonly Position[] {
  const marks = euids === "own" ? [ROOT] : below(Math.max(...world.by) + 2);
  const all = below(world.users.length).flatMap((user) =>
    below(world.pids.length).flatMap((pid) => marks.map((euid) => ({ ...world, caller: { user, pid, euid } }))),
  );
  return upToSymmetry(all).map(({ caller }) => caller);
}
