import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, type Fault } from "../../snapshot/issue.ts";
import type { Topology } from "../topology.ts";
import { circleFaults, findingFaults, pinFaults } from "./holder-laws.ts";
import { knownOf, type Known } from "./known.ts";
import { mapFaults } from "./map-laws.ts";
import { namespaceFaults, ownerFaults } from "./namespace-laws.ts";
import { networkFaults } from "./network-laws.ts";
import { processFaults } from "./process-laws.ts";

/**
 * What is wrong between the records of a topology whose every field is right: nothing that a kernel could have made, and
 * nothing to restore. What hangs from what comes first; where that is wrong, all else would only repeat it. Linear in
 * the records, whatever they say.
 */
export function* topologyFaults(topology: Topology): Generator<Fault> {
  const known = knownOf(topology);
  let isWrong = false;
  for (const fault of frameFaults(topology, known)) {
    isWrong = true;
    yield fault;
  }
  if (isWrong) return;
  yield* ownerFaults(topology, known);
  yield* mapFaults(topology, known);
  yield* networkFaults(topology, known);
  yield* processFaults(topology, known);
  yield* pinFaults(topology, known);
  yield* circleFaults(topology);
  yield* findingFaults(topology);
}

function* frameFaults(topology: Topology, known: Known): Generator<Fault> {
  const labels = new Set<string>();
  for (const list of ["namespaces", "processes"] as const) {
    for (const [nth, { label }] of topology[list].entries()) {
      if (labels.has(label)) yield faultAt([list, nth, "label"], TOPOLOGY_ISSUES["label-twice"], { label });
      labels.add(label);
    }
  }
  yield* namespaceFaults(topology, known);
}
