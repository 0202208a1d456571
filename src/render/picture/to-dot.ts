import { dotText } from "../graph.ts";
import { KIND_SIGNS } from "./kind-signs.ts";
import type { Box, Card, Lead, Picture, Row } from "./picture.ts";

/** A picture in the language of Graphviz, boxes as clusters. A member of a row is tied to it by a line without a tip. */
export function toDot({ title, notes, boxes, links }: Picture): string {
  const lines = [
    "digraph nsatlas {",
    `  graph [rankdir=LR, label=${dotText([title, ...notes].join("\n"))}, labelloc=t, fontname=monospace, compound=true];`,
    "  node [shape=box, fontname=monospace, fontsize=10, style=filled, fillcolor=white];",
    "  edge [arrowhead=none];",
  ];
  const open: (Box | "end")[] = boxes.toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === "end") {
      lines.push("  }");
      continue;
    }
    lines.push(
      `  subgraph cluster_${at.id} {`,
      `  label=${dotText([`${at.title}${at.own ? " *" : ""}`, ...at.lines].join("\n"))}; labeljust=l; style=${at.own ? "bold" : "solid"};`,
      // A cluster with nothing in it is not drawn, and links lead to nodes alone.
      `  ${at.id} [shape=point, style=invis, width=0.01];`,
      ...at.rows.flatMap(rowLines),
    );
    open.push("end", ...at.boxes.toReversed());
  }
  const edges = links.map(
    ({ what, from, to }) => `  ${from} -> ${to} [arrowhead=normal, style=${what === "parent" ? "dashed" : "solid"}];`,
  );
  return [...lines, ...edges, "}", ""].join("\n");
}

const rowLines = ({ lead, cards }: Row): string[] => [
  leadLine(lead),
  ...cards.flatMap((card) => [cardLine(card), `  ${lead.id} -> ${card.id};`]),
];

function leadLine({ id, what, lines, shares }: Lead): string {
  const words = [...lines, ...(shares.length === 0 ? [] : [`= ${shares.join(" ")}`])];
  const style = what === "process" ? "filled" : what === "elsewhere" ? "dotted" : "dashed";
  return `  ${id} [label=${dotText(words.join("\n"))}, style=${style}];`;
}

function cardLine({ id, kind, title, line, own }: Card): string {
  const { letter, color } = KIND_SIGNS[kind];
  const words = [`${letter}  ${title}${own ? " *" : ""}`, ...(line === "" ? [] : [line])];
  return `  ${id} [label=${dotText(words.join("\n"))}, color=${dotText(color)}, penwidth=${own ? 3 : 1.5}];`;
}
