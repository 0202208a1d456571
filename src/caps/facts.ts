import { namesIn } from "../render/namespace-name.ts";
import { knownId, statusOf } from "./caller.ts";
import { fileModeAllows, ownsFile } from "./file-facts.ts";
import { HIDDEN } from "./ground.ts";
import { idMapsOf } from "./id-maps.ts";
import { inwards } from "./id-ranges.ts";
import { withinLimit } from "./limit-facts.ts";
import type { Fact } from "./requirement.ts";
import { flagsUnlocked, inMountNamespace, mountUnlocked } from "./mount-told.ts";
import { isPidBelow, mapEmpty, notInIt, setgroupsAllowed, withinReach } from "./namespace-facts.ts";
import { dumpable, hasMemory, isItself, killsByUid, noMorePrivileged, tracesByIds } from "./process-facts.ts";
import type { MissingFact } from "./proof.ts";
import type { Situation, Told } from "./situation.ts";
import { sysctlFact } from "./sysctl-facts.ts";
import { canBeWritten } from "./sysctl-writers.ts";
import { isMachineRoot, isRootOfOwner } from "./root-facts.ts";
import { yamaLets, yamaTakesCapability } from "./yama.ts";

/** Each fact, told of a situation. `what` is how its target is called. */
export function tellFact(situation: Situation, fact: Fact, what: string): Told {
  const { me } = situation;
  switch (fact) {
    case "same-process":
      return { verdict: isItself(situation) ? "yes" : "no", what };
    case "other-process":
      return { verdict: isItself(situation) ? "no" : "yes", what };
    case "kill-same-uid":
      return killsByUid(situation, what);
    case "trace-same-ids":
      return tracesByIds(situation, "fs", what);
    case "trace-no-more-privileged":
      return noMorePrivileged(situation, "effective", what);
    case "attach-same-ids":
      return tracesByIds(situation, "real", what);
    case "attach-no-more-privileged":
      return noMorePrivileged(situation, "permitted", what);
    case "yama-lets":
      return yamaLets(situation, what);
    case "yama-takes-capability":
      return yamaTakesCapability(situation, what);
    case "has-memory":
      return hasMemory(situation, what);
    case "trace-dumpable":
      return dumpable(situation, what);
    case "low-ports-open":
    case "ping-group":
    case "perf-not-paranoid":
    case "perf-not-shut":
    case "dmesg-open":
      return sysctlFact(situation, fact);
    case "within-rlimit":
      return withinLimit(situation);
    case "machine-root":
      return isMachineRoot(situation, what);
    case "ipc-root":
      return isRootOfOwner(situation, "ipc", what);
    case "pid-root":
      return isRootOfOwner(situation, "pid", what);
    case "sysctl-writable":
      return canBeWritten(situation, what);
    case "in-it-or-above":
      return withinReach(situation, what);
    case "not-in-it":
      return notInIt(situation, what);
    case "single-threaded":
      return singleThreaded(situation);
    case "unshared-root":
      return unsharedRoot(situation);
    case "not-chrooted":
      return { verdict: "yes", what: me.number, assumed: [{ what: "root", of: me.number }] };
    case "pid-below":
      return isPidBelow(situation, what);
    case "owns-file":
      return ownsFile(situation, what);
    case "file-mode-allows":
      return fileModeAllows(situation, what);
    case "in-mount-namespace":
      return inMountNamespace(situation, what);
    case "mount-unlocked":
      return mountUnlocked(situation, what);
    case "mount-flags-unlocked":
      return flagsUnlocked(situation, what);
    case "setgroups-allowed":
      return setgroupsAllowed(situation);
    case "own-ids-mapped":
      return ownIdsMapped(situation);
    case "uid-map-empty":
    case "gid-map-empty":
      return mapEmpty(situation, fact === "uid-map-empty" ? "uid" : "gid", what);
  }
}

const unread = (of: string): MissingFact[] => [{ what: "status", of }];

function singleThreaded({ me, operation }: Situation): Told {
  const threads = me.person.process.status?.threads;
  const evidence = [{ read: `${me.folder}/status Threads`, says: String(threads) }];
  if (threads === undefined) return { verdict: "unknown", what: me.who, missing: unread(me.number) };
  if (threads > 1) return { verdict: "no", what: me.who, evidence };
  // A time namespace minds whoever shares the memory, threads or not.
  const assumed = operation === "setns-time" ? [{ what: "unshared" as const, of: me.number }] : [];
  return { verdict: "yes", what: me.who, evidence, assumed };
}

/** Threads share it as a rule, and may have parted. */
function unsharedRoot({ me }: Situation): Told {
  const threads = me.person.process.status?.threads;
  if (threads === undefined) return { verdict: "unknown", what: me.number, missing: unread(me.number) };
  if (threads > 1) {
    return {
      verdict: "unknown",
      what: me.number,
      missing: [{ what: "not-recorded", of: `kcmp KCMP_FS of ${me.number}` }],
    };
  }
  return { verdict: "yes", what: me.number, assumed: [{ what: "unshared", of: me.number }] };
}

/** Source: kernel/user_namespace.c create_user_ns. */
function ownIdsMapped({ ground, me }: Situation): Told {
  const own = ground.nodes[me.caller.user];
  const what = own === undefined ? "user:[?]" : namesIn(ground.index.snapshot)(own);
  if (own === undefined) return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.number}/user` }] };
  const status = statusOf(me.person);
  const { maps } = idMapsOf(ground.index);
  const [uids, gids] = [maps.uid[me.caller.user], maps.gid[me.caller.user]];
  if (status === undefined) return { verdict: "unknown", what, missing: unread(me.number) };
  if (uids === undefined || gids === undefined)
    return { verdict: "unknown", what, missing: [{ what: "maps", of: what }] };
  const [uid, gid] = [knownId(ground, status.uid.effective), knownId(ground, status.gid.effective)];
  if (uid === HIDDEN || gid === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
  const isMapped = inwards(uids, uid) !== undefined && inwards(gids, gid) !== undefined;
  return { verdict: isMapped ? "yes" : "no", what };
}
