import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { asRestored } from "../../topology/compare/as-restored.ts";
import { compareTopologies } from "../../topology/compare/compare.ts";
import { report, type ReportedDifference } from "../../topology/compare/report.ts";
import type { Topology } from "../../topology/topology.ts";
import type { Running } from "../command.ts";
import { standing } from "./standing.ts";

/** An image, as it was to be restored, and how what is there differs from it. */
export interface Verified {
  readonly image: Topology;
  readonly differences: readonly ReportedDifference[];
}

/** How what is there of a restore differs from its image, but for what was wanted otherwise: commands, bind mounts. */
export async function verifyMade(
  running: Running,
  image: Topology,
  { entry, enter = true }: { readonly entry: RegistryEntry; readonly enter?: boolean },
): Promise<Verified> {
  const expected = asRestored(image, entry);
  const { topology, targets } = await standing(running, entry, enter);
  const wanted = { ...expected, ...(targets !== undefined && { targets }) };
  return { image: expected.image, differences: report(compareTopologies(expected.image, topology, wanted)) };
}
