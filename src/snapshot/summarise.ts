import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Coverage, Snapshot } from "./types.ts";

/** A snapshot in a few numbers, for a last line. */
export interface Summary {
  readonly namespaces: number;
  /** Every kind has its number, in the order of KINDS. */
  readonly byKind: ReadonlyMap<NamespaceKind, number>;
  readonly processes: number;
  readonly pins: number;
  /** Relations to owners and parents that the kernel did not show. */
  readonly hiddenOwners: number;
  readonly hiddenParents: number;
  /** The sources of which something was not seen, or about which there is something to say. */
  readonly gaps: readonly Coverage[];
}

export function summarise({ namespaces, processes, pins, coverage }: Snapshot): Summary {
  const byKind = new Map(KINDS.map((kind) => [kind, 0]));
  let [hiddenOwners, hiddenParents] = [0, 0];
  for (const { kind, owner, parent } of namespaces) {
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    if ("refused" in owner) hiddenOwners++;
    if (parent !== undefined && "refused" in parent) hiddenParents++;
  }
  return {
    namespaces: namespaces.length,
    byKind,
    processes: processes.length,
    pins: pins.length,
    hiddenOwners,
    hiddenParents,
    gaps: coverage.filter(hasGap),
  };
}

/** Whether a source was not seen in full, or has notes. */
export const hasGap = ({ vanished, refused, unsupported, notes }: Coverage): boolean =>
  vanished > 0 || Object.keys(refused).length > 0 || unsupported !== undefined || (notes?.length ?? 0) > 0;
