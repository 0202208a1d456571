import { heldBy } from "../held-by.ts";
import { SLOTS } from "../memberships.ts";
import { NameMap } from "../persistent.ts";
import type { Namespace, NsKey, OpenFile, Task } from "../world.ts";

/** What keeps namespaces: how many references each has. */
export function referencesTo(
  namespaces: ReadonlyMap<NsKey, Namespace>,
  tasks: Iterable<Task>,
  files: Iterable<OpenFile>,
): ReadonlyMap<NsKey, number> {
  const counts = new Map<NsKey, number>();
  const hold = (key: NsKey | undefined): void => {
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const { pid, credentials, memberships } of tasks) {
    hold(pid);
    hold(credentials.user);
    if (memberships !== undefined) for (const slot of SLOTS) hold(memberships[slot]);
  }
  for (const file of files) for (const key of heldBy(file)) hold(key);
  for (const { kind, owner, parent, binds } of namespaces.values()) {
    hold(owner);
    if (kind === "pid") hold(parent);
    for (const { namespace } of binds?.values() ?? []) hold(namespace);
  }
  return counts;
}

/** What user namespaces are charged: each namespace in its owner, by its maker, and there by that one's maker above. */
export function chargesOf(namespaces: ReadonlyMap<NsKey, Namespace>): ReadonlyMap<NsKey, NameMap<string, number>> {
  const charges = new Map<NsKey, NameMap<string, number>>();
  for (const { kind, owner, creator } of namespaces.values()) {
    let uid = creator;
    for (let key = owner; key !== undefined && uid !== undefined;) {
      const payer = namespaces.get(key);
      const counts = charges.get(key) ?? new NameMap<string, number>();
      const counter = `${kind} ${uid}`;
      charges.set(key, counts.set(counter, (counts.get(counter) ?? 0) + 1));
      uid = payer?.user?.creatorUid;
      key = payer?.parent;
    }
  }
  return charges;
}
