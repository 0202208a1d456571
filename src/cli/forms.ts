import type { Language } from "../messages/sentence.ts";
import { foldGraph } from "../render/fold-graph.ts";
import { toTree } from "../render/graph-tree.ts";
import { toSvg } from "../render/graph-svg.ts";
import { toDot, toMermaid, type Graph } from "../render/graph.ts";
import type { Glyphs } from "../render/glyphs.ts";
import { toCsv, toNdjson, toTable, type Records } from "../render/records.ts";
import type { PictureWish } from "../render/picture/draw.ts";
import type { PictureForm } from "../render/picture/forms.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";

/** Forms of rows, for spreadsheets and programs. */
export const ROW_FORMS = ["csv", "ndjson"] as const;
/** Forms of pictures. */
export const PICTURE_FORMS = ["dot", "mermaid", "svg"] as const satisfies readonly PictureForm[];
export type RowForm = (typeof ROW_FORMS)[number];
export type { PictureForm };

export const isRowForm = (format: string): format is RowForm => (ROW_FORMS as readonly string[]).includes(format);
export const isPictureForm = (format: string): format is PictureForm =>
  (PICTURE_FORMS as readonly string[]).includes(format);

const ROWS = { csv: toCsv, ndjson: toNdjson } as const;
export const rowsText = (records: Records, form: RowForm): string => ROWS[form](records);

const GRAPHS = { dot: toDot, mermaid: toMermaid, svg: toSvg } as const;
export const graphText = (graph: Graph, form: PictureForm): string => GRAPHS[form](foldGraph(graph));

/** What an answer of rows and a graph looks like in one of these forms. */
export function answerText(
  format: "tree" | "table" | RowForm | PictureForm,
  { records, graph }: { records: () => Records; graph: () => Graph },
  layout: { width: number | undefined; glyphs: Glyphs },
): string {
  if (format === "tree") return toTree(graph(), layout);
  if (format === "table") return toTable(records(), layout);
  return isRowForm(format) ? rowsText(records(), format) : graphText(graph(), format);
}

/** The picture of what was seen; what draws it is loaded where it is asked for. */
export async function pictureOf(
  index: SnapshotIndex,
  form: PictureForm,
  wish: Omit<PictureWish, "charset"> & { readonly language: Language },
): Promise<string> {
  const [{ drawPicture }, { pictureText }] = await Promise.all([
    import("../render/picture/draw.ts"),
    import("../render/picture/forms.ts"),
  ]);
  return pictureText(drawPicture(index, { ...wish, charset: "utf-8" }), form, wish.language);
}
