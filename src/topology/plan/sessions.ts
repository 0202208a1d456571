import { isBoundary, type Label } from "../reference.ts";
import type { ProcessNode } from "../topology.ts";
import { pidOf } from "./births.ts";
import { AMBIENT_PID, type Index } from "./index-topology.ts";
import { push } from "../../snapshot/push.ts";

/**
 * How a process comes into its session, which a child has from whoever forked it:
 * parent: from its parent; or it begins one of its own.
 * parent-before: from its parent, before that begins one of its own.
 * sibling, orphan: another of that session forks it, as its sibling; or has a child fork it that ends then, so that the
 *   parent, who has taken over the orphans below it, becomes its parent.
 * nobody: no parent and no leader of the topology could have forked it.
 */
export type Descent =
  | { readonly by: "parent" | "parent-before" | "nobody" }
  | { readonly by: "sibling" | "orphan"; readonly donor: Donor };

/** Somebody of the session: its leader; or one that stands in for a leader that has ended, as a child of `parent`. */
export type Donor =
  | { readonly leader: Label }
  | { readonly relict: string; readonly parent: ProcessNode; readonly number: number };

/** Which session each is in: its leader's label, or of one whose leader has ended the pid namespace and the number. */
function sessionsOf(index: Index): ReadonlyMap<Label, string> {
  const found = new Map<Label, string>();
  for (const process of index.topology.processes) {
    const { label, session, parent = "", namespaces } = process;
    const { pid = AMBIENT_PID } = namespaces;
    // Numbers at the boundary are anybody's.
    const stays = index.stays(process, "session") || (typeof session === "number" && isBoundary(pid));
    const own = index.leader(process, "session")?.label ?? `${pid} ${session}`;
    found.set(label, (stays ? found.get(parent) : undefined) ?? own);
  }
  return found;
}

/** Of each process; linear in the topology, but for orphans, who climb to their parents. */
export function descentsOf(index: Index): ReadonlyMap<Label, Descent> {
  const sessions = sessionsOf(index);
  const found = new Map<Label, Descent>();
  const born = new Map<Label, string>();
  /** By session: those whose leader has ended, and whose parent is not of it. */
  const relicts = new Map<string, ProcessNode[]>();
  for (const process of index.topology.processes) {
    const { label } = process;
    const session = sessions.get(label) ?? label;
    const parent = index.processes.get(process.parent ?? "");
    const above = parent && { parent, session: sessions.get(parent.label), born: born.get(parent.label) };
    const descent = descentOf(index, process, { session, above });
    if (descent !== undefined) found.set(label, descent);
    else push(relicts, session, process);
    const from = descent?.by === "parent" ? above?.session : descent?.by === "parent-before" ? above?.born : session;
    if (from !== undefined) born.set(label, from);
  }
  for (const [session, members] of relicts) addRelicts(index, found, { session, members });
  return found;
}

interface About {
  readonly session: string;
  /** Its parent, the session of that, and the one which that was born into. */
  readonly above:
    | { readonly parent: ProcessNode; readonly session: string | undefined; readonly born: string | undefined }
    | undefined;
}

/** Undefined: the leader has ended. */
function descentOf(index: Index, process: ProcessNode, { session, above }: About): Descent | undefined {
  if (session === process.label || above?.session === session) return { by: "parent" };
  if (above?.born === session && above.session === above.parent.label) return { by: "parent-before" };
  const leader = index.processes.get(session);
  if (leader === undefined) return above === undefined ? { by: "nobody" } : undefined;
  // Whoever has the number leads the session, or there is none of that number.
  if (!index.leads(leader, "session") || pidOf(leader) !== pidOf(process)) return { by: "nobody" };
  const donor = { leader: leader.label };
  if (leader.parent === process.parent) return { by: "sibling", donor };
  // At the boundary orphans come to somebody outside of the image, as their parent is.
  const isAdopted =
    above === undefined ? isBoundary(pidOf(process)) : isAdopting(index, above.parent, leader, [process]);
  return isAdopted ? { by: "orphan", donor } : { by: "nobody" };
}

