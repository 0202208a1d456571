import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, type Fault, type Path } from "../../snapshot/issue.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { NamespaceNode, ProcessNode, Topology } from "../topology.ts";

/** The records of a topology by label; of two with one label the first. */
export interface Known {
  readonly nodes: ReadonlyMap<Label, Placed<NamespaceNode>>;
  readonly processes: ReadonlyMap<Label, Placed<ProcessNode>>;
  /** The pid namespaces from the outermost captured one down to this one, itself the last. */
  readonly pidChains: ReadonlyMap<Label, readonly Label[]>;
}
interface Placed<T> {
  readonly record: T;
  /** Its place in its list. */
  readonly nth: number;
}

export function knownOf({ namespaces, processes }: Topology): Known {
  const nodes = byLabel(namespaces);
  const pidChains = new Map<Label, readonly Label[]>();
  for (const node of namespaces) {
    if (node.kind !== "pid" || pidChains.has(node.label)) continue;
    const above = pidChains.get(node.parent) ?? [];
    // Deeper than the kernel allows is told elsewhere, and needs no longer lists here.
    pidChains.set(node.label, [...above.slice(-MOST_KEPT), node.label]);
  }
  return { nodes, processes: byLabel(processes), pidChains };
}
const MOST_KEPT = 64;

function byLabel<T extends { readonly label: Label }>(records: readonly T[]): ReadonlyMap<Label, Placed<T>> {
  const found = new Map<Label, Placed<T>>();
  for (const [nth, record] of records.entries()) if (!found.has(record.label)) found.set(record.label, { record, nth });
  return found;
}

/** The node that a reference leads to; undefined: it is at the boundary, or leads nowhere. */
export const nodeOf = ({ nodes }: Known, reference: Reference | undefined): NamespaceNode | undefined =>
  reference === undefined ? undefined : nodes.get(reference)?.record;

/** What is wrong with a reference: it must lead to a namespace of this kind, and, where it has to, to one that stands before. */
export function* referenceFaults(
  { nodes }: Known,
  reference: Reference,
  { kind, at, before = Number.POSITIVE_INFINITY }: { kind: NamespaceKind; at: Path; before?: number },
): Generator<Fault> {
  if (isBoundary(reference)) {
    const [, found = ""] = reference.split(":");
    if (reference.startsWith("ambient:") && found !== kind)
      yield faultAt(at, TOPOLOGY_ISSUES["other-kind"], { label: reference, found, kind });
    return;
  }
  const found = nodes.get(reference);
  if (found === undefined) yield faultAt(at, TOPOLOGY_ISSUES["no-such-label"], { label: reference, kind });
  else if (found.record.kind !== kind)
    yield faultAt(at, TOPOLOGY_ISSUES["other-kind"], { label: reference, found: found.record.kind, kind });
  else if (found.nth >= before) yield faultAt(at, TOPOLOGY_ISSUES["stands-later"], { label: reference });
}
