import { CONSTANTS } from "../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { SIGNALS } from "../abi/signals.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import { mapText } from "./id-ranges.ts";
import type { Offset, RunWish } from "./run-wish.ts";
import type { Fork, Step } from "./step.ts";
import { KEEP_CAPS } from "./steps.ts";

/** A step of `run`, and what it is about in a message: the call as its manual page has it, and the thing. */
export interface RunAct {
  readonly call: string;
  readonly subject: string;
  readonly step: Simple | RunFork | RunHelper;
  /** What hints go by. */
  readonly topic: Topic;
}
type Simple = Exclude<Step, { do: "fork" | "helper" }>;
export type RunFork = Fork & { readonly acts: readonly RunAct[] };
export interface RunHelper {
  readonly do: "helper";
  readonly register: number;
  readonly acts: readonly RunAct[];
}

export type Topic =
  | "unshare"
  | "own-map"
  | "range-map"
  | "newidmap"
  | "setgroups-file"
  | "setgroups-late"
  | "bind"
  | "bind-mnt"
  | "bind-pid"
  | "offsets"
  | "owner"
  | "propagation"
  | "proc"
  | "binfmt"
  | "folder"
  | "ids"
  | "groups"
  | "fork"
  | "other";

/** Where the launcher's own folder of /proc, its map writer and its binder are kept. */
const [SELF, MAPPER, BINDER] = [0, 1, 2];
/** MS_NOSUID, MS_NODEV and MS_NOEXEC, as proc is mounted by everybody. Source: include/uapi/linux/mount.h. */
const MS_OF_PROC = 2 | 4 | 8;
const GRACE_MS = 5000;
const CLOCKS = { monotonic: 1, boottime: 7 } as const;
const { SIGINT, SIGTERM, SIGHUP, SIGQUIT } = SIGNALS;

/** The links of /proc/PID/ns that new namespaces are bound from: a process enters two of them only with its children. */
const LINKS: Partial<Record<NamespaceKind, string>> = { pid: "pid_for_children", time: "time_for_children" };
/** The order in which unshare binds. */
const BOUND = ["user", "cgroup", "ipc", "uts", "net", "pid", "mnt", "time"] as const satisfies NamespaceKind[];

/** What `run` does, step by step, in unshare's order; the command comes behind. Nothing is done. */
export function runActs(wish: RunWish): readonly RunAct[] {
  const { kinds, maps, owner, fork } = wish;
  const binds = bindActs(wish);
  // A process outside binds what cannot be bound from inside: a new mount namespace hides the mount, a new user namespace forbids it.
  const outside = binds.length > 0 && (kinds.has("mnt") || kinds.has("user"));
  const mapper = maps.uids !== undefined || maps.gids !== undefined;
  const bound = outside ? [release(BINDER)] : binds;
  const acts: RunAct[] = [];
  if (outside || mapper) {
    acts.push(act("other", "openat", "/proc/self", { do: "open", register: SELF, path: "/proc/self" }));
  }
  if (outside) acts.push(helper(BINDER, [inOwnFolder(), ...binds]));
  if (mapper) acts.push(helper(MAPPER, rangeActs(wish)));
  if (owner !== undefined) {
    acts.push(
      act("owner", "setgroups", "0", { do: "setgroups", gids: [] }),
      act("owner", "setgid", String(owner.gid), { do: "setgid", gid: owner.gid }),
      act("owner", "setuid", String(owner.uid), { do: "setuid", uid: owner.uid }),
    );
  }
  if (kinds.size > 0) acts.push(unshareAct(Array.from(kinds.keys())));
  if (mapper) acts.push(release(MAPPER));
  acts.push(...offsetActs("boottime", wish.boottime), ...offsetActs("monotonic", wish.monotonic));
  if (fork === undefined) acts.push(...bound);
  else acts.push(act("fork", "clone", "SIGCHLD", forkStep(fork, bound)));
  acts.push(...ownMapActs(wish), ...mountActs(wish), ...idActs(wish));
  return acts;
}

