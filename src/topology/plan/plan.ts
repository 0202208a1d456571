import type { TaskName } from "../../kernel/call.ts";
import type { Topology } from "../topology.ts";
import { planBoundMounts } from "./bound-mounts.ts";
import { Crew, RESTORER } from "./crew.ts";
import { planLimits } from "./limits.ts";
import { planNamespaces } from "./namespaces.ts";
import { planNetworks } from "./networks.ts";
import { planPeople } from "./people.ts";
import { planPins } from "./pins.ts";
import type { Commands, Restorer } from "./restorer.ts";
import type { Step } from "./step.ts";

/** Who does what, in order, so that a topology is there again. */
export interface Plan {
  /** Whoever begins: in the restorer's own namespaces, with its credentials. */
  readonly first: TaskName;
  readonly steps: readonly Step[];
}

/**
 * A plan for a topology whose references lead somewhere and in no circle. It is not known yet whether a kernel would carry it
 * out: that is what the model is for.
 */
export function planRestore(topology: Topology, restorer: Restorer, commands: Commands = new Map()): Plan {
  const crew = new Crew(topology, restorer, commands);
  planNamespaces(crew);
  planBoundMounts(crew);
  planNetworks(crew);
  planPeople(crew);
  planPins(crew);
  planLimits(crew);
  return { first: RESTORER, steps: crew.steps };
}
