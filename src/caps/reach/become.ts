import { hasCap } from "../../abi/capabilities.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import { executed, fixCapabilities } from "../../rules/fix-capabilities.ts";
import { changedCredentials, type FullCredentials } from "../../rules/full-credentials.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import type { AssumedFact, MissingFact } from "../proof.ts";
import { HIDDEN } from "../ground.ts";
import { idMapsOf } from "../id-maps.ts";
import { inwards, outwards, type RangeMap } from "../id-ranges.ts";
import { raised, withCredentials, type Actor } from "./actors.ts";
import type { Because, ReachCall, Way } from "./path.ts";
import { ownRights, RIGHTS } from "./rights.ts";
import type { Terrain } from "./terrain.ts";

/** Somebody else that a process may become by itself, in one step. */
interface Becoming {
  readonly actor: Actor;
  readonly how: Way;
  readonly because: Because;
  readonly calls: readonly ReachCall[];
  readonly assumed: readonly AssumedFact[];
}
interface Becomings {
  readonly becomings: readonly Becoming[];
  readonly missing: readonly MissingFact[];
}

const NOBODY: Becomings = { becomings: [], missing: [] };
/** It has all power in its own user namespace. */
export const isMighty = (actor: Actor): boolean =>
  hasCap(actor.effective ?? 0n, "CAP_SYS_PTRACE") && (ownRights(actor) & POWER) === POWER;
const POWER = RIGHTS.ownAdmin | RIGHTS.ownChroot;

/** What it may do to its own credentials. `isOutdone`: taking other ids leads to nothing new. */
export function becomingsOf(terrain: Terrain, actor: Actor, isOutdone: boolean): Becomings {
  const { effective, permitted } = actor;
  const others = otherIdsOf(terrain, actor, isOutdone);
  if (effective === undefined || permitted === undefined || (permitted & ~effective) === 0n) return others;
  const raise: Becoming = {
    actor: raised(actor, permitted),
    how: { way: "raise" },
    because: { rule: "itself" },
    calls: [{ op: "capset", permitted: setText(permitted) }],
    assumed: [],
  };
  return { ...others, becomings: [raise, ...others.becomings] };
}

const setText = (set: bigint): string => set.toString(16).padStart(16, "0");

/**
 * Other ids by CAP_SETUID and CAP_SETGID, of those that somebody in its user namespace has, that made a user namespace
 * right below, or that are root's; and what root gets back by execve(2). Who has all power in its own user namespace has
 * nothing to gain from either.
 */
function otherIdsOf(terrain: Terrain, actor: Actor, isOutdone: boolean): Becomings {
  const { ground, index } = terrain;
  const { credentials, effective = 0n, user, userId } = actor;
  if (user === HIDDEN || userId === undefined) return NOBODY;
  if (isMighty(actor)) return NOBODY;
  const of = String(actor.number);
  const mayChange = hasCap(effective, "CAP_SETUID") || hasCap(effective, "CAP_SETGID");
  if (credentials === undefined) {
    // Whoever has no capability and is nobody's root gains nothing; of others too little was read.
    return actor.effective === undefined || mayChange || actor.euid === 0
      ? { ...NOBODY, missing: [{ what: "status", of }] }
      : NOBODY;
  }
  const { maps } = idMapsOf(index);
  const [uids, gids] = [maps.uid[user], maps.gid[user]];
  if (uids === undefined || gids === undefined) {
    return { ...NOBODY, missing: [{ what: "maps", of: ground.nodes[user] === undefined ? of : nameIn(userId) }] };
  }
  const assumed: AssumedFact[] = [{ what: "securebits", of }];
  const root = outwards(uids, 0);
  const becomings: Becoming[] = [];
  const after = executed(credentials, {
    root,
    sharesFs: false,
    setsId: false,
    asOfReal: !hasChange(index.snapshot.viewpoint.kernel.release, "exec-compares-new-ids"),
  });
  if ((after.permitted & ~credentials.permitted) !== 0n) {
    const how: Way = { way: "execute" };
    const because: Because = { rule: "root", user: userId };
    const unshared: AssumedFact = { what: "unshared", of };
    const become = withCredentials(actor, after);
    becomings.push({ actor: become, how, because, calls: [{ op: "exec" }], assumed: [...assumed, unshared] });
  }
  if (!mayChange || isOutdone) return { becomings, missing: [] };
  for (const wanted of candidates(terrain, actor, root)) {
    const change = changeTo(credentials, wanted, { uids, gids, root });
    if (change === undefined) continue;
    const { uid, gid } = change;
    const because: Because = { rule: "capability", user: userId };
    const how: Way = { way: "become", uid, gid };
    becomings.push({ actor: withCredentials(actor, change.after), how, because, calls: change.calls, assumed });
  }
  return { becomings, missing: [] };
}