const act = (topic: Topic, call: string, subject: string, step: RunAct["step"]): RunAct => ({
  topic,
  call,
  subject,
  step,
});

function unshareAct(kinds: readonly NamespaceKind[]): RunAct {
  const flags = kinds.reduce((all, kind) => all | NAMESPACE_KINDS[kind].flag, 0);
  return act("unshare", "unshare", kinds.map((kind) => NAMESPACE_KINDS[kind].flagName).join(" | "), {
    do: "unshare",
    flags,
  });
}

const helper = (register: number, acts: readonly RunAct[]): RunAct =>
  act("fork", "clone", "SIGCHLD", { do: "helper", register, acts });
const release = (register: number): RunAct => act("other", "wait4", "helper", { do: "release", register });
const inOwnFolder = (): RunAct => act("other", "fchdir", "/proc/self", { do: "fchdir", fd: { register: SELF } });

function bindActs({ kinds }: RunWish): readonly RunAct[] {
  const outside = kinds.has("mnt") || kinds.has("user");
  return BOUND.flatMap((kind) => {
    const file = kinds.get(kind);
    if (file === undefined) return [];
    // The helper stands in the folder of the process it binds for, whatever that one's number is.
    const source = `${outside ? "" : "/proc/self/"}ns/${LINKS[kind] ?? kind}`;
    const topic = kind === "mnt" || kind === "pid" ? (`bind-${kind}` as const) : "bind";
    return [act(topic, "mount --bind", file, { do: "mount", source, target: file, flags: CONSTANTS.MS_BIND })];
  });
}

/** By whom the ranges are written: root does it itself, others have newuidmap and newgidmap look into /etc/subuid. */
function rangeActs({ caller, maps }: RunWish): readonly RunAct[] {
  const rows = [
    ["uid_map", "newuidmap", maps.uids],
    ["gid_map", "newgidmap", maps.gids],
  ] as const;
  return rows.flatMap(([file, program, lines]) => {
    if (lines === undefined) return [];
    if (caller.uid === 0) return [mapAct("range-map", file, mapText(lines), { register: SELF })];
    return [act("newidmap", "execve", program, { do: "map", program, ranges: lines.flatMap(numbers) })];
  });
}
const numbers = ({ inside, outside, count }: IdExtent): readonly number[] => [inside, outside, count];

function mapAct(topic: Topic, file: string, data: string, folder?: { readonly register: number }): RunAct {
  const where = folder === undefined ? { path: `/proc/self/${file}` } : { folder, path: file };
  return act(topic, "write", `/proc/self/${file}`, { do: "write", ...where, data });
}

/** The one id that a process without privileges may map is its own, and groups only where setgroups(2) is given up. */
function ownMapActs({ caller, maps, setgroups }: RunWish): readonly RunAct[] {
  const acts: RunAct[] = [];
  const write = (data: "allow" | "deny", topic: Topic): RunAct =>
    act(topic, "write", "/proc/self/setgroups", {
      do: "write",
      path: "/proc/self/setgroups",
      data,
      mayBeMissing: true,
    });
  if (maps.uid !== undefined) acts.push(mapAct("own-map", "uid_map", `${maps.uid} ${caller.uid} 1`));
  if (maps.gid !== undefined)
    acts.push(write("deny", "setgroups-file"), mapAct("own-map", "gid_map", `${maps.gid} ${caller.gid} 1`));
  // As unshare has it: where a map of groups is there already, it is too late to deny.
  const isLate = setgroups === "deny" && (maps.gid !== undefined || maps.gids !== undefined);
  if (setgroups !== undefined) acts.push(write(setgroups, isLate ? "setgroups-late" : "setgroups-file"));
  return acts;
}

function offsetActs(clock: keyof typeof CLOCKS, offset: Offset | undefined): readonly RunAct[] {
  if (offset === undefined) return [];
  const data = `${CLOCKS[clock]} ${offset.seconds} ${offset.nanoseconds}`;
  const path = "/proc/self/timens_offsets";
  return [act("offsets", "write", path, { do: "write", path, data })];
}

