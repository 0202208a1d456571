import { MOUNT_TREE } from "../messages/mount-tree.ts";
import type { Language } from "../messages/sentence.ts";
import type { MountNode } from "../procfs/mount-tree.ts";
import type { TreeMount } from "../snapshot/mount-trees.ts";
import type { Glyphs } from "./glyphs.ts";
import { tableText, type TableColumn, type TableRow } from "./table.ts";

export interface MountTreeOptions {
  readonly width: number | undefined;
  readonly glyphs: Glyphs;
  readonly language: Language;
  /** So many more there are, out of reach. */
  readonly outOfReach: number;
}

const CUT: readonly Pick<TableColumn, "align" | "cuts">[] = [
  { align: "left", cuts: true },
  { align: "right", cuts: false },
  { align: "left", cuts: false },
  { align: "left", cuts: true },
  // Half a number would be another one.
  { align: "left", cuts: false },
];

/** What is mounted where, on what, and what is hidden by what lies over it; each line with its end. */
export function mountTreeText(
  nodes: readonly MountNode<TreeMount>[],
  { width, glyphs, language, outOfReach }: MountTreeOptions,
): string {
  const columns = MOUNT_TREE.titles.map(({ [language]: title }, nth) => ({
    title,
    widthHint: 0,
    align: CUT[nth]?.align ?? "left",
    cuts: CUT[nth]?.cuts ?? false,
  }));
  const rowOf = new Map<number, number>();
  const rows = nodes.map(({ mount, parent, hiddenBy }, nth): TableRow => {
    rowOf.set(mount.id, nth);
    const words = [
      ...(hiddenBy === undefined ? [] : [MOUNT_TREE.hidden[language]({ by: hiddenBy.id })]),
      ...mount.optional,
      ...(mount.through === undefined ? [] : [MOUNT_TREE.through[language]({ pid: mount.through })]),
    ];
    return {
      cells: [placeOf(mount, parent), String(mount.id), mount.fsType, whatOf(mount), words.join(", ")],
      parent: parent === undefined ? undefined : rowOf.get(parent.id),
    };
  });
  const hidden = nodes.filter(({ hiddenBy }) => hiddenBy !== undefined).length;
  const table = tableText({ columns, rows, tree: 0 }, { headings: true, width, glyphs, mark: glyphs.cut });
  const total = MOUNT_TREE.total[language]({ count: nodes.length, hidden });
  return `${table.replaceAll(/ +\n/g, "\n")}${total}\n${outOfReach > 0 ? `${MOUNT_TREE.outOfReach[language]({ count: outOfReach })}\n` : ""}`;
}

/** Below the mount that it lies on; the whole path where it lies on its root, or on none that is shown. */
function placeOf({ mountPoint }: TreeMount, parent: TreeMount | undefined): string {
  if (parent === undefined || parent.mountPoint === mountPoint || parent.mountPoint === "/") return mountPoint;
  const folder = `${parent.mountPoint}/`;
  return mountPoint.startsWith(folder) ? mountPoint.slice(folder.length) : mountPoint;
}

/** The device or its like, with the folder of it that is mounted in brackets, as findmnt(8) has it. */
function whatOf({ fsType, root, source }: TreeMount): string {
  if (fsType === "nsfs") return root;
  return root === "/" ? source : `${source}[${root}]`;
}
