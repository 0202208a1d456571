import { hasCap, type Capability } from "../abi/capabilities.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { hasCapability } from "../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { maySetOffsets, parseOffsets } from "../rules/timens-offsets.ts";
import { forecast, unknown, YES, type Forecast } from "./forecast.ts";
import { isMapped } from "./id-facts.ts";
import type { RunAct } from "./run-acts.ts";
import type { RunFacts } from "./run-facts.ts";
import { ownIds, groupsOutcome, idOutcome, mapOutcome, setgroupsOutcome } from "./run-ids.ts";
import { sceneOf, type Scene } from "./run-scene.ts";
import type { RunWish } from "./run-wish.ts";

/** What the rules say of a step, before it is tried; it takes for granted that those before it succeed. */
export function forecastOf(act: RunAct, wish: RunWish, facts: RunFacts): Forecast {
  const { step, topic } = act;
  const scene = sceneOf(wish, facts);
  const { last } = scene;
  const needing = (capability: Capability): Forecast => (hasCap(last.effective, capability) ? YES : NO);
  switch (topic) {
    case "unshare":
      return forecast(() => unshareOutcome(wish, facts, scene));
    case "own-map":
      return forecast(() => mapOutcome(act, scene, { opener: last, setgroupsAllowed: false }, facts));
    case "range-map": {
      const { setgroupsAllowed } = facts.ids;
      return forecast(() => mapOutcome(act, scene, { opener: facts.me, setgroupsAllowed }, facts));
    }
    case "newidmap":
      return unknown("subid-files");
    case "setgroups-file":
    case "setgroups-late":
      return forecast(() => setgroupsOutcome(act, wish, scene, facts));
    case "groups":
      return forecast(() => groupsOutcome(last, scene.ids));
    case "ids":
      return forecast(() => idOutcome(step, last, scene.ids));
    case "owner":
      return forecast(() => ownIds(step, facts));
    case "offsets":
      return offsetsForecast(step, scene, facts);
    case "propagation":
      return step.do === "mount" && step.mayFailBy === "always" ? YES : needing("CAP_SYS_ADMIN");
    case "proc":
      return procForecast(wish, scene, facts);
    case "bind":
    case "bind-mnt":
    case "bind-pid":
      return hasCap(facts.me.effective, "CAP_SYS_ADMIN") ? unknown("mounts") : NO;
    case "binfmt":
      return unknown("mounts");
    case "folder":
      if (step.do === "chroot" && !hasCap(last.effective, "CAP_SYS_CHROOT"))
        return { may: "no", errno: "EPERM", reason: "no-chroot" };
      return unknown("path-inside");
    case "fork":
    case "other":
      return YES;
  }
}

const NO: Forecast = { may: "no", errno: "EPERM" };

/** In the kernel's order; see rules/unshare.ts. Whether the caller is chrooted nobody tells it. */
function unshareOutcome({ kinds }: RunWish, facts: RunFacts, { maker, place, view }: Scene): Outcome<true> {
  const isLimited = (kind: NamespaceKind): boolean => facts.limits.get(kind) === 0;
  if (kinds.has("user")) {
    if (isLimited("user")) return refused("ENOSPC", "limit-reached");
    const areMapped = isMapped(facts.ids.uid, maker.euid) && isMapped(facts.ids.gid, maker.egid);
    if (!areMapped) return refused("EPERM", "own-ids-unmapped");
  } else if (!hasCapability(view, maker, place, "CAP_SYS_ADMIN")) {
    return refused("EPERM", "no-admin-in-own-user-namespace");
  }
  return Array.from(kinds.keys()).some(isLimited) ? refused("ENOSPC", "limit-reached") : ok(true);
}

/** A clock goes on: what is refused now may be granted by the time it is tried. */
const SOON_S = 60;

function offsetsForecast(step: RunAct["step"], scene: Scene, { clocks }: RunFacts): Forecast {
  const { view, last, place: owner, guarded } = scene;
  if (guarded) return forecast(() => refused("EACCES", "file-of-another-user"));
  if (!hasCapability(view, last, owner, "CAP_SYS_TIME")) {
    return forecast(() => refused("EPERM", "no-time-over-owner"));
  }
  const parsed = parseOffsets(step.do === "write" && typeof step.data === "string" ? step.data : "");
  if (!parsed.ok) return forecast(() => parsed);
  const { lines } = parsed.value;
  const [line] = lines;
  if (clocks === undefined || line === undefined) return unknown("clock");
  const at = (now: number): Outcome<true> => maySetOffsets(view, last, { owner, frozen: false, now }, lines);
  const [now, soon] = [at(clocks[line.clock]), at(clocks[line.clock] + SOON_S)];
  return now.ok === soon.ok ? forecast(() => now) : unknown("clock");
}

/** proc shows the pid namespace of who mounts it, and is mounted with power over that one's owner. */
function procForecast({ kinds, fork }: RunWish, { last }: Scene, { initialUser }: RunFacts): Forecast {
  const joinsUser = kinds.has("user");
  // The one that is made is entered by a child.
  const isNew = kinds.has("pid") && fork !== undefined;
  if (!hasCap(last.effective, "CAP_SYS_ADMIN") || (joinsUser && !isNew)) {
    return forecast(() => refused("EPERM", "no-admin-over-owner"));
  }
  return initialUser && !joinsUser ? YES : unknown("proc-revealing");
}