const nameIn = (id: string): string => `user:[${id.slice(id.indexOf("/") + 1)}]`;

interface Wanted {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** Ids that would be of use, each pair once. */
function candidates({ people, children, ground }: Terrain, { user }: Actor, root: number | undefined): Wanted[] {
  const pairs = new Map<string, Wanted>();
  const add = (wanted: Wanted): Map<string, Wanted> => pairs.set(`${wanted.uid} ${wanted.gid}`, wanted);
  for (const ids of people.get(user)?.byIds.keys() ?? []) {
    const [uid, gid] = ids.split(" ").map(Number);
    add({ uid, gid });
  }
  for (const child of children.get(user) ?? []) {
    const creator = ground.creator[child] ?? HIDDEN;
    if (creator !== HIDDEN) add({ uid: creator, gid: undefined });
  }
  add({ uid: root, gid: undefined });
  return [...pairs.values()];
}

interface Change {
  readonly uid: number | null;
  readonly gid: number | null;
  readonly after: FullCredentials<number>;
  readonly calls: readonly ReachCall[];
}

/** All three ids, as far as its capabilities let it and they have numbers here; undefined: nothing would change. */
function changeTo(
  who: FullCredentials<number>,
  { uid, gid }: Wanted,
  { uids, gids, root }: { readonly uids: RangeMap; readonly gids: RangeMap; readonly root: number | undefined },
): Change | undefined {
  const ownGid = gid === undefined || !hasCap(who.effective, "CAP_SETGID") ? undefined : inwards(gids, gid);
  const ownUid = uid === undefined || !hasCap(who.effective, "CAP_SETUID") ? undefined : inwards(uids, uid);
  const calls: ReachCall[] = [{ op: "keep-caps" }];
  let after = changedCredentials(who, { securebits: CONSTANTS.SECBIT_KEEP_CAPS });
  const takesGid = ownGid !== undefined && gid !== undefined && !allAre(gid, [who.rgid, who.egid, who.sgid, who.fsgid]);
  if (takesGid) {
    calls.push({ op: "setresgid", id: ownGid });
    after = changedCredentials(after, { rgid: gid, egid: gid, sgid: gid, fsgid: gid });
  }
  const takesUid = ownUid !== undefined && uid !== undefined && !allAre(uid, [who.ruid, who.euid, who.suid, who.fsuid]);
  if (takesUid) {
    calls.push({ op: "setresuid", id: ownUid });
    const changed = changedCredentials(after, { ruid: uid, euid: uid, suid: uid, fsuid: uid });
    after = fixCapabilities(after, changed, root);
  }
  if (!takesGid && !takesUid) return undefined;
  const { permitted } = after;
  calls.push({ op: "capset", permitted: setText(permitted) });
  return {
    uid: takesUid ? uid : null,
    gid: takesGid ? gid : null,
    // capset(2) as it is called here empties the inheritable set, and with it the ambient one.
    after: changedCredentials(after, { effective: permitted, inheritable: 0n, ambient: 0n, securebits: 0 }),
    calls,
  };
}

const allAre = (id: number, ids: readonly number[]): boolean => ids.every((one) => one === id);
