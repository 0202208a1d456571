import type { NamespaceRecord } from "../snapshot/types.ts";
import { isNamespace, type Frame, type Framed, type OwnerUnknown } from "./frames.ts";
import { groupBy } from "./group.ts";

/** One line of the tree: what it stands for, and the line it hangs from (an earlier one). */
export type Item = { readonly parent: number | undefined } & (
  | { readonly is: "namespace"; readonly namespace: NamespaceRecord }
  | { readonly is: "owner-unknown"; readonly top: OwnerUnknown }
  /** Several namespaces of one owner and kind, all with a process in them or all without. */
  | { readonly is: "fold"; readonly namespaces: readonly NamespaceRecord[] }
  /** User namespaces with all below them. */
  | { readonly is: "fold-frames"; readonly frames: readonly Frame[]; readonly why: WhyFolded }
);
/** All of one shape; the smallest of too many; nested too deep. */
export type WhyFolded = "alike" | "small" | "deep";

/** How much is drawn: lists of namespaces and of frames up to so long, frames nested up to so deep. */
interface Limits {
  readonly alike: number;
  readonly frames: number;
  readonly depth: number;
}
const NONE: Limits = { alike: Infinity, frames: Infinity, depth: Infinity };
/** From the gentlest fold to the strictest; the first that leaves few enough lines is taken. */
const FOLDS: readonly Limits[] = [
  { alike: 6, frames: 20, depth: 8 },
  { alike: 3, frames: 10, depth: 8 },
  { alike: 1, frames: 5, depth: 6 },
  { alike: 1, frames: 2, depth: 4 },
  { alike: 1, frames: 1, depth: 3 },
];
/** Lines that are read without folding, and lines that are left where folding is needed. */
const READABLE = 100;
const FOLDED = 60;

export interface FoldWish {
  /** Draw every namespace. */
  readonly all: boolean;
  /** Draw user namespaces so many levels deep. */
  readonly depth?: number;
}

/** The tree's lines, folded where there would be too many. The viewer's own namespaces are always lines of their own. */
export function foldedItems(framed: Framed, { all, depth = Infinity }: FoldWish): Item[] {
  const whole = itemsWithin(framed, NONE, depth);
  if (all || whole.length <= READABLE) return whole;
  let items = whole;
  for (const limits of FOLDS) {
    items = itemsWithin(framed, limits, depth);
    if (items.length <= FOLDED) break;
  }
  return items;
}

function itemsWithin({ roots, ownIds, seniors }: Framed, limits: Limits, most: number): Item[] {
  const items: Item[] = [];
  const open: { frame: Frame; line: number; depth: number }[] = [];

  const isOdd = ({ top }: Frame): boolean => isNamespace(top) && !seniors.has(top.id);
  const putFrames = (frames: readonly Frame[], parent: number | undefined, depth: number): void => {
    const { shown, folds } = depth > most ? allFolded(frames) : chooseFrames(frames, limits, { depth, isOdd });
    for (const frame of shown) {
      const { top } = frame;
      open.push({ frame, line: items.length, depth });
      items.push(isNamespace(top) ? { is: "namespace", namespace: top, parent } : { is: "owner-unknown", top, parent });
    }
    for (const fold of folds) items.push({ is: "fold-frames", ...fold, parent });
  };

  putFrames(roots, undefined, 1);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { frame, line, depth } = at;
    const free = frame.owned.filter(({ id }) => !ownIds.has(id));
    const groups = groupBy(free, ({ kind, id }) => `${seniors.has(id) ? 1 : 0} ${kind}`);
    const folds = [...groups].filter(([, alike]) => alike.length > limits.alike).toSorted(byName);
    const folded = folds.flatMap(([, alike]) => alike);
    for (const namespace of without(frame.owned, folded)) items.push({ is: "namespace", namespace, parent: line });
    for (const [, namespaces] of folds) items.push({ is: "fold", namespaces, parent: line });
    putFrames(frame.children, line, depth + 1);
  }
  return items;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

interface Choice {
  readonly shown: readonly Frame[];
  readonly folds: readonly { readonly frames: readonly Frame[]; readonly why: WhyFolded }[];
}

const allFolded = (frames: readonly Frame[]): Choice => ({
  shown: [],
  folds: frames.length === 0 ? [] : [{ frames, why: "deep" }],
});

/** Alike ones fold where there are too many of them; of those that are left, the smallest where there are still too many. */
function chooseFrames(
  frames: readonly Frame[],
  limits: Limits,
  { depth, isOdd }: { readonly depth: number; readonly isOdd: (frame: Frame) => boolean },
): Choice {
  const free = frames.filter(({ top, own }) => isNamespace(top) && !own);
  if (depth > limits.depth) return { shown: without(frames, free), folds: allFolded(free).folds };

  const groups = [...groupBy(free, (one) => `${isOdd(one) ? 1 : 0} ${one.shape}`).values()];
  const alike = groups.filter((group) => group.length > limits.alike);
  const others = without(free, alike.flat());
  const large = new Set(
    others.toSorted((a, b) => Number(isOdd(b)) - Number(isOdd(a)) || b.below - a.below).slice(0, limits.frames),
  );
  const small = others.filter((frame) => !large.has(frame));
  return {
    shown: without(frames, [...alike.flat(), ...small]),
    folds: [
      ...alike.map((group) => ({ frames: group, why: "alike" as const })),
      ...(small.length === 0 ? [] : [{ frames: small, why: "small" as const }]),
    ],
  };
}

function without<T>(list: readonly T[], some: readonly T[]): T[] {
  const gone = new Set(some);
  return list.filter((one) => !gone.has(one));
}
