import { hasChange } from "../../rules/kernel-changes.ts";
import { isOneKind, isShown, isWanted, mayList } from "../../rules/list-namespaces.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { Draft } from "./draft.ts";
import { currentOf } from "./handles.ts";
import { viewOf } from "./view.ts";
import type { Task } from "./world.ts";

/**
 * listns(2): the ids of namespaces, smallest first, beyond one that was seen before. Those that a socket alone keeps alive
 * are hidden by the kernel and not by the model, which does not tell them apart.
 */
export function listNamespaces(
  draft: Draft,
  caller: Task,
  { types, after = 0n }: { types: number; after?: bigint },
): Outcome<Value> {
  if (!hasChange(draft.release, "namespaces-are-listed")) return refused("ENOSYS", "call-unknown-to-kernel");
  const may = mayList(types);
  if (!may.ok) return may;
  const rule = hasChange(draft.release, "handles-need-sight") ? "all" : "owner";
  const view = viewOf(draft);
  const lister = { credentials: caller.credentials, current: currentOf(caller) };
  let anyBeyond = after === 0n;
  const ids: bigint[] = [];
  for (const { key, kind, uniqueId } of draft.namespaces.values()) {
    if (uniqueId <= after || (isOneKind(types) && !isWanted(types, kind))) continue;
    anyBeyond = true;
    if (isWanted(types, kind) && isShown(view, lister, key, rule)) ids.push(uniqueId);
  }
  if (!anyBeyond) return refused("ENOENT", "no-further-namespace");
  return ok({ listed: ids.toSorted((a, b) => (a < b ? -1 : 1)) });
}
