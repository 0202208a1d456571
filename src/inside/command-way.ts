import { namespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Act } from "../enter/act.ts";
import { Lineage } from "../enter/lineage.ts";
import { planWay, type Facts, type Request } from "../enter/plan.ts";
import type { Step } from "../enter/step.ts";
import { stepsOfAct, type Handles, type Waiting } from "../enter/steps.ts";
import type { Asking } from "../library/owned-file.ts";
import { gatherFacts } from "./facts.ts";
import type { Opened } from "./open-inside.ts";

/** Who a command is and where it stands, once it is in its namespaces. */
export interface Standing {
  /**
   * The working directory, a path as the namespaces see it. Without it: the program's own; where a mount namespace is
   * joined, "/" of that.
   */
  readonly cwd?: string;
  /** Ids as the user namespace numbers them that the command is in. Where one is joined: 0, unless "keep". */
  readonly uid?: number | "keep";
  readonly gid?: number | "keep";
  /**
   * Supplementary groups. Without it those of the program are given up where the gid is set (or 0, as above) and the kernel
   * allows that, as nsenter(1) does; "keep": they stay. Groups that are named and cannot be set are a failure.
   */
  readonly groups?: readonly number[] | "keep";
  /** The capabilities that joining a user namespace gives outlive execve(2), though the uid is not 0. Since Linux 4.3. */
  readonly keepCaps?: boolean;
  /** Neither the command nor what it starts gains privileges by execve(2). Source: prctl(2) PR_SET_NO_NEW_PRIVS. */
  readonly noNewPrivs?: boolean;
  /** A new proc at /proc, in a mount namespace of the command's own, so that it shows the pid namespace that was joined. */
  readonly mountProc?: boolean;
}

/** A way into namespaces as steps, each with the act that it is part of. */
export interface CommandWay {
  readonly steps: readonly Step[];
  readonly actOf: ReadonlyMap<Step, Act>;
  /** The same acts, with what the rules say of each: asked for where one was refused. */
  readonly explain: () => { readonly facts: Facts; readonly acts: readonly Act[] };
  readonly acts: readonly Act[];
}

/**
 * The way, in the order of the rules. Where no user namespace is joined the order needs no facts, and the kernel is not
 * asked for them: they would cost more than the joins.
 */
export function commandWay(
  opened: Opened,
  standing: Standing,
  handles: Handles,
  waiting: Waiting,
  asking: Asking,
): CommandWay {
  const { held, target } = opened;
  const request = requestOf(held, standing);
  const gather = (): Facts =>
    gatherFacts(asking.observer, held, {
      witness: { pid: held.get("user")?.from === "target" ? target?.pid : undefined },
      pidfd: target !== undefined,
      language: asking.language,
    });
  const acts = ordered(request, held.has("user") ? gather() : withoutFacts(target !== undefined));
  const actOf = new Map<Step, Act>();
  const steps: Step[] = [];
  for (const act of acts) {
    for (const step of stepsOfAct(act, handles, waiting)) {
      steps.push(step);
      actOf.set(step, act);
    }
  }
  const explain = () => {
    const facts = gather();
    return { facts, acts: ordered(request, facts) };
  };
  return { steps, actOf, acts, explain };
}

/**
 * The process for the command comes last, so that what makes it end with the one that waits for it is never undone: a
 * change of ids takes it back (prctl(2), PR_SET_PDEATHSIG). Only mounting proc has to be done in it.
 */
function ordered(request: Request, facts: Facts): readonly Act[] {
  // Groups that nobody named and the kernel keeps (an ordinary user's) are no failure; before joining it was tried, too.
  const acts = planWay(request, facts).acts.map((act) =>
    act.act === "groups" && !request.groupsMatter ? { ...act, unless: "always" as const } : act,
  );
  if (request.mountProc !== undefined) return acts;
  return [...acts.filter(({ act }) => act !== "fork"), ...acts.filter(({ act }) => act === "fork")];
}

function requestOf(held: Opened["held"], standing: Standing): Request {
  const { cwd, uid, gid, groups, keepCaps = false, noNewPrivs = false, mountProc = false } = standing;
  const usual = held.has("user") ? 0 : undefined;
  const taken = (id: number | "keep" | undefined): number | undefined => (id === "keep" ? undefined : (id ?? usual));
  const gidInside = taken(gid);
  const none = gidInside === undefined ? undefined : [];
  return {
    wishes: Array.from(held.values(), ({ kind, file, from }) => ({ kind, ns: file.id, from })),
    root: undefined,
    folder: cwd === undefined ? undefined : { inside: cwd },
    cgroup: undefined,
    fork: held.has("pid"),
    mountProc: mountProc ? "/proc" : undefined,
    uid: taken(uid),
    gid: gidInside,
    groups: groups === "keep" ? undefined : (groups ?? none),
    groupsMatter: Array.isArray(groups),
    preserve: groups === "keep",
    keepCaps,
    noNewPrivs,
  };
}

/** Nothing is known, so that every forecast is "unknown"; who the caller is matters to none. */
function withoutFacts(pidfd: boolean): Facts {
  const nobody = namespaceId(0n, 0n);
  const ids = { ruid: 0, euid: 0, suid: 0, fsuid: 0, rgid: 0, egid: 0, sgid: 0, fsgid: 0 };
  const credentials = { user: nobody, ...ids, permitted: 0n, effective: 0n };
  return {
    view: new Lineage(),
    me: { credentials, pid: nobody, threaded: false, sharesFs: false, sharesMemory: false },
    pidfd,
    ids: undefined,
    ownSetgroups: false,
    hasInit: true,
    initialUser: false,
  };
}

/** The descriptors of what is opened, as the launcher numbers them, from `first` on; `fds` in the same order. */
export function handlesFrom(
  first: number,
  { held, target }: Opened,
): { readonly handles: Handles; readonly fds: readonly number[] } {
  const all = [...held.values()];
  const namespaces = new Map<NamespaceKind, number>(all.map(({ kind }, nth) => [kind, first + nth]));
  const fds = all.map(({ file }) => file.fd);
  const pidfd = target === undefined ? undefined : first + fds.length;
  if (target !== undefined) fds.push(target.pidfd.raw);
  return { handles: { pidfd, namespaces, root: undefined, folder: undefined, cgroup: undefined }, fds };
}
