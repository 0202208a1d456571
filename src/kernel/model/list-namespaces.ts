import { hasChange } from "../../rules/kernel-changes.ts";
import { isShown, isWanted, mayList, onlyKind, OWNED_BY_OWN, type ListRequest } from "../../rules/list-namespaces.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import { asleep } from "./awake.ts";
import type { Draft } from "./draft.ts";
import { currentOf } from "./handles.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

type Listed = Extract<Value, { readonly listed: unknown }>;

/** listns(2): the ids of namespaces, smallest first, beyond one that was seen before. Source: kernel/nstree.c. */
export function listNamespaces(draft: Draft, caller: Task, request: ListRequest): Outcome<Listed> {
  if (!hasChange(draft.release, "namespaces-are-listed")) return refused("ENOSYS", "call-unknown-to-kernel");
  const may = mayList(request);
  if (!may.ok) return may;
  const owner = ownerMeant(draft, caller, request.owner ?? 0n);
  if (!owner.ok) return owner;
  const { types, after = 0n, atMost = Number.POSITIVE_INFINITY, fault } = request;
  const rule = hasChange(draft.release, "handles-need-sight") ? "all" : "owner";
  const view = viewOf(draft);
  const lister = { credentials: caller.credentials, current: currentOf(caller) };
  const sleeping = asleep(draft);
  // With one kind or an owner asked for, the walk is over those alone.
  const only = owner.value === undefined ? onlyKind(types) : undefined;
  const walked = only === undefined ? draft.namespaces : draft.ofKind(only);
  const isWalked = (at: NsKey): boolean => owner.value === undefined || view.owner(at) === owner.value;
  let anyBeyond = after === 0n;
  const listed: bigint[] = [];
  for (let at = walked.after(Number(after)); at !== undefined; at = walked.after(at)) {
    if (!isWalked(at)) continue;
    anyBeyond = true;
    if (isWanted(types, view.kind(at)) && !sleeping.has(at) && isShown(view, lister, at, rule)) listed.push(BigInt(at));
  }
  if (!anyBeyond) return refused("ENOENT", "no-further-namespace");
  if (fault === "bad-room-address" && listed.length > 0) return refused("EFAULT", "bad-address");
  return ok({ listed: listed.slice(0, atMost) });
}

/** Whose namespaces are asked for; undefined: everybody's. */
function ownerMeant(draft: Draft, caller: Task, id: bigint): Outcome<NsKey | undefined> {
  if (id === 0n) return ok(undefined);
  if (id === OWNED_BY_OWN) return ok(caller.credentials.user);
  const named = draft.namespaceOfId(id);
  if (named === undefined || draft.namespace(named).kind !== "user") return refused("EINVAL", "no-such-user-namespace");
  return ok(named);
}
