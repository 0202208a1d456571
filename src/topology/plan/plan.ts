import type { NamespaceId } from "../../abi/ids.ts";
import type { TaskName } from "../../kernel/call.ts";
import type { Boundary } from "../reference.ts";
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

/** What whoever restores wants besides: commands in place of skeletons, and the namespaces that are named `external:KEY`. */
export interface Wishes {
  readonly commands?: Commands;
  readonly externals?: ReadonlyMap<Boundary, Target>;
}
/** A namespace of this machine, open by a path. */
export interface Target {
  readonly path: string;
  readonly id: NamespaceId;
}

/**
 * A plan for a topology whose references lead somewhere and in no circle. It is not known yet whether a kernel would carry it
 * out: that is what the model is for.
 */
export function planRestore(
  topology: Topology,
  restorer: Restorer,
  { commands = new Map(), externals = new Map() }: Wishes = {},
): Plan {
  const crew = new Crew(topology, restorer, commands);
  for (const [as, { path, id }] of externals) crew.does(RESTORER, { do: "open", path, id, as });
  planNamespaces(crew);
  planBoundMounts(crew);
  planNetworks(crew);
  planPeople(crew);
  planPins(crew);
  planLimits(crew);
  return { first: RESTORER, steps: crew.steps };
}
