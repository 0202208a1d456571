import { toTree } from "./graph-tree.ts";
import type { Graph } from "./graph.ts";
import { groupBy } from "./group.ts";
import { GLYPHS } from "./glyphs.ts";
import { PAGE_COLORS, SVG_STYLE } from "./picture/svg-style.ts";
import { columnsOf } from "./width.ts";
import { xmlText } from "./xml.ts";

const SIZE = { letter: 7, line: 26, box: 22, gap: 210, margin: 12 } as const;

/**
 * Words on the page around them are those of `svg-style.ts`; what is warned of is dashed, for whoever sees no colours; lines that
 * words stand on are broken around them.
 */
const STYLE =
  `${SVG_STYLE}.start,.alarm{stroke-width:2}.alarm{stroke:#c00000;stroke-dasharray:6 3}` +
  `.note{text-anchor:middle;paint-order:stroke;stroke:${PAGE_COLORS.light.page};stroke-width:5}` +
  `@media screen and (prefers-color-scheme:dark){.alarm{stroke:#ff8a80}.note{stroke:${PAGE_COLORS.dark.page}}}`;

/**
 * A picture by itself: a column for each level, boxes in the order of the nodes, lines between them. Whoever listens to it has
 * where it starts for a title, and what leads where, line by line, for a description.
 */
export function toSvg(graph: Graph): string {
  const { nodes, edges } = graph;
  const { places, width, height } = layOut(graph);
  const boxes = nodes.map(({ id, label, mark }) => {
    const { x, y, width } = places.get(id) ?? NOWHERE;
    return (
      `  <rect x="${x}" y="${y}" width="${width}" height="${SIZE.box}" class="card${mark === undefined ? "" : ` ${mark}`}"/>\n` +
      `  <text x="${x + SIZE.margin / 2}" y="${y + 15}">${xmlText(label)}</text>`
    );
  });
  const drawn = [...groupBy(edges, ({ from, to }) => `${from} ${to}`).values()].flatMap((same) => {
    const [{ from, to } = NO_EDGE] = same;
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return [];
    const { way, x, y } = wayOf(a, b);
    const label = same.map((edge) => edge.label).join(", ");
    return {
      line: `  <path d="${way}" class="link" marker-end="url(#tip)"/>`,
      words: `  <text x="${x}" y="${y + 4}" class="note">${xmlText(label)}</text>`,
    };
  });
  const start = nodes.find(({ mark }) => mark === "start") ?? nodes[0];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `  <title id="title">${xmlText(start?.label ?? "")}</title>`,
    `  <desc id="desc">${xmlText(toTree(graph, { width: undefined, glyphs: GLYPHS["utf-8"] }))}</desc>`,
    `  <style>${STYLE}</style>`,
    '  <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<path d="M0 0 L8 4 L0 8 z" class="tip"/></marker></defs>',
    `  <rect class="page" width="${width}" height="${height}"/>`,
    ...drawn.map(({ line }) => line),
    ...drawn.map(({ words }) => words),
    ...boxes,
    "</svg>",
    "",
  ].join("\n");
}

const NO_EDGE = { from: "", to: "" } as const;
const NOWHERE = { x: 0, y: 0, width: 0, level: 0 } as const;
type Place = Readonly<Record<keyof typeof NOWHERE, number>>;

/** A line from box to box, and where its words stand. One that passes other columns does so between the rows of their boxes. */
function wayOf(from: Place, to: Place): { way: string; x: number; y: number } {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + SIZE.box / 2, to.x, to.y + SIZE.box / 2];
  const curve = (x: number, y: number, toX: number, toY: number): string =>
    `C${x + 60} ${y} ${toX - 60} ${toY} ${toX} ${toY}`;
  if (to.level - from.level < 2) {
    return { way: `M${x1} ${y1} ${curve(x1, y1, x2, y2)}`, x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  }
  // Those that lead to boxes of different columns beside each other.
  const beside = to.level % 3;
  const lane = y2 + SIZE.line + (beside - 1) * 6;
  const [near, far] = [x1 + SIZE.gap, x2 - SIZE.gap];
  return {
    way: `M${x1} ${y1} ${curve(x1, y1, near, lane)} H${far} ${curve(far, lane, x2, y2)}`,
    // Before the middle, where the words of a line to the next column stand, and each beside the others.
    x: x1 + SIZE.gap * (0.2 + beside * 0.13),
    y: y1 + (lane - y1) * (0.15 + beside * 0.13),
  };
}

/** No box is above the first that leads to it. */
function layOut({ nodes, edges }: Graph) {
  const widths: number[] = [];
  for (const { level, label } of nodes)
    widths[level] = Math.max(widths[level] ?? 0, columnsOf(label) * SIZE.letter + SIZE.margin);
  const lefts: number[] = [];
  let right: number = SIZE.margin - SIZE.gap;
  for (const [level, width = 0] of widths.entries()) {
    lefts[level] = right + SIZE.gap;
    right += SIZE.gap + width;
  }
  const above = new Map<string, string>();
  for (const { from, to } of edges) if (!above.has(to)) above.set(to, from);
  const rows: number[] = [];
  const rowOf = new Map<string | undefined, number>();
  const places = new Map(
    nodes.map(({ id, level }) => {
      const row = (rows[level] = Math.max((rows[level] ?? -1) + 1, rowOf.get(above.get(id)) ?? 0));
      rowOf.set(id, row);
      return [id, { x: lefts[level] ?? 0, y: SIZE.margin + row * SIZE.line * 2, width: widths[level] ?? 0, level }];
    }),
  );
  let most = 0;
  for (const row of rows) most = Math.max(most, row + 1);
  return { places, width: Math.max(0, right) + SIZE.margin, height: SIZE.margin + most * SIZE.line * 2 };
}
