import type { Capability } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import type { Person } from "./caller.ts";
import { governorOf, HIDDEN, type Ground } from "./ground.ts";
import { alone, asUid, inside, insideWith, withCapabilities } from "./if-only.ts";

/** A change that would make a refused setns(2) succeed, the nearest first. */
export type NearestChange =
  /** Its child, which has one thread when it is made. */
  | { readonly change: "as-child" }
  /** It has to be entered first: that gives every capability in it. */
  | { readonly change: "enter-first"; readonly user: NamespaceId }
  /** These in that user namespace: its own, or one that it would have to be in. */
  | { readonly change: "capability"; readonly user: NamespaceId; readonly capabilities: readonly Capability[] }
  /**
   * Whoever has this effective uid, in the viewer's numbers, in that user namespace owns what governs it. `first`: what
   * it has to enter before, by the same means.
   */
  | { readonly change: "as-owner"; readonly uid: number; readonly user: NamespaceId; readonly first?: NamespaceId };

/** What was refused, where the process was by then, and how to ask again. */
interface Refused {
  readonly record: NamespaceRecord;
  readonly at: Person;
  readonly joins: (person: Person, asked: NamespaceRecord) => boolean;
}

/** The smallest sets that joining something may take. */
const SETS: readonly (readonly Capability[])[] = [["CAP_SYS_ADMIN"], ["CAP_SYS_ADMIN", "CAP_SYS_CHROOT"]];

/** What would help, each tried before it is said. */
export function nearestChanges(
  ground: Ground,
  person: Person,
  { record, at, joins }: Refused,
): readonly NearestChange[] {
  const node = governorOf(ground, record);
  const governor = ground.nodes[node];
  if (governor === undefined) return [];
  const helps = (one: Person): boolean => joins(one, record);
  const changes: NearestChange[] = [];
  if (helps(alone(at))) changes.push({ change: "as-child" });
  const isUser = record.kind === "user";
  if (!isUser && joins(at, governor) && helps(inside(at, governor.id))) {
    changes.push({ change: "enter-first", user: governor.id });
  }
  const parent = ground.nodes[ground.parent[node] ?? HIDDEN];
  // Where it is, if that is enough; else where it would have to be.
  const own = person.process.namespaces.user;
  const place = isUser ? parent?.id : governor.id;
  const capable = [
    ...(own === undefined
      ? []
      : SETS.map((capabilities) => ({ user: own, capabilities, one: withCapabilities(person, capabilities) }))),
    ...(place === undefined
      ? []
      : SETS.map((capabilities) => ({ user: place, capabilities, one: insideWith(person, place, capabilities) }))),
  ].find(({ one }) => helps(one));
  if (capable !== undefined) {
    const { user, capabilities } = capable;
    changes.push({ change: "capability", user, capabilities });
  }
  const uid = ground.creator[node] ?? HIDDEN;
  if (parent === undefined || uid === HIDDEN) return changes;
  const owner = asUid(person, uid, parent.id);
  const asOwner = { change: "as-owner", uid, user: parent.id } as const;
  if (isUser ? helps(owner) : joins(owner, governor) && helps(inside(owner, governor.id))) {
    changes.push(isUser ? asOwner : { ...asOwner, first: governor.id });
  }
  return changes;
}
