/** A rooted tree: the parent of each node, which has a smaller number. Node 0 is the root, and has none. */
export type Tree = readonly (number | undefined)[];

/** Every rooted tree of so many nodes, some of them several times, numbered otherwise. */
export function numberedTrees(nodes: number): readonly Tree[] {
  let trees: Tree[] = [[undefined]];
  for (let node = 1; node < nodes; node++) {
    trees = trees.flatMap((tree) => below(node).map((parent) => [...tree, parent]));
  }
  return trees;
}

/** 0, 1, … before `end`. */
export const below = (end: number): readonly number[] => Array.from({ length: end }, (_, at) => at);

/** Whether a node is `top` or lies below it. */
export function isWithin(tree: Tree, node: number, top: number): boolean {
  for (let at: number | undefined = node; at !== undefined; at = tree[at]) if (at === top) return true;
  return false;
}

/** How the nodes of a tree can be numbered anew: the new number of each. The root stays 0. */
export function renumberings(nodes: number): readonly (readonly number[])[] {
  let orders: (readonly number[])[] = [[0]];
  for (let node = 1; node < nodes; node++) {
    // The newcomer takes a number, and those from there on move up.
    orders = orders.flatMap((order) =>
      below(node).map((at) => [...order.map((number) => (number > at ? number + 1 : number)), at + 1]),
    );
  }
  return orders;
}
