import { REACH } from "../../messages/reach.ts";
import type { Charset } from "../../messages/safe-text.ts";
import type { Language } from "../../messages/sentence.ts";
import { alikeNamespace } from "../../render/alike-namespace.ts";
import { butNumbers } from "../../render/alike.ts";
import type { Graph, GraphEdge, GraphNode } from "../../render/graph.ts";
import { isFirstUser } from "../ground.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { ReachStep } from "./path.ts";
import type { ReachAnswer } from "./reach.ts";
import type { Names } from "./text.ts";
import { once } from "../../snapshot/once.ts";

/** What the shortest paths go through: processes that are taken over, namespaces that are joined, each once. */
export function reachGraph(
  index: SnapshotIndex,
  answer: ReachAnswer,
  { names, charset, language }: { readonly names: Names; readonly charset: Charset; readonly language: Language },
): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const start = `p${answer.who.pid}`;
  const initial = answer.initial.steps.at(-1)?.how;
  const alarm = initial?.way === "take-over" ? `p${initial.pid}` : undefined;
  const who = names.process(answer.who.pid);
  nodes.set(start, { id: start, label: who, level: 0, mark: "start", alike: who });
  const drawn = new Set(answer.reached.map(({ namespace }) => namespace));
  const among = { nameOf: names.ofNamespace, charset, drawn };
  const draw = (step: ReachStep, level: number, from: string): string => {
    const { how } = step;
    if (!("namespace" in how) && how.way !== "take-over") return from;
    const record = how.way === "take-over" ? undefined : index.namespaces.get(how.namespace);
    const id = how.way === "take-over" ? `p${how.pid}` : `n${Math.max(0, numberOf(index, how.namespace))}`;
    const name = how.way === "take-over" ? names.process(how.pid) : names.namespace(how.namespace);
    const isAlarm = id === alarm || (record !== undefined && isFirstUser(record));
    const words = how.way === "look" ? ` (${REACH.look[language]})` : "";
    const alike = (record === undefined ? butNumbers(name) : alikeNamespace(record, among)) + words;
    const mark = isAlarm ? ({ mark: "alarm" } as const) : {};
    if (!nodes.has(id)) nodes.set(id, { id, label: name + words, level, alike, ...mark });
    const call = how.way === "take-over" ? "ptrace" : how.way === "look" ? "/proc/PID/root" : "setns";
    const key = `${from} ${id}`;
    if (from !== id && !edges.has(key)) edges.set(key, { from, to: id, label: call });
    return id;
  };
  for (const { inside, look } of answer.reached) {
    let at = start;
    for (const [nth, step] of (inside ?? look ?? []).entries()) at = draw(step, nth + 1, at);
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

const placesIn = once(
  ({ snapshot }: SnapshotIndex): ReadonlyMap<string, number> =>
    new Map(snapshot.namespaces.map(({ id }, nth) => [id, nth])),
);

/** The place of a namespace in the snapshot. */
const numberOf = (index: SnapshotIndex, id: string): number => placesIn(index).get(id) ?? -1;
