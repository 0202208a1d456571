import type { NamespaceId } from "../abi/ids.ts";
import { CAPS_WORDS } from "../messages/caps.ts";
import { IDS } from "../messages/ids.ts";
import { MISSING_EVIDENCE } from "../messages/evidence.ts";
import type { Glyphs } from "../render/glyphs.ts";
import { tableText, type Cell, type TableRow } from "../render/table.ts";
import type { IdsOfNamespace, IdsRow } from "./ids-along-tree.ts";
import type { Overlaps } from "./overlaps.ts";
import { Page, type TextOptions } from "./page.ts";

const COLUMN = { widthHint: 0, cuts: false } as const;
type NameOf = (id: NamespaceId) => string;

interface IdsOptions extends TextOptions {
  readonly glyphs: Glyphs;
  readonly nameOf: NameOf;
  readonly viewer: NamespaceId | undefined;
}

/** The maps as a table, one row a range, children below their parents. */
export function idsText(all: readonly IdsOfNamespace[], options: IdsOptions): string {
  const { language, nameOf, glyphs, viewer } = options;
  const places = new Map(all.map(({ namespace }, nth) => [namespace, nth]));
  const rows = all.map(({ namespace, parent, uid, gid }): TableRow => {
    const lines = linesOf(uid, gid, language);
    const column = (nth: number): Cell => lines.map((line) => line[nth] ?? "");
    const cells = [nameOf(namespace), ...[0, 1, 2, 3, 4].map(column)];
    return { cells, parent: parent === null ? undefined : places.get(parent) };
  });
  const columns = [
    { ...COLUMN, title: IDS.namespace[language], align: "left" },
    { ...COLUMN, title: IDS.which[language], align: "left" },
    { ...COLUMN, title: IDS.inside[language], align: "right" },
    { ...COLUMN, title: IDS.parent[language], align: "right" },
    { ...COLUMN, title: IDS.viewers[language], align: "right" },
    { ...COLUMN, title: IDS.count[language], align: "right" },
  ] as const;
  const page = new Page(options);
  page.text += tableText({ columns, rows, tree: 0 }, { headings: true, width: undefined, glyphs });
  if (viewer !== undefined) page.heading(IDS.here[language]({ viewer: nameOf(viewer) }));
  return page.text;
}

type Line = readonly string[];

/** One for each range; where both maps are the same, they share theirs. */
function linesOf(
  uid: readonly IdsRow[] | null,
  gid: readonly IdsRow[] | null,
  language: TextOptions["language"],
): readonly Line[] {
  const both = JSON.stringify(uid) === JSON.stringify(gid);
  const lines = (name: string, rows: readonly IdsRow[] | null): Line[] => {
    if (rows === null) return [[name, IDS.unread[language]]];
    if (rows.length === 0) return [[name, IDS.none[language]]];
    return rows.map(({ inside, parent, viewers, count }, nth) => [
      nth === 0 ? name : "",
      String(inside),
      parent === null ? "" : String(parent),
      String(viewers),
      String(count),
    ]);
  };
  return both ? lines(IDS.both[language], uid) : [...lines("uid", uid), ...lines("gid", gid)];
}

/** So many that share are listed by name. */
const MOST_NAMED = 6;

/** Each range that is shared, with who shares it; then whose maps were not seen. */
export function overlapsText({ overlaps, missing }: Overlaps, options: Omit<IdsOptions, "glyphs" | "viewer">): string {
  const { language, nameOf } = options;
  const page = new Page(options);
  if (overlaps.length === 0) page.say(IDS.noOverlap[language]);
  for (const { which, first, count, parent, namespaces } of overlaps) {
    const range = count === 1 ? String(first) : `${first}-${first + count - 1}`;
    const named = namespaces.slice(0, MOST_NAMED).map(nameOf).join(", ");
    const more = namespaces.length - MOST_NAMED;
    const list = more > 0 ? IDS.more[language]({ namespaces: named, count: more }) : named;
    page.item(IDS.overlap[language]({ which, range, namespaces: list, parent: nameOf(parent) }));
  }
  if (missing.length > 0) {
    page.heading(CAPS_WORDS.missing[language]);
    for (const { what, of } of missing) page.item(MISSING_EVIDENCE[what][language]({ of }));
  }
  return page.text;
}
