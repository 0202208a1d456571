import { ALL_CAPABILITIES } from "../../abi/capabilities.ts";
import { isBoundary } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import { namesIn, setsOf } from "./credentials.ts";
import type { Hindrance } from "./hindrances.ts";
import { AMBIENT_USER } from "./index-topology.ts";
import type { Restorer } from "./restorer.ts";

/**
 * What every process has from whoever restores and can never be rid of again: no_new_privs; and, unless it goes into another
 * user namespace, a bounding set that nobody widens. Source: capabilities(7), kernel/user_namespace.c set_cred_user_ns.
 */
export function inheritedHindrances({ processes }: Topology, { credentials: own }: Restorer): readonly Hindrance[] {
  const { bounding } = setsOf(own);
  return processes.flatMap(({ label, namespaces, credentials }: ProcessNode): readonly Hindrance[] => {
    const found: Hindrance[] = [];
    if (own.noNewPrivs && !credentials.noNewPrivs) found.push({ element: label, why: "no-new-privs" });
    const lacking = isBoundary(namespaces.user ?? AMBIENT_USER)
      ? namesIn(setsOf(credentials).bounding & ~bounding & ALL_CAPABILITIES)
      : [];
    if (lacking.length > 0) found.push({ element: label, why: "bounding", other: lacking.join(", ") });
    return found;
  });
}
