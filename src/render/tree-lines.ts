import { FOLDS, OWNER_NOT_SHOWN } from "../messages/tree.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { Item } from "./fold.ts";
import { countKinds, isNamespace, type Frame, type Framed, type OwnerUnknown } from "./frames.ts";
import type { Glyphs } from "./glyphs.ts";
import { heldBy, programOf, type Wording } from "./held-by.ts";
import { traceNameOf } from "./trace-words.ts";
import { columnsOf, cut } from "./width.ts";

/** One line of the tree in words, before it is laid out. */
export interface TreeLine {
  readonly parent: number | undefined;
  readonly name: string;
  readonly role: "frame" | "leaf" | "fold" | "unknown";
  readonly own: boolean;
  readonly members: number | undefined;
  readonly process: ProcessRecord | undefined;
  /** The line before it names the same process. */
  readonly repeats: boolean;
  /** The program, or what stands in its place; for so many columns, where it can choose what to say. */
  readonly detail: (columns: number) => string;
  readonly detailRole: "program" | "held" | "fold" | "unknown";
}

export interface TreeSource extends Wording {
  readonly index: SnapshotIndex;
  readonly framed: Framed;
  readonly glyphs: Glyphs;
  /** Names that people gave, safe to print. */
  readonly names: ReadonlyMap<NamespaceId, string>;
  /** The option that draws one level more. */
  readonly deeper: string;
}

/** The lines of the items, in the items' order. */
export function treeLines(items: readonly Item[], source: TreeSource): TreeLine[] {
  const last = new Map<number | undefined, number>();
  return items.map((item, nth) => {
    const line = lineOf(item, source);
    const pid = line.process?.pid;
    const repeats = pid !== undefined && last.get(item.parent) === pid;
    if (pid !== undefined) {
      last.set(item.parent, pid);
      // A frame names its process for the first line below it, too.
      last.set(nth, pid);
    }
    return { ...line, repeats };
  });
}

type Unrepeated = Omit<TreeLine, "repeats">;

function lineOf(item: Item, source: TreeSource): Unrepeated {
  switch (item.is) {
    case "namespace":
      return namespaceLine(item.namespace, item.parent, source);
    case "owner-unknown":
      return unknownLine(item.top, item.parent, source);
    case "fold":
      return foldLine(item, source);
    case "fold-frames":
      return framesLine(item, source);
  }
}

/** Columns for names under /run/netns. */
const MOST_FOR_GIVEN = 20;
/** And for whose it is: a pod and a container, by short ids. */
const MOST_FOR_WHOSE = 40;

function namespaceLine(namespace: NamespaceRecord, parent: number | undefined, source: TreeSource): Unrepeated {
  const { index, framed, charset, nameOf, names, glyphs } = source;
  const process = framed.seniors.get(namespace.id);
  const given = names.get(namespace.id);
  const whose = traceNameOf(namespace, charset);
  const text = process === undefined ? heldBy(index, namespace, source) : programOf(process, charset);
  return {
    parent,
    name: [
      nameOf(namespace),
      ...(given === undefined ? [] : [cut(given, MOST_FOR_GIVEN, glyphs.cut)]),
      ...(whose === undefined ? [] : [cut(whose, MOST_FOR_WHOSE, glyphs.cut)]),
    ].join(" "),
    role: namespace.kind === "user" ? "frame" : "leaf",
    own: framed.ownIds.has(namespace.id),
    members: membersOf(index, [namespace]),
    process,
    detail: () => text,
    detailRole: process === undefined ? "held" : "program",
  };
}

const NO_PROCESS = { own: false, members: undefined, process: undefined } as const;

function unknownLine({ errno }: OwnerUnknown, parent: number | undefined, { language }: TreeSource): Unrepeated {
  const text = errno === undefined ? OWNER_NOT_SHOWN.unseen[language] : OWNER_NOT_SHOWN.refused[language]({ errno });
  return { ...NO_PROCESS, parent, name: "user:[?]", role: "unknown", detail: () => text, detailRole: "unknown" };
}

