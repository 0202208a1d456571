import { KINDS } from "../../abi/namespace-kinds.ts";
import { type Crew, RESTORER } from "./crew.ts";

/** Last of all: a limit concerns what is made from then on. */
export function planLimits(crew: Crew): void {
  for (const node of crew.index.topology.namespaces) {
    if (node.kind !== "user") continue;
    const { label, limits } = node;
    const set = KINDS.flatMap((kind) => (limits[kind] === undefined ? [] : [[kind, limits[kind]] as const]));
    if (set.length === 0) continue;
    const by = crew.helper(RESTORER, "limiter", label);
    crew.joins(by, label, label);
    for (const [kind, limit] of set) {
      crew.does(by, { do: "limit", name: `max_${kind}_namespaces`, text: String(limit) }, label);
    }
    crew.leaves(by, RESTORER, label);
  }
}
