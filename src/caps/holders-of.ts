import { hasCap, type Capability } from "../abi/capabilities.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { groundOf, HIDDEN, TOP, type Ground } from "./ground.ts";
import { peopleOf, type Alike, type Inhabitants } from "./people.ts";
import { powerOver, verdictOn } from "./power.ts";

/** Why processes have a capability: by the set they have in that user namespace itself or above it, or as its owner. */
export type HoldReason = "own-namespace" | "ancestor" | "owner";

/** Those who have it for the same reason from the same place. */
export interface HolderGroup {
  readonly reason: HoldReason;
  /** The user namespace they are in, by its number in the `Ground`. */
  readonly user: number;
  /** As owners: of which, the one in question or one above it. */
  readonly owned?: number;
  readonly people: readonly Alike[];
}

export interface HoldersOfCapability {
  readonly groups: readonly HolderGroup[];
  /** Those for whom the evidence does not say. */
  readonly unknown: readonly Alike[];
}

/**
 * Who has a capability over user namespaces. What makes it fast for all of a machine: the processes of each user namespace
 * are sorted once by whether they have the bit, and a question then visits only the user namespace and those above it.
 */
export class CapabilityHolders {
  readonly #ground: Ground;
  readonly #people: ReadonlyMap<number, Inhabitants>;
  readonly #capability: Capability;
  readonly #sorted = new Map<number, Sorted>();
  readonly #answers = new Map<number, HoldersOfCapability>();

  constructor(index: SnapshotIndex, capability: Capability) {
    this.#ground = groundOf(index);
    this.#people = peopleOf(index);
    this.#capability = capability;
  }

  /** Over the user namespace with that number, and whatever it owns; `HIDDEN`: one that was not shown. */
  over(node: number): HoldersOfCapability {
    const known = this.#answers.get(node);
    if (known !== undefined) return known;
    const answer = node === HIDDEN || this.#hasHole(node) ? this.#oneByOne(node) : this.#alongChain(node);
    this.#answers.set(node, answer);
    return answer;
  }

  /** Whether some evidence that the short way takes for granted is missing. */
  #hasHole(node: number): boolean {
    const { parent, root, creator } = this.#ground;
    if (parent[root[node] ?? HIDDEN] !== TOP) return true;
    for (let at = node; at >= 0 && parent[at] !== TOP; at = parent[at] ?? HIDDEN) {
      if (creator[at] === HIDDEN) return true;
    }
    return false;
  }

  #alongChain(node: number): HoldersOfCapability {
    const { parent, creator } = this.#ground;
    const groups: HolderGroup[] = [];
    const unknown: Alike[] = [...this.#homeless(parent[node] === TOP)];
    const push = (group: HolderGroup): void => {
      if (group.people.length > 0) groups.push(group);
    };
    const own = this.#sort(node);
    push({ reason: "own-namespace", user: node, people: own.holders });
    unknown.push(...own.unread);
    for (let owned = node; ;) {
      const user = parent[owned] ?? HIDDEN;
      if (user < 0) return { groups, unknown };
      const there = this.#sort(user);
      const owners = this.#people.get(user)?.byUid.get(creator[owned] ?? HIDDEN) ?? [];
      push({ reason: "owner", user, owned, people: owners });
      push({ reason: "ancestor", user, people: others(there.holders, owners) });
      unknown.push(...others(there.unread, owners), ...there.nameless);
      owned = user;
    }
  }

  /** Those whose user namespace was not seen may be anywhere; nobody owns the first one: there the bit decides. */
  #homeless(top: boolean): readonly Alike[] {
    const all = this.#people.get(HIDDEN)?.all ?? [];
    if (!top) return all;
    const { holders, unread } = this.#sort(HIDDEN);
    return [...unread, ...holders];
  }

  #sort(user: number): Sorted {
    const known = this.#sorted.get(user);
    if (known !== undefined) return known;
    const sorted = { holders: [] as Alike[], unread: [] as Alike[], nameless: [] as Alike[] };
    for (const one of this.#people.get(user)?.all ?? []) {
      const { effective, euid } = one.caller;
      if (effective === undefined) sorted.unread.push(one);
      else if (hasCap(effective, this.#capability)) sorted.holders.push(one);
      else if (euid === HIDDEN) sorted.nameless.push(one);
    }
    this.#sorted.set(user, sorted);
    return sorted;
  }

  /** Where evidence is missing: everybody's walk. */
  #oneByOne(node: number): HoldersOfCapability {
    const groups = new Map<string, HolderGroup & { readonly people: Alike[] }>();
    const unknown: Alike[] = [];
    for (const { all } of this.#people.values()) {
      for (const one of all) {
        const { caller } = one;
        let owned: number | undefined;
        const power = powerOver(this.#ground, caller, node, (walked) => {
          if (walked.rule === "owner") owned = walked.at;
        });
        const verdict = verdictOn(power, caller, this.#capability);
        if (verdict === "unknown") unknown.push(one);
        if (verdict !== "yes") continue;
        const reason = owned !== undefined ? "owner" : caller.user === node ? "own-namespace" : "ancestor";
        const key = `${reason} ${caller.user} ${owned}`;
        const group = groups.get(key);
        if (group !== undefined) group.people.push(one);
        else groups.set(key, { reason, user: caller.user, ...(owned !== undefined && { owned }), people: [one] });
      }
    }
    return { groups: [...groups.values()], unknown };
  }
}

interface Sorted {
  readonly holders: readonly Alike[];
  /** Their sets were not read. */
  readonly unread: readonly Alike[];
  /** Their sets lack it, and their uid is not known: they may be owners. */
  readonly nameless: readonly Alike[];
}

/** Owners are few or none, and then the list is shared. */
function others(list: readonly Alike[], owners: readonly Alike[]): readonly Alike[] {
  if (owners.length === 0) return list;
  const without = new Set(owners);
  return list.filter((one) => !without.has(one));
}
