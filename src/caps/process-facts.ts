import type { StatusRecord } from "../snapshot/types.ts";
import { knownId, statusOf } from "./caller.ts";
import { overFirst } from "./decide-capability.ts";
import { HIDDEN } from "./ground.ts";
import type { MissingFact } from "./proof.ts";
import { wasShown } from "./shown.ts";
import type { Situation, Told } from "./situation.ts";

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

/** Threads of a process are the process. Source: include/linux/sched/signal.h same_thread_group. */
export const isItself = ({ me, target }: Situation): boolean =>
  target.aim === "process" && target.process.person.process.pid === me.person.process.pid;

/** Source: kernel/signal.c kill_ok_by_cred. */
export function killsByUid(situation: Situation, what: string): Told {
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

/** `fs`: PTRACE_MODE_FSCREDS; `real`: PTRACE_MODE_REALCREDS. Source: kernel/ptrace.c __ptrace_may_access. */
export function tracesByIds(situation: Situation, by: "fs" | "real", what: string): Told {
  const seen = both(situation);
  if ("missing" in seen) return { verdict: "unknown", what, ...seen };
  const { mine, theirs } = seen;
  const pairs = [
    ...[theirs.uid.effective, theirs.uid.saved, theirs.uid.real].map((id) => same(situation, mine.uid[by], id)),
    ...[theirs.gid.effective, theirs.gid.saved, theirs.gid.real].map((id) => same(situation, mine.gid[by], id)),
  ];
  if (pairs.includes(false)) return { verdict: "no", what };
  if (!pairs.includes(undefined)) return { verdict: "yes", what };
  return { verdict: "unknown", what, missing: [{ what: "id", of: situation.me.number }] };
}

/** Source: security/commoncap.c cap_ptrace_access_check. */
export function noMorePrivileged(situation: Situation, by: "effective" | "permitted", what: string): Told {
  const { me, target } = situation;
  const user = target.aim === "process" ? target.process.caller.user : HIDDEN;
  if (user !== HIDDEN && me.caller.user !== HIDDEN && user !== me.caller.user) return { verdict: "no", what };
  const seen = both(situation);
  if ("missing" in seen) return { verdict: "unknown", what, ...seen };
  const [theirs, mine] = [seen.theirs.capabilities.permitted, seen.mine.capabilities[by]];
  const isMore = (BigInt(`0x${theirs}`) & ~BigInt(`0x${mine}`)) !== 0n;
  if (isMore) return { verdict: "no", what };
  if (user !== HIDDEN && me.caller.user !== HIDDEN) return { verdict: "yes", what };
  const hidden = user === HIDDEN && target.aim === "process" ? target.process.number : me.number;
  return { verdict: "unknown", what, missing: [{ what: "link", of: `${hidden}/user` }] };
}

/** Who is a thread of the kernel can be looked at, and not be taken over. */
export const hasMemory = ({ target }: Situation, what: string): Told => ({
  verdict: target.aim === "process" && target.process.person.process.kernelThread ? "no" : "yes",
  what,
});

/**
 * No file tells, but that its links were shown to somebody with no more power; who has CAP_SYS_PTRACE over the whole machine
 * need not ask, and threads of the kernel have no memory.
 */
export function dumpable({ ground, me, target }: Situation, what: string): Told {
  if (target.aim === "process" && target.process.person.process.kernelThread) return { verdict: "yes", what };
  if (overFirst(ground, me, "CAP_SYS_PTRACE").verdict === "yes") return { verdict: "yes", what };
  if (target.aim === "process" && wasShown(ground, me.caller, target.process.person.process)) {
    const { viewpoint } = ground.index.snapshot;
    const evidence = [{ read: `${target.process.folder}/ns`, says: String(viewpoint.uid.effective) }];
    return { verdict: "yes", what, evidence };
  }
  const of = target.aim === "process" ? target.process.number : what;
  return { verdict: "yes", what, assumed: [{ what: "dumpable", of }] };
}