function foldLine({ namespaces, parent }: Item & { is: "fold" }, source: TreeSource): Unrepeated {
  const { index, framed, glyphs, language, nameOf } = source;
  const [first] = namespaces;
  const kind = first?.kind ?? "user";
  const isOdd = first !== undefined && !framed.seniors.has(first.id);
  const counted = namespaces
    .map((namespace) => ({ namespace, members: membersOf(index, [namespace]) }))
    .toSorted((a, b) => b.members - a.members);
  // The kind stands at the line's beginning.
  const words = counted.map(({ namespace, members }) => {
    const number = nameOf(namespace).replace(/^.*\[(.*)\]$/, "$1");
    return isOdd ? number : `${number} (${members})`;
  });
  const begin = isOdd ? `${FOLDS.noProcess[language]} ` : "";
  const how = FOLDS.show[language]({ option: `-t ${kind}` });
  return {
    ...NO_PROCESS,
    parent,
    name: `${kind} ${glyphs.times} ${namespaces.length}`,
    role: "fold",
    members: membersOf(index, namespaces),
    detail: (columns) => asManyAsFit(words, { columns, glyphs, begin, end: how }),
    detailRole: "fold",
  };
}

function framesLine({ frames, why, parent }: Item & { is: "fold-frames" }, source: TreeSource): Unrepeated {
  const { index, glyphs, language, nameOf, deeper } = source;
  const tops = frames.flatMap(({ top }) => (isNamespace(top) ? [top] : []));
  // Without anything in them they are like namespaces of any other kind.
  if (why === "alike" && frames[0]?.below === 0) {
    return foldLine({ is: "fold", namespaces: tops, parent }, source);
  }
  const [only, ...others] = tops;
  const [first] = frames;
  const sameInEach = why === "alike" && first?.children.length === 0 ? first : undefined;
  const content = sameInEach === undefined ? belowOf(frames, source) : contentOf(sameInEach, source);
  const how = FOLDS.show[language]({ option: why === "deep" ? deeper : "--all" });
  return {
    ...NO_PROCESS,
    parent,
    name: only !== undefined && others.length === 0 ? nameOf(only) : `user ${glyphs.times} ${frames.length}`,
    role: "fold",
    members: membersOf(index, tops),
    detail: () => (content === "" ? how : `${content} ${how}`),
    detailRole: "fold",
  };
}

/** What each of several alike frames owns. */
function contentOf({ owned }: Frame, source: TreeSource): string {
  const what = countKinds(owned).map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`));
  return FOLDS.alike[source.language]({ what: what.join(" ") });
}

function belowOf(frames: readonly Frame[], { language }: TreeSource): string {
  const count = frames.reduce((sum, { below }) => sum + below, 0);
  return count === 0 ? "" : FOLDS.below[language]({ count });
}

const membersOf = (index: SnapshotIndex, namespaces: readonly NamespaceRecord[]): number =>
  namespaces.reduce((sum, { id }) => sum + (index.members.get(id)?.length ?? 0), 0);

/** Where there is no end to a line, so many words are enough: the fold says how to see the others. */
const ENOUGH_WORDS = 8;

/** `4026532201 (14), 4026532305 (9), … (see -t net)`: the end always, and of the words as many as there is room for. */
function asManyAsFit(
  words: readonly string[],
  { columns, glyphs, begin, end }: { columns: number; glyphs: Glyphs; begin: string; end: string },
): string {
  const list = (count: number): string => {
    const left = count < words.length ? [glyphs.cut] : [];
    return `${begin}${[...words.slice(0, count), ...left].join(", ")} ${end}`;
  };
  for (let count = Math.min(words.length, ENOUGH_WORDS); count > 0; count -= 1) {
    if (columnsOf(list(count)) <= columns) return list(count);
  }
  return begin + end;
}