/** Who stands in for the leader is a child of the lowest of the parents; to the others above, orphans come. */
function addRelicts(
  index: Index,
  found: Map<Label, Descent>,
  { session, members }: { readonly session: string; readonly members: readonly ProcessNode[] },
): void {
  const parents = new Set(members.flatMap(({ parent = "" }) => index.processes.get(parent) ?? []));
  const lowest = [...parents].reduce((low, one) => (ancestorsOf(index, one).has(low.label) ? one : low));
  for (const { label, parent, session: led, namespaces } of members) {
    const number = typeof led === "number" ? led : 0;
    const own = index.processes.get(parent ?? "");
    const isThere = pidOf(lowest) === (namespaces.pid ?? AMBIENT_PID);
    const isChild = own === lowest;
    const isFitting = isThere && own !== undefined && (isChild || isAdopting(index, own, lowest, members));
    const donor = { relict: session, parent: lowest, number };
    found.set(label, isFitting ? { by: isChild ? "sibling" : "orphan", donor } : { by: "nobody" });
  }
}

/** Whether orphans from somewhere below `from` come to `parent`: it is above, in the same pid namespace; and none of them is. */
function isAdopting(index: Index, parent: ProcessNode, from: ProcessNode, orphans: readonly ProcessNode[]): boolean {
  const above = ancestorsOf(index, from);
  if (pidOf(parent) !== pidOf(from) || !above.has(parent.label)) return false;
  return orphans.every(({ label }) => label !== from.label && !above.has(label));
}

/** Up to the outermost that is captured. */
function ancestorsOf(index: Index, process: ProcessNode): ReadonlySet<Label> {
  const above = new Set<Label>();
  let at = index.processes.get(process.parent ?? "");
  while (at !== undefined && !above.has(at.label)) {
    above.add(at.label);
    at = index.processes.get(at.parent ?? "");
  }
  return above;
}

/** What keeps a process out of its session or its group: `other` is the leader, or its number. */
export interface Misfit {
  readonly element: Label;
  readonly why: "session" | "group";
  readonly other: string;
}

/** Who cannot be born into its session, or join its group: whatever a kernel had, nobody could make it again from here. */
export function misfitsIn(index: Index): readonly Misfit[] {
  const sessions = sessionsOf(index);
  const descents = descentsOf(index);
  const ordered = new Order(index, descents);
  return index.topology.processes.flatMap((process): readonly Misfit[] => {
    const { label: element, session, group } = process;
    if (descents.get(element)?.by === "nobody" || !ordered.comes(process))
      return [{ element, why: "session", other: String(session ?? element) }];
    // Members of a group are of one session; its leader never leaves it. Source: kernel/sys.c setpgid.
    const leader = index.leader(process, "group");
    const isElsewhere = leader !== undefined && sessions.get(leader.label) !== sessions.get(element);
    const isOwnLeader = index.leads(process, "session") && group !== undefined && group !== element;
    const isNobodys = typeof group === "string" && (leader === undefined || !index.leads(leader, "group"));
    return isElsewhere || isOwnLeader || isNobodys ? [{ element, why: "group", other: String(group) }] : [];
  });
}

/** Whether everybody can be born behind those who have to be there before. */
class Order {
  readonly #index: Index;
  readonly #descents: ReadonlyMap<Label, Descent>;
  readonly #comes = new Map<Label, boolean>();

  constructor(index: Index, descents: ReadonlyMap<Label, Descent>) {
    this.#index = index;
    this.#descents = descents;
  }

  comes(process: ProcessNode): boolean {
    const known = this.#comes.get(process.label);
    if (known !== undefined) return known;
    // Whoever comes back here before that is known waits for itself.
    this.#comes.set(process.label, false);
    const comes = this.#before(process).every((other) => this.comes(other));
    this.#comes.set(process.label, comes);
    return comes;
  }

  #before(process: ProcessNode): readonly ProcessNode[] {
    const { processes, first } = this.#index;
    const pid = pidOf(process);
    const init = first.get(pid);
    const higher = this.#index.pid(pid)?.parent;
    const descent = this.#descents.get(process.label);
    const donor = descent !== undefined && "donor" in descent ? descent.donor : undefined;
    return [
      processes.get(process.parent ?? ""),
      init === process ? first.get(higher ?? "") : init,
      donor && ("leader" in donor ? processes.get(donor.leader) : donor.parent),
    ].filter((one) => one !== undefined);
  }
}
