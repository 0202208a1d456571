import type { NamespaceId } from "../abi/ids.ts";
import { hasCapability } from "../rules/has-capability.ts";
import { maySetgroups } from "../rules/may-set-groups.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { Joiner } from "../rules/setns.ts";
import type { View } from "../rules/view.ts";
import { hasCap, type Capability } from "../abi/capabilities.ts";
import type { Act, Deed, Way } from "./act.ts";
import { forecast, together, unknown, YES, type Forecast } from "./forecast.ts";
import { isMapped, type IdFacts } from "./id-facts.ts";
import { orderJoins, type Wish } from "./order.ts";

/** What is asked for, once every name in it has been looked up and every file opened. */
export interface Request {
  readonly wishes: readonly Wish[];
  /** What root and working directory become; a folder's path is for messages. `inside`: a path there. */
  readonly root: string | undefined;
  readonly folder: { readonly dir: string } | { readonly inside: string } | undefined;
  readonly cgroup: string | undefined;
  readonly fork: boolean;
  readonly mountProc: string | undefined;
  /** Undefined: stays as it is. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Supplementary groups; undefined: they stay. */
  readonly groups: readonly number[] | undefined;
  /** Whether they were asked for by name; else they go with a gid, and that they stay is no failure. */
  readonly groupsMatter: boolean;
  /** Whether ids stay as they are where nothing is said of them. */
  readonly preserve: boolean;
  readonly keepCaps: boolean;
  readonly noNewPrivs: boolean;
}

/** What the running kernel told. */
export interface Facts {
  readonly view: View<NamespaceId>;
  readonly me: Joiner<NamespaceId>;
  /** Whether the target is reached by a pidfd. */
  readonly pidfd: boolean;
  /** Of the user namespace that the command ends up in. Undefined: no process of that one could be asked. */
  readonly ids: IdFacts | undefined;
  /** Whether the caller's own user namespace lets groups be set: a gid map is there, and it was not denied. */
  readonly ownSetgroups: boolean;
  /** Whether the pid namespace to join is known to have a process 1; without, a fork may be refused. */
  readonly hasInit: boolean;
  /** Whether the command ends up in the machine's initial user namespace, whose mounts of proc nothing limits. */
  readonly initialUser: boolean;
}

/** The way in, step by step in nsenter's order, and what the rules say of each. Nothing is done. */
export function planWay(request: Request, facts: Facts): Way {
  const { wishes, root, folder, cgroup, uid, gid, groups } = request;
  const { joins, after } = orderJoins(facts.view, facts.me, wishes, facts);
  const acts: Act[] = [];
  const add = (deed: Deed, will: Forecast): void => void acts.push({ ...deed, forecast: will });
  const joinsUser = wishes.some(({ kind }) => kind === "user");
  const keepsCaps = request.keepCaps && joinsUser;
  const early = joinsUser && !request.preserve && groups?.length === 0;

  if (early) add({ act: "early-groups" }, YES);
  for (const join of joins) add({ act: "join", join }, join.forecast);
  if (root !== undefined) add({ act: "root", dir: root }, needing("CAP_SYS_CHROOT", "no-chroot"));
  if (folder !== undefined && "inside" in folder)
    add({ act: "folder-inside", path: folder.inside }, unknown("path-inside"));
  else if (folder !== undefined) add({ act: "folder", dir: folder.dir }, YES);
  else if (root !== undefined) add({ act: "stay" }, YES);
  if (cgroup !== undefined) add({ act: "cgroup", path: cgroup }, unknown("cgroup"));
  if (request.fork) add({ act: "fork" }, facts.hasInit ? YES : unknown("no-process-1"));
  if (request.mountProc !== undefined) {
    const pid = wishes.find(({ kind }) => kind === "pid")?.ns ?? facts.me.pid;
    add({ act: "mount-proc", path: request.mountProc, pid }, mountsProc(pid));
  }
  if (groups !== undefined) {
    const unless = early ? "given-up" : request.groupsMatter ? "never" : "always";
    add({ act: "groups", groups, unless }, unless === "always" ? YES : groupsForecast(groups, early));
  }
  if (gid !== undefined) add({ act: "gid", gid }, idForecast(gid, "gid"));
  if (uid !== undefined) add({ act: "uid", uid, keepsCaps }, idForecast(uid, "uid"));
  if (keepsCaps) add({ act: "keep-caps" }, YES);
  if (request.noNewPrivs) add({ act: "no-new-privs" }, YES);
  return { acts, forecast: together(acts.map((act) => act.forecast)) };

  function needing(capability: Capability, reason: "no-chroot" | "no-admin-in-own-user-namespace"): Forecast {
    const { user, effective } = after.credentials;
    return forecast(() => (hasCap(effective, capability) ? ok(true) : refused("EPERM", reason)), user);
  }

  /** proc shows a pid namespace, and is mounted with power over that one's owner; below the initial user namespace only where proc is whole. */
  function mountsProc(pid: NamespaceId): Forecast {
    const own = needing("CAP_SYS_ADMIN", "no-admin-in-own-user-namespace");
    if (own.may !== "yes") return own;
    const over = forecast((): Outcome<true> => {
      const owner = facts.view.owner(pid);
      return owner !== undefined && hasCapability(facts.view, after.credentials, owner, "CAP_SYS_ADMIN")
        ? ok(true)
        : refused("EPERM", "no-admin-over-owner");
    }, pid);
    if (over.may !== "yes") return over;
    return facts.initialUser ? YES : unknown("proc-revealing");
  }

  function groupsForecast(wanted: readonly number[], isEarly: boolean): Forecast {
    // Given up before is given up, whatever the namespace says of it.
    if (isEarly && hasCap(facts.me.credentials.effective, "CAP_SETGID") && facts.ownSetgroups) return YES;
    const { ids } = facts;
    if (ids === undefined) return unknown("id-maps");
    const state = { gidMapSet: ids.gid.length > 0, setgroupsAllowed: ids.setgroupsAllowed };
    const user = after.credentials.user;
    const may = forecast(() => maySetgroups(after.credentials, state), user);
    if (may.may !== "yes") return may;
    const stray = wanted.find((one) => !isMapped(ids.gid, one));
    return stray === undefined ? YES : { may: "no", errno: "EINVAL", reason: "id-unmapped", about: user };
  }

  function idForecast(id: number, which: "uid" | "gid"): Forecast {
    const { credentials } = after;
    const about = credentials.user;
    if (facts.ids === undefined) return unknown("id-maps");
    if (!isMapped(facts.ids[which], id)) return { may: "no", errno: "EINVAL", reason: "id-unmapped", about };
    const held = which === "uid" ? [credentials.ruid, credentials.suid] : [credentials.rgid, credentials.sgid];
    const capable = hasCap(credentials.effective, which === "uid" ? "CAP_SETUID" : "CAP_SETGID");
    if (capable || (!joinsUser && held.includes(id))) return YES;
    return { may: "no", errno: "EPERM", reason: "no-setid", about };
  }
}
