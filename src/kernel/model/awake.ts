import { hasChange } from "../../rules/kernel-changes.ts";
import { UNCOUNTED } from "./counted.ts";
import type { Draft } from "./draft.ts";
import { heldBy } from "./held-by.ts";
import { SLOTS } from "./memberships.ts";
import type { NsKey, OpenFile } from "./world.ts";

/**
 * Since Linux 6.19 a namespace is in use by a task, by an open or mounted namespace file, or as owner or parent of such a one.
 * What only other files keep alive, such as sockets, sleeps: neither a listing nor a handle shows it, until somebody opens it
 * through the socket. Source: include/linux/ns_common.h __ns_ref_active_get.
 *
 * Found from those files, so that it costs what is open and not what there is: a namespace sleeps where they, and namespaces
 * that sleep, are all that hold it.
 */
export function asleep(draft: Draft): ReadonlySet<NsKey> {
  const idle = new Map<NsKey, number>();
  const found = new Set<NsKey>();
  const rest = (ns: NsKey): void => {
    const holders = (idle.get(ns) ?? 0) + 1;
    idle.set(ns, holders);
    if (holders !== holdersOf(draft, ns)) return;
    found.add(ns);
    const { kind, owner, parent } = draft.namespace(ns);
    if (owner !== undefined) rest(owner);
    if (kind === "pid" && parent !== undefined) rest(parent);
  };
  for (const file of draft.files.map.values()) for (const ns of heldIdly(file)) rest(ns);
  // In a world that was made of a snapshot nobody has counted who holds what: those who were seen are gone through.
  const uncounted = [...idle.keys()].filter((ns) => holdersOf(draft, ns) > UNCOUNTED / 2);
  const used = uncounted.length === 0 ? found : inUse(draft);
  for (const ns of uncounted) if (!used.has(ns)) found.add(ns);
  return found;
}

const holdersOf = (draft: Draft, ns: NsKey): number => draft.namespaces.held(ns)?.references ?? 0;

/** What a file keeps alive and does not wake. */
const heldIdly = (file: OpenFile): readonly NsKey[] =>
  file.target.type === "namespace" ? [file.opener] : heldBy(file);

/** The same the other way round, by going through all that there is: the namespaces that do not sleep. */
export function inUse(draft: Draft): ReadonlySet<NsKey> {
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
    for (const slot of SLOTS) wake(memberships?.[slot]);
  }
  for (const { target } of draft.files.map.values()) if (target.type === "namespace") wake(target.namespace);
  for (const { binds } of draft.namespaces.values()) for (const { namespace } of binds?.values() ?? []) wake(namespace);
  return found;
}

/** Whether one namespace can be found; before Linux 6.19 whatever exists can. */
export const isAwake = (draft: Draft, ns: NsKey): boolean =>
  !hasChange(draft.release, "unused-namespaces-sleep") || !asleep(draft).has(ns);
