import type { Glyphs } from "./glyphs.ts";
import type { Graph, GraphEdge } from "./graph.ts";
import { walk } from "./walk.ts";
import { columnsOf } from "./width.ts";
import { wrap } from "./wrap.ts";

/** Deeper than any chain of holders of a kernel; a file might have more. */
const MOST_IN_A_PREFIX = 40;
/** A text has this much room, however deep it stands. */
const LEAST_FOR_TEXT = 20;

/**
 * What leads where, as lines that hang from each other: before each stands how it is led to. Each node is listed behind the one
 * that leads to it; where several do, it hangs from the first. `width`: the terminal's columns; undefined: nothing is broken.
 */
export function toTree({ nodes, edges }: Graph, { width, glyphs }: { width: number | undefined; glyphs: Glyphs }) {
  const above = new Map<string, GraphEdge>();
  for (const edge of edges) if (!above.has(edge.to)) above.set(edge.to, edge);
  const places = new Map(nodes.map(({ id }, at) => [id, at]));
  const rows = nodes.map(({ id, label }) => {
    const edge = above.get(id);
    const parent = edge && places.get(edge.from);
    return { text: edge === undefined ? label : `${edge.label} ${label}`, parent };
  });
  return walk(rows, glyphs, MOST_IN_A_PREFIX)
    .flatMap(({ row, prefix, below }) => {
      const [first, further] = [prefix, below].map((one) => (prefix === "" ? one : `${one} `));
      const room = Math.max(LEAST_FOR_TEXT, (width ?? Infinity) - columnsOf(further ?? ""));
      const lines = wrap(rows[row]?.text ?? "", { width: room });
      return lines.map((line, nth) => `${nth === 0 ? first : further}${line}\n`);
    })
    .join("");
}
