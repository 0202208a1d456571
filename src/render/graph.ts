import { columnsOf } from "./width.ts";
import { xmlText } from "./xml.ts";

/** A picture of what leads where: nodes by their level, the start at 0. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
export interface GraphNode {
  /** Letters and digits. */
  readonly id: string;
  readonly label: string;
  readonly level: number;
  /** What the picture is about: its start, and what it warns of. */
  readonly mark?: "start" | "alarm";
}
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** A string of Graphviz: those know two escapes, of the quote and the backslash. */
export const dotText = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** In the language of Graphviz. */
export function toDot({ nodes, edges }: Graph): string {
  const style = { start: ", style=bold", alarm: ", color=red, penwidth=2" };
  return [
    "digraph reach {",
    "  rankdir=LR;",
    "  node [shape=box];",
    ...nodes.map(({ id, label, mark }) => `  ${id} [label=${dotText(label)}${mark === undefined ? "" : style[mark]}];`),
    ...edges.map(({ from, to, label }) => `  ${from} -> ${to} [label=${dotText(label)}];`),
    "}",
    "",
  ].join("\n");
}

/** A string of Mermaid: what means something there is written as a character reference. */
export const mermaidText = (text: string): string =>
  `"${text.replaceAll(/[^\p{L}\p{N} .:/,-]/gu, (one) => `#${one.codePointAt(0)};`)}"`;

/** As Mermaid has flowcharts. */
export function toMermaid({ nodes, edges }: Graph): string {
  const classes = nodes.flatMap(({ id, mark }) => (mark === undefined ? [] : [`  class ${id} ${mark}`]));
  return [
    "flowchart LR",
    ...nodes.map(({ id, label }) => `  ${id}[${mermaidText(label)}]`),
    ...edges.map(({ from, to, label }) => `  ${from} -->|${mermaidText(label)}| ${to}`),
    "  classDef start stroke-width:3px",
    "  classDef alarm stroke:#c00,stroke-width:3px",
    ...classes,
    "",
  ].join("\n");
}

const SIZE = { letter: 8, line: 26, box: 22, gap: 210, margin: 12 } as const;

/** A picture by itself: a column for each level, boxes in the order of the nodes, lines between them. */
export function toSvg({ nodes, edges }: Graph): string {
  const widths: number[] = [];
  for (const { level, label } of nodes) {
    widths[level] = Math.max(widths[level] ?? 0, columnsOf(label) * SIZE.letter + SIZE.margin);
  }
  const lefts: number[] = [];
  let left: number = SIZE.margin;
  for (const [level, width = 0] of widths.entries()) {
    lefts[level] = left;
    left += width + SIZE.gap;
  }
  const rows: number[] = [];
  const places = new Map(
    nodes.map((node) => {
      const row = (rows[node.level] = (rows[node.level] ?? -1) + 1);
      const [x, width] = [lefts[node.level] ?? 0, widths[node.level] ?? 0];
      return [node.id, { x, y: SIZE.margin + row * SIZE.line * 2, width }];
    }),
  );
  const height = SIZE.margin * 2 + (Math.max(0, ...rows) + 1) * SIZE.line * 2;
  const boxes = nodes.map(({ id, label, mark }) => {
    const { x, y, width } = places.get(id) ?? { x: 0, y: 0, width: 0 };
    const stroke = mark === "alarm" ? "#c00" : "#555";
    return (
      `  <rect x="${x}" y="${y}" width="${width}" height="${SIZE.box}" fill="#fff" stroke="${stroke}"` +
      ` stroke-width="${mark === undefined ? 1 : 2}"/>\n` +
      `  <text x="${x + SIZE.margin / 2}" y="${y + 15}">${xmlText(label)}</text>`
    );
  });
  const lines = edges.flatMap(({ from, to, label }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return [];
    const [x1, y1, x2, y2] = [a.x + a.width, a.y + SIZE.box / 2, b.x, b.y + SIZE.box / 2];
    return [
      `  <path d="M${x1} ${y1} C${x1 + 60} ${y1} ${x2 - 60} ${y2} ${x2} ${y2}" fill="none" stroke="#777" marker-end="url(#tip)"/>\n` +
        `  <text x="${x2 - 8}" y="${y2 - 4}" text-anchor="end" fill="#555">${xmlText(label)}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="${height}" font-family="monospace" font-size="12">`,
    '  <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<path d="M0 0 L8 4 L0 8 z" fill="#777"/></marker></defs>',
    ...lines,
    ...boxes,
    "</svg>",
    "",
  ].join("\n");
}
