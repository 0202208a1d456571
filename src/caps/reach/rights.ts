import { hasCap, type Capability } from "../../abi/capabilities.ts";
import { HIDDEN, TOP, type Ground } from "../ground.ts";
import { powerOver, verdictOn, type Verdict } from "../power.ts";
import type { MissingFact } from "../proof.ts";
import type { Actor } from "./actors.ts";
import type { Because } from "./path.ts";
import type { Terrain } from "./terrain.ts";

/** A user namespace from which on downwards an actor has rights, and why. */
export interface Realm {
  readonly root: number;
  readonly because: Because;
  readonly rights: number;
}

/** Bits: what decides about the processes and namespaces of a realm. */
export const RIGHTS = {
  /** CAP_SYS_PTRACE over it. */
  trace: 1,
  /** CAP_SYS_ADMIN over it. */
  admin: 2,
  /** CAP_SYS_ADMIN in the actor's own user namespace: what setns asks besides. */
  ownAdmin: 4,
  /** CAP_SYS_CHROOT there: what a mount namespace asks besides. */
  ownChroot: 8,
} as const;

export const ownRights = ({ effective = 0n }: Actor): number =>
  (hasCap(effective, "CAP_SYS_ADMIN") ? RIGHTS.ownAdmin : 0) |
  (hasCap(effective, "CAP_SYS_CHROOT") ? RIGHTS.ownChroot : 0);

interface Realms {
  readonly realms: readonly Realm[];
  /** What would say of further ones. */
  readonly missing: readonly MissingFact[];
}

/** The user namespaces below which an actor has power: its own, or those that it owns. */
export function realmsOf({ ground, children, strays }: Terrain, actor: Actor): Realms {
  const own = ground.nodes[actor.user];
  if (own === undefined) return { realms: [], missing: [{ what: "link", of: `${actor.number}/user` }] };
  const missing: MissingFact[] = [];
  const realms: Realm[] = [];
  if (actor.effective === undefined) missing.push({ what: "status", of: String(actor.number) });
  const bits = actor.effective ?? 0n;
  const rights =
    (hasCap(bits, "CAP_SYS_PTRACE") ? RIGHTS.trace : 0) | (hasCap(bits, "CAP_SYS_ADMIN") ? RIGHTS.admin : 0);
  const common = ownRights(actor);
  const because: Because = { rule: "capability", user: own.id };
  if (rights !== 0) realms.push({ root: actor.user, because, rights: rights | common });
  const isTop = ground.parent[actor.user] === TOP;
  for (const stray of strays) {
    // Whatever hides above it, the first user namespace lies above that.
    if (isTop && rights !== 0) realms.push({ root: stray, because, rights: rights | common });
    if ((!isTop || rights !== BOTH) && ground.root[actor.user] !== stray) {
      missing.push({ what: "parent", of: nameIn(ground, stray) });
    }
  }
  // Who has both has nothing to gain from owning.
  if (rights === BOTH) return { realms, missing };
  for (const child of children.get(actor.user) ?? []) {
    const creator = ground.creator[child] ?? HIDDEN;
    if (creator === HIDDEN) missing.push({ what: "creator", of: nameIn(ground, child) });
    else if (actor.euid === HIDDEN) missing.push({ what: "id", of: String(actor.number) });
    else if (creator === actor.euid) {
      const owned = ground.nodes[child];
      if (owned === undefined) continue;
      const rule: Because = { rule: "owner", user: owned.id };
      realms.push({ root: child, because: rule, rights: BOTH | common });
    }
  }
  return { realms, missing };
}
const BOTH = RIGHTS.trace | RIGHTS.admin;

const nameIn = ({ nodes }: Ground, node: number): string => {
  const id = nodes[node]?.id;
  return id === undefined ? "user:[?]" : `user:[${id.slice(id.indexOf("/") + 1)}]`;
};

/** Whether an actor has a capability over a user namespace, and by which rule. */
export function rightOver(
  ground: Ground,
  actor: Actor,
  node: number,
  capability: Capability,
): { readonly verdict: Verdict; readonly because: Because } {
  let owned: number | undefined;
  const power = powerOver(ground, actor, node, (walked) => {
    if (walked.rule === "owner") owned = walked.at;
  });
  const user = ground.nodes[owned ?? actor.user]?.id;
  const rule = owned === undefined ? ("capability" as const) : ("owner" as const);
  return {
    verdict: verdictOn(power, actor, capability),
    because: user === undefined ? { rule: "itself" } : { rule, user },
  };
}
