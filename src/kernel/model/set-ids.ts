import { hasCap, type Capability } from "../../abi/capabilities.ts";
import { fixCapabilities, fixFileCapabilities } from "../../rules/fix-capabilities.ts";
import { changedCredentials } from "../../rules/full-credentials.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { maySetgroups } from "../../rules/may-set-groups.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { ThreeIds } from "../call.ts";
import { commit } from "./commit.ts";
import type { Draft } from "./draft.ts";
import { shownGid, shownUid, toKernelGid, toKernelUid } from "./ids.ts";
import { namespaceOf } from "./view.ts";
import type { Task } from "./world.ts";

type Three = readonly [real: number, effective: number, saved: number];
/** -1 as the kernel takes it: leaves an id as it is. */
const UNCHANGED = 0xffffffff;
/** NGROUPS_MAX. Source: include/uapi/linux/limits.h. */
const MAX_GROUPS = 65_536;
const staysAsItIs = (id: number): boolean => id >>> 0 === UNCHANGED;

/** setresuid(2). The file system id follows the effective one. Source: kernel/sys.c __sys_setresuid. */
export function setresuid(draft: Draft, caller: Task, ids: ThreeIds): Outcome<number> {
  const before = caller.credentials;
  const held: Three = [before.ruid, before.euid, before.suid];
  const chosen = mayTake(draft, caller, { ids, held, capability: "CAP_SETUID", to: toKernelUid });
  if (!chosen.ok) return chosen;
  if (changesNothing(draft, ids, { held, chosen: chosen.value, fs: before.fsuid })) return ok(0);
  const [ruid, euid, suid] = chosen.value;
  const root = toKernelUid(draft, before.user, 0);
  commit(draft, caller, fixCapabilities(before, changedCredentials(before, { ruid, euid, suid, fsuid: euid }), root));
  return ok(0);
}

/** setresgid(2). Source: kernel/sys.c __sys_setresgid. */
export function setresgid(draft: Draft, caller: Task, ids: ThreeIds): Outcome<number> {
  const before = caller.credentials;
  const held: Three = [before.rgid, before.egid, before.sgid];
  const chosen = mayTake(draft, caller, { ids, held, capability: "CAP_SETGID", to: toKernelGid });
  if (!chosen.ok) return chosen;
  if (changesNothing(draft, ids, { held, chosen: chosen.value, fs: before.fsgid })) return ok(0);
  const [rgid, egid, sgid] = chosen.value;
  commit(draft, caller, changedCredentials(before, { rgid, egid, sgid, fsgid: egid }));
  return ok(0);
}

/**
 * Since Linux 6.3 a call that changes none of the three does nothing at all: then the file system id does not follow the
 * effective one, unless that was named.
 */
function changesNothing(
  draft: Draft,
  { effective }: ThreeIds,
  { held, chosen, fs }: { held: Three; chosen: Three; fs: number },
): boolean {
  if (!hasChange(draft.release, "same-ids-change-nothing")) return false;
  return chosen.every((id, at) => id === held[at]) && (staysAsItIs(effective) || chosen[1] === fs);
}

/** setfsuid(2): never refused; it gives the id before, and one has to look whether it changed. Source: kernel/sys.c. */
export function setfsuid(draft: Draft, caller: Task, id: number): Outcome<number> {
  const before = caller.credentials;
  const fsuid = toKernelUid(draft, before.user, id);
  const own = fsuid === before.ruid || fsuid === before.euid || fsuid === before.suid || fsuid === before.fsuid;
  if (fsuid !== undefined && (own || hasCap(before.effective, "CAP_SETUID"))) {
    const root = toKernelUid(draft, before.user, 0);
    commit(draft, caller, fixFileCapabilities(before, changedCredentials(before, { fsuid }), root));
  }
  return ok(shownUid(draft, before.user, before.fsuid));
}

/** setfsgid(2): the same for the gid, of which no capability depends. Source: kernel/sys.c. */
export function setfsgid(draft: Draft, caller: Task, id: number): Outcome<number> {
  const before = caller.credentials;
  const fsgid = toKernelGid(draft, before.user, id);
  const own = fsgid === before.rgid || fsgid === before.egid || fsgid === before.sgid || fsgid === before.fsgid;
  if (fsgid !== undefined && (own || hasCap(before.effective, "CAP_SETGID"))) {
    commit(draft, caller, changedCredentials(before, { fsgid }));
  }
  return ok(shownGid(draft, before.user, before.fsgid));
}

/** setgroups(2). Source: kernel/groups.c. */
export function setgroups(draft: Draft, caller: Task, gids: readonly number[]): Outcome<number> {
  const { user } = namespaceOf(draft, caller.credentials.user);
  const may = maySetgroups(caller.credentials, {
    gidMapSet: user !== undefined && user.gidMap.length > 0,
    setgroupsAllowed: user?.setgroupsAllowed ?? true,
  });
  if (!may.ok) return may;
  if (gids.length > MAX_GROUPS) return refused("EINVAL", "too-many-groups");
  const groups: number[] = [];
  for (const gid of gids) {
    const group = toKernelGid(draft, caller.credentials.user, gid);
    if (group === undefined) return refused("EINVAL", "id-unmapped");
    groups.push(group);
  }
  commit(draft, caller, changedCredentials(caller.credentials, { groups: groups.toSorted((a, b) => a - b) }));
  return ok(0);
}

/** What getresuid(2) shows: an id without a number in the caller's user namespace reads as the overflow id. */
export function seenUids(draft: Draft, { credentials: { user, ruid, euid, suid } }: Task): ThreeIds {
  const shown = (id: number): number => shownUid(draft, user, id);
  return { real: shown(ruid), effective: shown(euid), saved: shown(suid) };
}
export function seenGids(draft: Draft, { credentials: { user, rgid, egid, sgid } }: Task): ThreeIds {
  const shown = (id: number): number => shownGid(draft, user, id);
  return { real: shown(rgid), effective: shown(egid), saved: shown(sgid) };
}

/** getgroups(2): in the order of the kernel's numbers. */
export const seenGroups = (draft: Draft, { credentials: { user, groups } }: Task): readonly number[] =>
  groups.map((group) => shownGid(draft, user, group));

/** The ids in the initial user namespace's numbers. EINVAL: one has no mapping. EPERM: one is not the caller's own. */
function mayTake(
  draft: Draft,
  { credentials }: Task,
  wish: { ids: ThreeIds; held: Three; capability: Capability; to: typeof toKernelUid },
): Outcome<Three> {
  const [held0, held1, held2] = wish.held;
  const take = (id: number, held: number): number | undefined =>
    staysAsItIs(id) ? held : wish.to(draft, credentials.user, id);
  const real = take(wish.ids.real, held0);
  const effective = take(wish.ids.effective, held1);
  const saved = take(wish.ids.saved, held2);
  if (real === undefined || effective === undefined || saved === undefined) return refused("EINVAL", "id-unmapped");
  const own = [real, effective, saved].every((id) => wish.held.includes(id));
  if (!own && !hasCap(credentials.effective, wish.capability)) return refused("EPERM", "no-setid");
  return ok([real, effective, saved]);
}
