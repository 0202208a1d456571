import { below, renumberings, type Tree } from "./tree.ts";

/** Uids without their numbers: which are the same, and which is root's. */
export type UidMark = number;
export const ROOT: UidMark = 0;

/** Namespaces and whoever asks about them, without anything that makes no difference. */
export interface Situation {
  /** The user namespaces; the root is the initial one. */
  readonly users: Tree;
  /** Whose effective uid made each; the initial one counts as root's. */
  readonly by: readonly UidMark[];
  /** The pid namespaces; the root is the initial one. */
  readonly pids: Tree;
  /** The user namespace that owns each. */
  readonly owners: readonly number[];
  readonly caller?: Position;
}

/** Where a caller stands, and with which effective uid. */
export interface Position {
  readonly user: number;
  readonly pid: number;
  readonly euid: UidMark;
}

/**
 * The same text for two situations exactly where one becomes the other by numbering its namespaces and the uids but
 * root's anew. That is all the symmetry there is: to the kernel, numbers are names (root's uid decides nothing in these
 * calls either, but that is for the run to show). Of all numberings the one with the least text stands for them.
 */
export function canonical(situation: Situation): string {
  let least: string | undefined;
  for (const users of renumberings(situation.users.length)) {
    for (const pids of renumberings(situation.pids.length)) {
      const text = written(situation, users, pids);
      if (least === undefined || text < least) least = text;
    }
  }
  return least ?? "";
}

/** A situation as text under one numbering. Uids are named by their first appearance, the caller's last. */
function written(
  { users, by, pids, owners, caller }: Situation,
  userNumbers: readonly number[],
  pidNumbers: readonly number[],
): string {
  const names = new Map([[ROOT, ROOT]]);
  const nameOf = (uid: UidMark): UidMark => {
    const name = names.get(uid) ?? names.size;
    names.set(uid, name);
    return name;
  };
  const userAt = (node: number): number => userNumbers[node] ?? 0;
  const pidAt = (node: number): number => pidNumbers[node] ?? 0;
  const made: string[] = [];
  for (const node of inOrder(userNumbers)) made.push(`${above(users, node, userAt)}${nameOf(by[node] ?? ROOT)}`);
  made.push("/");
  for (const node of inOrder(pidNumbers)) made.push(`${above(pids, node, pidAt)}${userAt(owners[node] ?? 0)}`);
  if (caller !== undefined) made.push(`/${userAt(caller.user)}${pidAt(caller.pid)}${nameOf(caller.euid)}`);
  return made.join("");
}

const above = (tree: Tree, node: number, numberOf: (node: number) => number): string => {
  const parent = tree[node];
  return parent === undefined ? "" : `${numberOf(parent)}`;
};

/** The nodes by their new numbers. */
function inOrder(numbers: readonly number[]): readonly number[] {
  const nodes: number[] = [...below(numbers.length)];
  for (const [node, number] of numbers.entries()) nodes[number] = node;
  return nodes;
}

/** One of each kind, the first that came. */
export function upToSymmetry<T extends Situation>(situations: Iterable<T>): readonly T[] {
  const kinds = new Map<string, T>();
  for (const situation of situations) {
    const kind = canonical(situation);
    if (!kinds.has(kind)) kinds.set(kind, situation);
  }
  return [...kinds.values()];
}
