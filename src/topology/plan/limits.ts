import { KINDS } from "../../abi/namespace-kinds.ts";
import type { PidNode } from "../nodes.ts";
import { type Crew, RESTORER } from "./crew.ts";

/** Last of all: a limit concerns what is made from then on, and numbers beyond kernel.pid_max may be in use. */
export function planLimits(crew: Crew): void {
  for (const node of crew.index.topology.namespaces) if (node.kind === "pid") planPidMax(crew, node);
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

/** By somebody who is born there for it: the file is of whichever pid namespace its writer is in. */
function planPidMax(crew: Crew, { label, state, pidMax }: PidNode): void {
  if (pidMax === undefined || state !== "alive") return;
  const midwife = crew.midwifeIn(label);
  const by = crew.helper(midwife, "limiter", label);
  crew.does(by, { do: "sysctl", name: "kernel.pid_max", text: String(pidMax) }, label);
  crew.leaves(by, midwife, label);
}