function forkStep({ killSignal, forwards, timeoutMs }: NonNullable<RunWish["fork"]>, acts: readonly RunAct[]): RunFork {
  // Whoever sets a time limit waits for nsatlas, and means the command by what he sends it.
  const forwarded = timeoutMs === undefined ? [SIGINT, SIGTERM] : [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
  const passes = forwards || timeoutMs !== undefined;
  return {
    do: "fork",
    acts,
    killSignal,
    ...(passes ? { forwarded } : { held: [SIGINT, SIGTERM] }),
    ...(timeoutMs !== undefined && { timeoutMs, graceMs: GRACE_MS }),
  };
}

function mountActs({ kinds, propagation, mountProc, mountBinfmt, root, folder }: RunWish): readonly RunAct[] {
  const acts: RunAct[] = [];
  const recursively = CONSTANTS.MS_PRIVATE | CONSTANTS.MS_REC;
  if (kinds.has("mnt") && propagation !== 0) {
    const step: Step = { do: "mount", source: "none", target: "/", flags: propagation };
    acts.push(act("propagation", "mount propagation", "/", step));
  }
  if (root !== undefined) acts.push(act("folder", "chroot", root, { do: "chroot", path: root }));
  const start = folder ?? (root === undefined ? undefined : "/");
  if (start !== undefined) acts.push(act("folder", "chdir", start, { do: "chdir", path: start }));
  if (mountProc !== undefined) {
    // What is mounted on it would go out to others. Not a mount: then nothing is, and that is as good.
    const step: Step = { do: "mount", source: "none", target: mountProc, flags: recursively, mayFailBy: "always" };
    if (root === undefined && propagation !== recursively) {
      acts.push(act("propagation", "mount propagation", mountProc, step));
    }
    acts.push(mounting("proc", "proc", mountProc));
  }
  if (mountBinfmt !== undefined) acts.push(mounting("binfmt", "binfmt_misc", mountBinfmt));
  return acts;
}

const mounting = (topic: Topic, type: string, target: string): RunAct =>
  act(topic, `mount ${type}`, target, { do: "mount", source: type, target, type, flags: MS_OF_PROC });

function idActs({ kinds, uid, gid, keepCaps, noNewPrivs }: RunWish): readonly RunAct[] {
  const acts: RunAct[] = [];
  if (gid !== undefined) {
    acts.push(act("groups", "setgroups", "0", { do: "setgroups", gids: [] }));
    acts.push(act("ids", "setgid", String(gid), { do: "setgid", gid }));
  }
  const keepsCaps = keepCaps && kinds.has("user");
  if (uid !== undefined && keepsCaps) acts.push(act("other", "prctl", "PR_SET_KEEPCAPS", KEEP_CAPS));
  if (uid !== undefined) acts.push(act("ids", "setuid", String(uid), { do: "setuid", uid }));
  if (keepsCaps) acts.push(act("other", "prctl", "PR_CAP_AMBIENT", { do: "ambient" }));
  if (noNewPrivs) {
    const step: Step = { do: "prctl", option: CONSTANTS.PR_SET_NO_NEW_PRIVS, args: [1, 0, 0, 0] };
    acts.push(act("other", "prctl", "PR_SET_NO_NEW_PRIVS", step));
  }
  return acts;
}

/** The steps for the launcher, each with what it says where it fails. */
export const stepsOfActs = (acts: readonly RunAct[], says: (act: RunAct) => Step["says"]): readonly Step[] =>
  acts.map((one): Step => {
    const { step } = one;
    const saying = says(one);
    const said = saying === undefined ? {} : { says: saying };
    if (step.do === "helper") {
      return { do: "helper", register: step.register, steps: stepsOfActs(step.acts, says), ...said };
    }
    if (step.do === "fork") {
      const { acts: parent, ...fork } = step;
      return { ...fork, parent: stepsOfActs(parent, says), ...said };
    }
    return { ...step, ...said };
  });
