import { inodeOf } from "../abi/ids.ts";
import type { WhyAlive } from "../snapshot/why-alive.ts";
import { butNumbers } from "./alike.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import type { Wording } from "./held-by.ts";
import { isProcessHolder } from "./holder-words.ts";
import type { Records } from "./records.ts";
import { releaseWords } from "./release-words.ts";
import { foundationWords, holdsIt } from "./why.ts";

/** A row a holder. */
export function whyRecords({ namespace, holders }: WhyAlive, wording: Wording): Records {
  return {
    columns: [
      { name: "NS", json: "number" },
      { name: "TYPE", json: "string" },
      { name: "KIND", json: "string" },
      { name: "PID", json: "number" },
      { name: "HOLDER", json: "string" },
      { name: "RELEASE", json: "string" },
    ],
    rows: holders.map(({ holder, release }) => [
      inodeOf(namespace.id),
      namespace.kind,
      holder.kind,
      isProcessHolder(holder) ? String(holder.process.pid) : undefined,
      foundationWords(holder, wording),
      releaseWords(release, wording),
    ]),
  };
}

/** Who leads to the namespace, and behind those that are namespaces themselves what keeps them. */
export function whyGraph({ namespace, holders }: WhyAlive, wording: Wording): Graph {
  const nodes: GraphNode[] = [{ id: "n0", label: wording.nameOf(namespace), level: 0, mark: "start" }];
  const edges: GraphEdge[] = [];
  const put = (label: string, level: number, to: string, how: string): string => {
    const id = `n${nodes.length}`;
    nodes.push({ id, label, level, alike: butNumbers(label) });
    edges.push({ from: to, to: id, label: how });
    return id;
  };
  for (const { holder, release, because } of holders) {
    let at = put(`${foundationWords(holder, wording)}: ${releaseWords(release, wording)}`, 1, "n0", holder.kind);
    for (const [nth, { by }] of because.entries()) {
      if (by !== undefined) at = put(foundationWords(by, wording) || holdsIt(by, wording), nth + 2, at, by.kind);
    }
  }
  return { nodes, edges };
}
