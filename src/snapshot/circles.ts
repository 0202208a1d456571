import { leadsTo } from "./leads-to.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { FORMAT_ISSUES } from "../messages/format-issues.ts";
import { issueAt, type Issue } from "./issue.ts";
import type { NamespaceRecord } from "./types.ts";

/**
 * Each circle of owners, and of pid namespaces' parents, once: at the record that closes it. The kernel makes owner and parent
 * at creation and never changes them, so there is none. (A user namespace's parent is its owner.)
 */
export function* circles(namespaces: readonly NamespaceRecord[]): Generator<Issue> {
  const pids = namespaces.flatMap((record, nth) => (record.kind === "pid" ? [{ record, nth }] : []));
  const all = namespaces.map((record, nth) => ({ record, nth }));
  yield* closed(all, "owner");
  yield* closed(pids, "parent");
}

interface Placed {
  readonly record: NamespaceRecord;
  readonly nth: number;
}

/** Walks from each record until a walk before has been there: every record is passed once. */
function* closed(placed: readonly Placed[], field: "owner" | "parent"): Generator<Issue> {
  const byId = new Map(placed.map((one) => [one.record.id, one]));
  const walkOf = new Map<NamespaceId, number>();
  for (const start of placed) {
    let at: Placed | undefined = start;
    while (at !== undefined && !walkOf.has(at.record.id)) {
      walkOf.set(at.record.id, start.nth);
      const to = leadsTo(at.record[field]);
      const next: Placed | undefined = to === undefined ? undefined : byId.get(to);
      if (to !== undefined && next !== undefined && walkOf.get(to) === start.nth) {
        yield issueAt(["namespaces", at.nth, field, "to"], FORMAT_ISSUES.circle, { id: to });
      }
      at = next;
    }
  }
}
