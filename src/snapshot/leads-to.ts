import type { NamespaceId } from "../abi/ids.ts";
import type { Relation } from "./types.ts";

/** Where a relation leads; undefined: there is none, or it was refused. */
export const leadsTo = (relation: Relation | undefined): NamespaceId | undefined =>
  relation !== undefined && "to" in relation ? relation.to : undefined;
