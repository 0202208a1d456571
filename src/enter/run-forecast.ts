import { hasCap, type Capability } from "../abi/capabilities.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import { unknown, YES, type Forecast } from "./forecast.ts";
import type { RunAct } from "./run-acts.ts";
import type { RunWish } from "./run-wish.ts";

/** What the running kernel tells of the caller before anything is done. */
export interface RunFacts {
  readonly effective: bigint;
  readonly uid: number;
  readonly gid: number;
  /** Of the caller's own user namespace. */
  readonly uidMap: readonly IdExtent[];
  readonly gidMap: readonly IdExtent[];
  /** Whether that is the machine's initial one. */
  readonly initialUser: boolean;
  /** How many more namespaces of a kind may be made at all, as far as /proc/sys/user tells. */
  readonly limits: ReadonlyMap<NamespaceKind, number>;
}

/** What the rules say of a step, before it is tried; it takes for granted that those before it succeed. */
export function forecastOf({ step, topic }: RunAct, wish: RunWish, facts: RunFacts): Forecast {
  const joinsUser = wish.kinds.has("user");
  // In a user namespace that is one's own making one has every capability.
  const may = (capability: Capability): boolean => joinsUser || hasCap(facts.effective, capability);
  switch (topic) {
    case "unshare":
      return unshareForecast(wish, facts);
    case "own-map":
      return joinsUser ? YES : no("EPERM");
    case "range-map":
      return rangesForecast(wish, facts);
    case "newidmap":
      return unknown("subid-files");
    case "setgroups-file":
      return joinsUser ? YES : no("EPERM");
    case "setgroups-late":
      return { may: "no", errno: "EPERM", reason: "setgroups-after-gid-map" };
    case "groups":
    case "ids":
      return joinsUser ? idsForecast(step, wish) : ownIdsForecast(step, facts);
    case "owner":
      // Before the new user namespace is there.
      return ownIdsForecast(step, facts);
    case "offsets":
      return may("CAP_SYS_TIME") ? unknown("clock") : no("EPERM");
    case "propagation":
      return may("CAP_SYS_ADMIN") ? YES : no("EPERM");
    case "proc":
      if (!may("CAP_SYS_ADMIN")) return no("EPERM");
      return facts.initialUser && !joinsUser ? YES : unknown("proc-revealing");
    case "bind":
    case "bind-mnt":
    case "bind-pid":
      return hasCap(facts.effective, "CAP_SYS_ADMIN") ? unknown("mounts") : no("EPERM");
    case "binfmt":
      return unknown("mounts");
    case "folder":
      if (step.do === "chroot" && !may("CAP_SYS_CHROOT")) return { may: "no", errno: "EPERM", reason: "no-chroot" };
      return unknown("path-inside");
    case "fork":
    case "other":
      return YES;
  }
}

const no = (errno: "EPERM" | "EINVAL" | "ENOSPC"): Forecast => ({ may: "no", errno });

/** In the kernel's order; see rules/unshare.ts. Whether the caller is chrooted nobody tells it. */
function unshareForecast({ kinds, owner }: RunWish, facts: RunFacts): Forecast {
  const who = owner ?? facts;
  const isLimited = (kind: NamespaceKind): boolean => facts.limits.get(kind) === 0;
  if (kinds.has("user")) {
    if (isLimited("user")) return { may: "no", errno: "ENOSPC", reason: "limit-reached" };
    const areMapped = isInside(facts.uidMap, who.uid) && isInside(facts.gidMap, who.gid);
    if (!areMapped) return { may: "no", errno: "EPERM", reason: "own-ids-unmapped" };
  } else if (!hasCap(facts.effective, "CAP_SYS_ADMIN")) {
    return { may: "no", errno: "EPERM", reason: "no-admin-in-own-user-namespace" };
  }
  const limited = Array.from(kinds.keys()).some(isLimited);
  return limited ? { may: "no", errno: "ENOSPC", reason: "limit-reached" } : YES;
}

/** Every outside id has to be mapped in the caller's own user namespace, and ranges overlap on neither side. */
function rangesForecast({ maps }: RunWish, facts: RunFacts): Forecast {
  for (const [lines, own, capability] of [
    [maps.uids, facts.uidMap, "CAP_SETUID"],
    [maps.gids, facts.gidMap, "CAP_SETGID"],
  ] as const) {
    if (lines === undefined) continue;
    if (overlaps(lines.map(({ inside, count }) => [inside, count])))
      return { may: "no", errno: "EINVAL", reason: "map-text" };
    if (overlaps(lines.map(({ outside, count }) => [outside, count])))
      return { may: "no", errno: "EINVAL", reason: "map-text" };
    if (!hasCap(facts.effective, capability)) return { may: "no", errno: "EPERM", reason: "map-needs-setid" };
    const stray = lines.some((line) => !own.some((extent) => holds(extent, line)));
    if (stray) return { may: "no", errno: "EPERM", reason: "map-range-unmapped-in-parent" };
    const root = capability === "CAP_SETUID" && lines.some(({ outside }) => outside === 0);
    if (root && !hasCap(facts.effective, "CAP_SETFCAP"))
      return { may: "no", errno: "EPERM", reason: "map-of-root-needs-setfcap" };
  }
  return YES;
}

/** A range may lie across two of the caller's own; then the kernel says yes and we do not know. */
const holds = (own: IdExtent, { outside, count }: IdExtent): boolean =>
  outside >= own.inside && outside + count <= own.inside + own.count;

function overlaps(ranges: readonly (readonly [first: number, count: number])[]): boolean {
  const sorted = ranges.toSorted(([one], [other]) => one - other);
  return sorted.some(([first, count], nth) => {
    const next = sorted[nth + 1];
    return next !== undefined && first + count > next[0];
  });
}

const isInside = (map: readonly IdExtent[], id: number): boolean =>
  map.some(({ inside, count }) => id >= inside && id < inside + count);

/** Where no user namespace is made: by capability, or to an id that the caller has. */
function ownIdsForecast(step: RunAct["step"], facts: RunFacts): Forecast {
  const capability = step.do === "setuid" ? "CAP_SETUID" : "CAP_SETGID";
  const isOwn = stepId(step) === (step.do === "setuid" ? facts.uid : facts.gid);
  return hasCap(facts.effective, capability) || isOwn ? YES : { may: "no", errno: "EPERM", reason: "no-setid" };
}

function idsForecast(step: RunAct["step"], wish: RunWish): Forecast {
  const { maps, setgroups } = wish;
  if (step.do === "setgroups") {
    if (maps.gids === undefined && maps.gid === undefined)
      return { may: "no", errno: "EPERM", reason: "no-gid-map-yet" };
    const isDenied = maps.gid !== undefined || setgroups === "deny";
    return isDenied ? { may: "no", errno: "EPERM", reason: "setgroups-denied-here" } : YES;
  }
  const [lines, single] = step.do === "setuid" ? [maps.uids, maps.uid] : [maps.gids, maps.gid];
  const id = stepId(step) ?? -1;
  return id === single || isInside(lines ?? [], id) ? YES : { may: "no", errno: "EINVAL", reason: "id-unmapped" };
}

const stepId = (step: RunAct["step"]): number | undefined =>
  step.do === "setuid" ? step.uid : step.do === "setgid" ? step.gid : undefined;
