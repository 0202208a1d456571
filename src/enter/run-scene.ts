import { ALL_CAPABILITIES } from "../abi/capabilities.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import type { Credentials, View } from "../rules/view.ts";
import type { IdFacts } from "./id-facts.ts";
import type { Place, RunFacts } from "./run-facts.ts";
import type { RunWish } from "./run-wish.ts";

/** Who does the steps of a run, and where, as far as the rules look at it. */
export interface Scene {
  readonly view: View<Place>;
  /** Who calls unshare: the caller, or who it has become by then. */
  readonly maker: Credentials<Place>;
  /** Who does what comes behind, and in which user namespace. */
  readonly last: Credentials<Place>;
  readonly place: Place;
  /** The ids of that one, once the maps are written. */
  readonly ids: IdFacts;
  /**
   * Whether the process may not write its own files in /proc: once it has changed an id it is not dumpable, so that they
   * are root's, who has no number in a new user namespace. Source: kernel/cred.c commit_creds, fs/proc/base.c task_dump_owner.
   */
  readonly guarded: boolean;
}

export function sceneOf(wish: RunWish, { me, ids }: RunFacts): Scene {
  const { kinds, owner, maps, setgroups, caller } = wish;
  const maker = owner === undefined ? me : become(me, owner);
  const view: View<Place> = {
    kind: () => "user",
    owner: parentOf,
    parent: parentOf,
    level: (place) => (place === "own" ? 0 : 1),
    creator: (place) => (place === "own" ? 0 : maker.euid),
  };
  if (!kinds.has("user")) return { view, maker, last: maker, place: "own", ids, guarded: false };
  const gid = maps.gids ?? single(maps.gid, caller.gid);
  const denied = maps.gid !== undefined || setgroups === "deny";
  return {
    view,
    maker,
    // Who makes a user namespace has every capability in it. Source: kernel/user_namespace.c set_cred_user_ns.
    last: { ...maker, user: "new", permitted: ALL_CAPABILITIES, effective: ALL_CAPABILITIES },
    place: "new",
    ids: { uid: maps.uids ?? single(maps.uid, caller.uid), gid, setgroupsAllowed: ids.setgroupsAllowed && !denied },
    guarded: (maker.euid !== me.euid || maker.egid !== me.egid) && maker.euid !== 0,
  };
}

const parentOf = (place: Place): Place | undefined => (place === "new" ? "own" : undefined);
const single = (inside: number | undefined, outside: number): readonly IdExtent[] =>
  inside === undefined ? [] : [{ inside, outside, count: 1 }];

/** setgid and setuid by who may: all ids become these, and who was root and is it no more has no capabilities left. */
function become(
  me: Credentials<Place>,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Credentials<Place> {
  const wasRoot = [me.ruid, me.euid, me.suid].includes(0);
  const kept = wasRoot && uid !== 0 ? { permitted: 0n, effective: 0n } : {};
  const ids = { ruid: uid, euid: uid, suid: uid, fsuid: uid, rgid: gid, egid: gid, sgid: gid, fsgid: gid };
  return { ...me, ...ids, ...kept };
}
