import { hasChange } from "../../rules/kernel-changes.ts";
import type { Draft } from "./draft.ts";
import type { NsKey } from "./world.ts";

/**
 * The namespaces that are in use since Linux 6.19: by a task, by an open or mounted namespace file, or as owner or parent of
 * such a one. What only a socket keeps alive sleeps: neither a listing nor a handle shows it, until somebody opens it
 * through the socket. Source: include/linux/ns_common.h __ns_ref_active_get.
 */
export function awake(draft: Draft): ReadonlySet<NsKey> {
  const found = new Set<NsKey>();
  const wake = (ns: NsKey | undefined): void => {
    for (let next = ns; next !== undefined && !found.has(next); next = draft.namespace(next).owner) {
      found.add(next);
      const { kind, parent } = draft.namespace(next);
      if (kind === "pid") wake(parent);
    }
  };
  for (const { credentials, pid, memberships } of draft.tasks.values()) {
    wake(credentials.user);
    wake(pid);
    for (const ns of Object.values(memberships ?? {})) wake(ns);
  }
  for (const { target } of draft.files.map.values()) if (target.type === "namespace") wake(target.namespace);
  for (const { binds } of draft.namespaces.values()) for (const { namespace } of binds?.values() ?? []) wake(namespace);
  return found;
}

/** Whether one namespace can be found; before Linux 6.19 whatever exists can. */
export const isAwake = (draft: Draft, ns: NsKey): boolean =>
  !hasChange(draft.release, "unused-namespaces-sleep") || awake(draft).has(ns);
