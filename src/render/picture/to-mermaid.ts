import { KINDS } from "../../abi/namespace-kinds.ts";
import { mermaidText } from "../graph.ts";
import { KIND_SIGNS } from "./kind-signs.ts";
import type { Box, Picture, Row } from "./picture.ts";

/** A picture as a Mermaid flowchart, boxes as subgraphs. */
export function toMermaid({ boxes, links }: Picture): string {
  const lines: string[] = ["flowchart LR"];
  const open: (Box | "end")[] = boxes.toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === "end") {
      lines.push("  end");
      continue;
    }
    const title = [`${at.title}${at.own ? " *" : ""}`, ...at.lines].join(" · ");
    lines.push(`  subgraph ${at.id} [${mermaidText(title)}]`, ...at.rows.flatMap(rowLines));
    // A subgraph without a node is none.
    if (at.rows.length === 0 && at.boxes.length === 0) lines.push(`  ${at.id}x[${mermaidText("-")}]`);
    open.push("end", ...at.boxes.toReversed());
  }
  const edges = links.map(({ what, from, to }) => `  ${from} ${what === "parent" ? "-.->" : "-->"} ${to}`);
  const classes = KINDS.map((kind) => `  classDef ${kind} stroke:${KIND_SIGNS[kind].color},stroke-width:2px`);
  return [...lines, ...edges, ...classes, "  classDef held stroke-dasharray:5 3", ""].join("\n");
}

function rowLines({ lead, cards }: Row): string[] {
  const words = [...lead.lines, ...(lead.shares.length === 0 ? [] : [`= ${lead.shares.join(" ")}`])];
  return [
    `  ${lead.id}[${mermaidText(words.join(" · "))}]${lead.what === "process" ? "" : ":::held"}`,
    ...cards.flatMap(({ id, kind, title, line, own }) => {
      const about = [`${KIND_SIGNS[kind].letter} ${title}${own ? " *" : ""}`, ...(line === "" ? [] : [line])];
      return [`  ${id}[${mermaidText(about.join(" · "))}]:::${kind}`, `  ${lead.id} --- ${id}`];
    }),
  ];
}
