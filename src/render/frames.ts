import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { forestOf, walkForest, type UserNamespaceNode } from "../snapshot/forest.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { compareNamespaces } from "../snapshot/order.ts";
import { compareSeniority, seniorMember } from "../snapshot/senior.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import { count, groupBy } from "./group.ts";
import { once } from "../snapshot/once.ts";

/** A user namespace with what it owns, or namespaces whose owner is not known, ready to be drawn. */
export interface Frame {
  readonly top: NamespaceRecord | OwnerUnknown;
  /** Of the kinds that are drawn: the viewer's own, the odd ones, the rest. Those with one senior process stand together, the most senior first. */
  readonly owned: readonly NamespaceRecord[];
  readonly children: readonly Frame[];
  /** One of the viewer's own namespaces is in it or below. */
  readonly own: boolean;
  /** Frames of the same shape own as many of each kind, and so do those below them. */
  readonly shape: number;
  /** Namespaces drawn below its own line. */
  readonly below: number;
}
export interface OwnerUnknown {
  /** The kernel's answer; undefined: the snapshot has no record of the owner. */
  readonly errno: ErrnoName | undefined;
}
export const isNamespace = (top: Frame["top"]): top is NamespaceRecord => "id" in top;

export interface Framed {
  readonly roots: readonly Frame[];
  readonly seniors: ReadonlyMap<NamespaceId, ProcessRecord>;
  /** The viewer's own namespaces. */
  readonly ownIds: ReadonlySet<NamespaceId>;
}

/**
 * Every namespace in its frame, user namespaces nested by parent. Where only some kinds are wanted, user namespaces stay as
 * the frame of those and go where they frame nothing.
 */
export function frame(index: SnapshotIndex, kinds?: ReadonlySet<NamespaceKind>): Framed {
  const forest = forestOf(index);
  const seniors = seniorsOf(index);
  const ownIds = new Set(Object.values(index.snapshot.viewpoint.namespaces));
  const compare = inDrawnOrder(seniors, ownIds);
  const shapes = new Map<string, number>();
  const wanted = ({ kind }: NamespaceRecord): boolean => kinds === undefined || kinds.has(kind);

  const build = (top: Frame["top"], owned: readonly NamespaceRecord[], children: readonly Frame[]): Frame => ({
    top,
    owned,
    children,
    own:
      (isNamespace(top) && ownIds.has(top.id)) ||
      owned.some(({ id }) => ownIds.has(id)) ||
      children.some(({ own }) => own),
    shape: shapeNumber(shapes, owned, children),
    below: children.reduce((sum, child) => sum + 1 + child.below, owned.length),
  });

  // Children come after their parents in a walk, so backwards each finds its children done.
  const done = new Map<UserNamespaceNode, Frame>();
  for (const { node } of [...walkForest(forest)].toReversed()) {
    const owned = node.owned.filter(wanted).toSorted(compare);
    const children = node.children.flatMap((child) => done.get(child) ?? []);
    if (kinds !== undefined && !kinds.has("user") && owned.length === 0 && children.length === 0) continue;
    done.set(
      node,
      build(
        node.namespace,
        owned,
        children.toSorted((a, b) => compareFrames(a, b, compare)),
      ),
    );
  }
  const roots = forest.roots.flatMap((root) => done.get(root) ?? []);
  const strays = byAnswer(forest.ownerNotVisible.filter(wanted));
  return {
    roots: [
      ...roots.toSorted((a, b) => compareFrames(a, b, compare)),
      ...strays.map(([errno, owned]) => build({ errno }, owned.toSorted(compare), [])),
    ],
    seniors,
    ownIds,
  };
}

/** Whoever draws some kinds draws others. */
const seniorsOf = once((index: SnapshotIndex): Framed["seniors"] => {
  const seniors = new Map<NamespaceId, ProcessRecord>();
  for (const id of index.members.keys()) {
    const senior = seniorMember(index, id);
    if (senior !== undefined) seniors.set(id, senior);
  }
  return seniors;
});

type Compare = (a: NamespaceRecord, b: NamespaceRecord) => number;

/** What somebody looks for is seldom what every process is in: the odd ones, without a process, come before the rest. */
function inDrawnOrder(seniors: Framed["seniors"], ownIds: Framed["ownIds"]): Compare {
  const rank = ({ id }: NamespaceRecord): number => (ownIds.has(id) ? 0 : seniors.has(id) ? 2 : 1);
  return (a, b) => {
    const [one, other] = [seniors.get(a.id), seniors.get(b.id)];
    const seniority = one === undefined || other === undefined ? 0 : compareSeniority(one, other);
    return rank(a) - rank(b) || seniority || compareNamespaces(a, b);
  };
}

const compareFrames = (a: Frame, b: Frame, compare: Compare): number =>
  Number(b.own) - Number(a.own) || (isNamespace(a.top) && isNamespace(b.top) ? compare(a.top, b.top) : 0);

/** The same number for the same shape: how many of each kind, and which shapes below how often. */
function shapeNumber(
  known: Map<string, number>,
  owned: readonly NamespaceRecord[],
  children: readonly Frame[],
): number {
  const counts = count([...owned.map(({ kind }) => kind), ...children.map(({ shape }) => `#${shape}`)]);
  const text = JSON.stringify([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const number = known.get(text) ?? known.size;
  known.set(text, number);
  return number;
}

/** Those with an unknown owner, by what the kernel answered when it was asked for. */
function byAnswer(namespaces: readonly NamespaceRecord[]): [ErrnoName | undefined, NamespaceRecord[]][] {
  const groups = groupBy(namespaces, ({ owner }) => ("refused" in owner ? owner.refused : undefined));
  return [...groups].toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

/** How many of each kind, in the order of KINDS, kinds without any left out. */
export function countKinds(namespaces: readonly NamespaceRecord[]): [NamespaceKind, number][] {
  const counts = count(namespaces.map(({ kind }) => kind));
  return KINDS.flatMap((kind) => {
    const there = counts.get(kind);
    return there === undefined ? [] : [[kind, there]];
  });
}
