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
  /** What several such are called together, where there are too many to draw each. Absent: it is words about another one. */
  readonly alike?: string;
  /** What the picture is about: its start, and what it warns of. The two look different without colours too. */
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
  const style = { start: ", style=bold", alarm: ", color=red, peripheries=2" };
  return [
    "digraph nsatlas {",
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
    "  classDef alarm stroke:#c00,stroke-width:3px,stroke-dasharray:6 3",
    ...classes,
    "",
  ].join("\n");
}
