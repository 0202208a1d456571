import fc from "../support/property.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord, Refusal, Snapshot } from "../../src/snapshot/types.ts";

const NOT_SHOWN: Refusal = { refused: "EPERM", call: "ioctl NS_GET_USERNS" };

/** One fact that a viewer may not have seen: which, and of which record (counted around). */
export interface Loss {
  readonly what: "status" | "links" | "owner" | "parent" | "creator" | "maps" | "namespace" | "process" | "sets";
  readonly nth: number;
}
export const anyLoss: fc.Arbitrary<Loss> = fc.record({
  what: fc.constantFrom("status", "links", "owner", "parent", "creator", "maps", "namespace", "process", "sets"),
  nth: fc.nat(60),
});

/** The same look with less to see. What it was asked about stays: processes of `keptPids`, the namespaces of `keptIds`. */
export function without(
  { snapshot }: SnapshotIndex,
  losses: readonly Loss[],
  kept: { readonly pids: ReadonlySet<number>; readonly ids: ReadonlySet<string> },
): SnapshotIndex {
  let seen: Snapshot = snapshot;
  for (const { what, nth } of losses) {
    if (seen.processes.length === 0 || seen.namespaces.length === 0) break;
    const row = what === "status" || what === "links" || what === "process" || what === "sets";
    if (row) {
      const at = nth % seen.processes.length;
      const processes = seen.processes.flatMap((one, place) =>
        place === at ? lessOfProcess(one, what, kept.pids) : [one],
      );
      seen = { ...seen, processes };
    } else {
      const at = nth % seen.namespaces.length;
      const namespaces = seen.namespaces.flatMap((one, place) =>
        place === at ? lessOfNamespace(one, what, kept.ids) : [one],
      );
      seen = { ...seen, namespaces };
    }
  }
  return indexSnapshot(seen);
}

function lessOfProcess(process: ProcessRecord, what: Loss["what"], kept: ReadonlySet<number>): ProcessRecord[] {
  const { status, namespaces: _links, ...rest } = process;
  if (what === "process") return kept.has(process.pid) ? [process] : [];
  if (what === "links") return [{ ...process, namespaces: {} }];
  if (status === undefined) return [process];
  return what === "status" ? [{ ...rest, namespaces: process.namespaces }] : [process];
}

function lessOfNamespace(record: NamespaceRecord, what: Loss["what"], kept: ReadonlySet<string>): NamespaceRecord[] {
  if (what === "namespace") return kept.has(record.id) ? [record] : [];
  if (what === "owner")
    return [{ ...record, owner: NOT_SHOWN, ...(record.kind === "user" ? { parent: NOT_SHOWN } : {}) }];
  if (what === "parent" && record.parent !== undefined) return [{ ...record, parent: NOT_SHOWN }];
  if (what === "creator" && record.creatorUid !== undefined) return [{ ...record, creatorUid: NOT_SHOWN }];
  if (what === "maps" && record.maps !== undefined) return [{ ...record, maps: NOT_SHOWN }];
  return [record];
}
