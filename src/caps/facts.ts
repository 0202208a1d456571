import { namesIn } from "../render/namespace-name.ts";
import type { StatusRecord } from "../snapshot/types.ts";
import { knownId, statusOf } from "./caller.ts";
import { overFirst } from "./decide-capability.ts";
import { fileModeAllows, ownsFile } from "./file-facts.ts";
import { HIDDEN } from "./ground.ts";
import { idMapsOf } from "./id-maps.ts";
import { inwards } from "./id-ranges.ts";
import type { Fact } from "./operations.ts";
import { isPidBelow, mapEmpty, notInIt, setgroupsAllowed, withinReach } from "./namespace-facts.ts";
import type { MissingFact } from "./proof.ts";
import type { Situation, Told } from "./situation.ts";
import { mayWriteSysctl, sysctlFact } from "./sysctl-facts.ts";

/** Each fact, told of a situation. `what` is how its target is called. */
export function tellFact(situation: Situation, fact: Fact, what: string): Told {
  const { me, target } = situation;
  switch (fact) {
    case "same-process":
      return {
        verdict: target.aim === "process" && target.process.person.process.pid === me.person.process.pid ? "yes" : "no",
        what,
      };
    case "kill-same-uid":
      return killsByUid(situation, what);
    case "trace-same-ids":
      return tracesByIds(situation, what);
    case "trace-no-more-privileged":
      return noMorePrivileged(situation, what);
    case "trace-dumpable":
      return dumpable(situation, what);
    case "low-ports-open":
    case "ping-group":
    case "perf-not-paranoid":
    case "dmesg-open":
      return sysctlFact(situation, fact);
    case "within-rlimit":
      return { verdict: "unknown", what: me.who, missing: [{ what: "rlimit", of: me.number }] };
    case "root-of-owner":
      return mayWriteSysctl(situation, what);
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

/** Both statuses, where both were read. */
function both({ me, target }: Situation): { mine: StatusRecord; theirs: StatusRecord } | { missing: MissingFact[] } {
  const mine = statusOf(me.person);
  if (mine === undefined) return { missing: unread(me.number) };
  const theirs = target.aim === "process" ? statusOf(target.process.person) : undefined;
  if (theirs === undefined) return { missing: unread(target.aim === "process" ? target.process.number : "?") };
  return { mine, theirs };
}

/** Whether two ids are the same; undefined where one has no number for the viewer. */
function same({ ground }: Situation, a: number, b: number): boolean | undefined {
  const [x, y] = [knownId(ground, a), knownId(ground, b)];
  if (x !== HIDDEN && y !== HIDDEN) return x === y;
  // An id with a number is none without.
  return x === y ? undefined : false;
}

/** Source: kernel/signal.c kill_ok_by_cred. */
function killsByUid(situation: Situation, what: string): Told {
  const seen = both(situation);
  if ("missing" in seen) return { verdict: "unknown", what, ...seen };
  const { mine, theirs } = seen;
  const pairs = [mine.uid.effective, mine.uid.real].flatMap((id) =>
    [theirs.uid.saved, theirs.uid.real].map((other) => same(situation, id, other)),
  );
  if (pairs.includes(true)) return { verdict: "yes", what };
  if (!pairs.includes(undefined)) return { verdict: "no", what };
  return { verdict: "unknown", what, missing: [{ what: "id", of: situation.me.number }] };
}

/** Source: kernel/ptrace.c __ptrace_may_access with PTRACE_MODE_FSCREDS. */
function tracesByIds(situation: Situation, what: string): Told {
  const seen = both(situation);
  if ("missing" in seen) return { verdict: "unknown", what, ...seen };
  const { mine, theirs } = seen;
  const pairs = [
    ...[theirs.uid.effective, theirs.uid.saved, theirs.uid.real].map((id) => same(situation, mine.uid.fs, id)),
    ...[theirs.gid.effective, theirs.gid.saved, theirs.gid.real].map((id) => same(situation, mine.gid.fs, id)),
  ];
  if (pairs.includes(false)) return { verdict: "no", what };
  if (!pairs.includes(undefined)) return { verdict: "yes", what };
  return { verdict: "unknown", what, missing: [{ what: "id", of: situation.me.number }] };
}

/** Source: security/commoncap.c cap_ptrace_access_check. */
function noMorePrivileged(situation: Situation, what: string): Told {
  const { me, target } = situation;
  const user = target.aim === "process" ? target.process.caller.user : HIDDEN;
  if (user !== HIDDEN && me.caller.user !== HIDDEN && user !== me.caller.user) return { verdict: "no", what };
  const seen = both(situation);
  if ("missing" in seen) return { verdict: "unknown", what, ...seen };
  const [theirs, mine] = [seen.theirs.capabilities.permitted, seen.mine.capabilities.effective];
  const isMore = (BigInt(`0x${theirs}`) & ~BigInt(`0x${mine}`)) !== 0n;
  if (isMore) return { verdict: "no", what };
  if (user !== HIDDEN && me.caller.user !== HIDDEN) return { verdict: "yes", what };
  const hidden = user === HIDDEN && target.aim === "process" ? target.process.number : me.number;
  return { verdict: "unknown", what, missing: [{ what: "link", of: `${hidden}/user` }] };
}

/** No file tells; who has CAP_SYS_PTRACE over the whole machine need not ask, and threads of the kernel have no memory. */
function dumpable({ ground, me, target }: Situation, what: string): Told {
  if (target.aim === "process" && target.process.person.process.kernelThread) return { verdict: "yes", what };
  if (overFirst(ground, me, "CAP_SYS_PTRACE").verdict === "yes") return { verdict: "yes", what };
  const of = target.aim === "process" ? target.process.number : what;
  return { verdict: "yes", what, assumed: [{ what: "dumpable", of }] };
}

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
