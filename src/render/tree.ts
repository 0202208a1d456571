import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { TREE_TOTALS } from "../messages/tree.ts";
import type { Language } from "../messages/sentence.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Snapshot } from "../snapshot/types.ts";
import { foldedItems, type Item } from "./fold.ts";
import { countKinds, frame } from "./frames.ts";
import type { Glyphs } from "./glyphs.ts";
import { namesIn } from "./namespace-name.ts";
import { notSeen } from "./not-seen.ts";
import { palette } from "./palette.ts";
import { layOutTree } from "./tree-layout.ts";
import { treeLines } from "./tree-lines.ts";
import { safeText, type Charset } from "../messages/safe-text.ts";
import { wrap } from "./wrap.ts";

export interface TreeOptions {
  /** The terminal's columns; undefined (a pipe): lines as long as they need be. */
  readonly width: number | undefined;
  readonly color: boolean;
  readonly glyphs: Glyphs;
  readonly language: Language;
  /** Every namespace on a line of its own. */
  readonly all: boolean;
  /** Only these kinds, each on a line of its own; user namespaces stay as the frame. */
  readonly kinds?: ReadonlySet<NamespaceKind>;
  /** So many levels of user namespaces. */
  readonly depth?: number;
}

/**
 * The namespaces of a snapshot as a tree: user namespaces nested by parent, under each what it owns, with how many
 * processes are in each and the most senior of them; then how many there are, and what could not be seen. Where lines
 * would be too many, alike namespaces share one. The order of the snapshot's records makes no difference.
 */
export function treeText(index: SnapshotIndex, options: TreeOptions): string {
  const { width, glyphs, language, kinds, depth, all } = options;
  const framed = frame(index, kinds);
  const items = foldedItems(framed, { all: all || kinds !== undefined, ...(depth !== undefined && { depth }) });
  const lines = treeLines(items, {
    index,
    framed,
    glyphs,
    language,
    charset: glyphs.charset,
    nameOf: namesIn(index.snapshot),
    names: givenNames(index.snapshot, glyphs.charset),
    deeper: depth === undefined ? "--all" : `--depth ${depth + 1}`,
  });
  const paint = palette(options.color);
  const tree = lines.length === 0 ? [] : layOutTree(lines, { width, paint, glyphs, language });
  return [...tree, "\n", ...lastLines(index, { items, ownIds: framed.ownIds }, options)].join("");
}

/** Names under /run/netns by what they name; several with commas. */
function givenNames({ names }: Snapshot, charset: Charset): Map<NamespaceId, string> {
  const given = new Map<NamespaceId, string>();
  for (const { namespace, name } of names) {
    const before = given.get(namespace);
    given.set(namespace, (before === undefined ? "" : `${before},`) + safeText(name, charset));
  }
  return given;
}

function lastLines(
  index: SnapshotIndex,
  { items, ownIds }: { items: readonly Item[]; ownIds: ReadonlySet<NamespaceId> },
  options: TreeOptions,
): string[] {
  const { width = Infinity, glyphs, language, kinds } = options;
  const paint = palette(options.color);
  const { snapshot } = index;
  const drawn = snapshot.namespaces.filter(({ kind }) => kinds === undefined || kinds.has(kind));
  const counts = countKinds(drawn).map(([kind, count]) => TREE_TOTALS.ofKind[language]({ kind, count }));
  const total = TREE_TOTALS.total[language]({
    total: TREE_TOTALS.namespaces[language]({ count: drawn.length }),
    kinds: counts.join(", "),
  });
  const processes = TREE_TOTALS.processes[language]({ count: snapshot.processes.length });
  const hasOwn = items.some((item) => item.is === "namespace" && ownIds.has(item.namespace.id));

  const put = (text: string, role: (text: string) => string): string[] =>
    wrap(text, { width, indent: "  " }).map((line) => `${role(line)}\n`);
  const hidden = hiddenBy(items);
  return [
    ...put(total, paint.strong),
    ...(hidden > 0 ? put(TREE_TOTALS.folded[language]({ count: hidden }), paint.strong) : []),
    ...put(
      hasOwn ? `${processes} ${glyphs.separator} ${glyphs.own} ${TREE_TOTALS.own[language]}` : processes,
      paint.faint,
    ),
    ...notSeen(snapshot, language).flatMap((sentence) => put(sentence, paint.missing)),
  ];
}

/** Namespaces that have no line of their own. */
function hiddenBy(items: readonly Item[]): number {
  return items.reduce((sum, item) => {
    if (item.is === "fold") return sum + item.namespaces.length;
    if (item.is === "fold-frames") return item.frames.reduce((below, frame) => below + 1 + frame.below, sum);
    return sum;
  }, 0);
}
