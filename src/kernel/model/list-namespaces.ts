import { hasChange } from "../../rules/kernel-changes.ts";
import { onlyKind, isShown, isWanted, mayList } from "../../rules/list-namespaces.ts";
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
  const only = onlyKind(types);
  const walked = only === undefined ? draft.namespaces : draft.ofKind(only);
  const first = walked.after(Number(after));
  if (first === undefined && after !== 0n) return refused("ENOENT", "no-further-namespace");
  const listed: bigint[] = [];
  for (let at = first; at !== undefined; at = walked.after(at)) {
    if (isWanted(types, view.kind(at)) && isShown(view, lister, at, rule)) listed.push(BigInt(at));
  }
  return ok({ listed });
}
