import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, type Fault, type Path } from "../../snapshot/issue.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { Topology } from "../topology.ts";
import { nodeOf, referenceFaults, type Known } from "./known.ts";

/** Levels below the machine's first. Source: kernel/user_namespace.c create_user_ns, include/linux/pid_namespace.h. */
const MOST_LEVELS = { user: 33, pid: 32 } as const;

/** Owners and parents. What stands before can lie above, so nothing goes round. */
export function* namespaceFaults({ namespaces }: Topology, known: Known): Generator<Fault> {
  const levels = new Map<Label, number>();
  for (const [nth, node] of namespaces.entries()) {
    const at: Path = ["namespaces", nth];
    yield* referenceFaults(known, node.owner, { kind: "user", at: [...at, "owner"], before: nth });
    if (node.kind !== "user" && node.kind !== "pid") continue;
    const parent = node.kind === "user" ? node.owner : node.parent;
    const level = (levels.get(parent) ?? 0) + 1;
    levels.set(node.label, level);
    const most = MOST_LEVELS[node.kind];
    // Once, where it begins: what lies below is too deep all the same.
    if (level === most + 1) yield faultAt(at, TOPOLOGY_ISSUES["too-deep"], { level, most });
    if (node.kind !== "pid") continue;
    yield* referenceFaults(known, node.parent, { kind: "pid", at: [...at, "parent"], before: nth });
  }
}

/** A pid namespace's owner is its parent's, or lies below. Source: kernel/pid_namespace.c create_pid_namespace, in_userns. */
export function* ownerFaults({ namespaces }: Topology, known: Known): Generator<Fault> {
  for (const [nth, node] of namespaces.entries()) {
    if (node.kind !== "pid") continue;
    const { owner } = node;
    const above = nodeOf(known, node.parent)?.owner;
    // Whoever is at the boundary may lie anywhere above.
    if (above === undefined || isBoundary(above) || isExternal(owner) || isUpwards(known, owner, above)) continue;
    yield faultAt(["namespaces", nth, "owner"], TOPOLOGY_ISSUES["owner-beside-parents"], { owner, above });
  }
}

const isExternal = (reference: Reference): boolean => reference.startsWith("external:");

/** Whether one comes to `above` from a user namespace upwards, itself included. */
function isUpwards(known: Known, from: Reference, above: Reference): boolean {
  let at: Reference | undefined = from;
  for (let steps = 0; at !== undefined && steps <= MOST_LEVELS.user; steps++) {
    if (at === above) return true;
    at = nodeOf(known, at)?.owner;
  }
  return false;
}
