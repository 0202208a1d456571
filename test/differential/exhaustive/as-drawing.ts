import { KINDS, nests, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { DrawnNamespace } from "../../../src/kernel/drawing.ts";
import { ROOT, type Situation, type UidMark } from "./situation.ts";
import { below } from "./tree.ts";

/** Kinds that have no parents: wherever they lie, only their owner counts. */
export const FLAT_KINDS: readonly NamespaceKind[] = KINDS.filter((kind) => !nests(kind));

/** The name of a user or pid namespace of a situation. */
export const nameOf = (kind: "user" | "pid", node: number): string => `${kind}:${node === 0 ? "init" : node}`;
/** That of the namespace of a flat kind that a user namespace owns. */
export const flatName = (kind: NamespaceKind, owner: number): string => `${kind}:${owner === 0 ? "init" : owner}`;

/** Of the first uid that is not root's. */
const FIRST_UID = 1000;
export const uidOf = (mark: UidMark): number => (mark === ROOT ? 0 : FIRST_UID + mark - 1);

export interface Extent {
  /** With a namespace of each flat kind for each user namespace. */
  readonly flat: boolean;
  /** The first task's uid; an ordinary user makes everything itself. */
  readonly uid: number;
}

/** A situation as a drawing, so that both kernels can build it. */
export function asDrawing({ users, by, pids, owners }: Situation, { flat, uid }: Extent): readonly DrawnNamespace[] {
  const made = (nodes: readonly unknown[]): readonly number[] => below(nodes.length).slice(1);
  const plain = { by: undefined, empty: false };
  return [
    ...made(users).map((node): DrawnNamespace => {
      const above = nameOf("user", users[node] ?? 0);
      const maker = uid === 0 ? uidOf(by[node] ?? ROOT) : undefined;
      return { ...plain, name: nameOf("user", node), kind: "user", parent: above, owner: above, by: maker };
    }),
    ...made(pids).map((node): DrawnNamespace => {
      const [parent, owner] = [nameOf("pid", pids[node] ?? 0), nameOf("user", owners[node] ?? 0)];
      return { ...plain, name: nameOf("pid", node), kind: "pid", parent, owner };
    }),
    ...(flat ? made(users) : []).flatMap((node) =>
      FLAT_KINDS.map((kind): DrawnNamespace => {
        return { ...plain, name: flatName(kind, node), kind, parent: undefined, owner: nameOf("user", node) };
      }),
    ),
  ];
}
