import { capBit, ALL_CAPABILITIES, type Capability } from "../../../src/abi/capabilities.ts";
import { KINDS, NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import type { NamespaceId } from "../../../src/abi/ids.ts";
import { FACT_SYSCTLS } from "../../../src/caps/sysctl-facts.ts";
import { BuildRefused, buildWorld, must, processIn, type BuiltWorld } from "../../../src/kernel/build-world.ts";
import { allIds, namespaceIn, taskName, type TaskName } from "../../../src/kernel/call.ts";
import type { DrawnNamespace } from "../../../src/kernel/drawing.ts";
import type { LiveActor } from "../../../src/kernel/live/actor.ts";
import { made, type NetSockets } from "./attempt.ts";
import { openSockets } from "./attempts-net.ts";
import { ALL_IDS, mapped, type IdRanges, type Mapping } from "./ranges.ts";
import { makeQueue, readSysctl, setLimits, writeSysctl } from "./things.ts";

/** A drawn namespace, and which ids it gets where it is a user namespace. */
export interface Staged extends DrawnNamespace {
  readonly mapping: Mapping;
}

/** Somebody to ask about. */
export interface Somebody {
  /** Counted around in the list of namespaces. */
  readonly place: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly capabilities: "all" | readonly Capability[];
  /** Whether they are effective, not only permitted. */
  readonly raised: boolean;
  readonly dumpable: boolean;
  /** Soft and hard ones, as prlimit(2) takes them. */
  readonly limits: Limits;
}

export interface Limits {
  readonly nice: number;
  readonly realTime: number;
  readonly lockedMemory: number;
}

/** What network namespaces let everybody do. */
export interface NetRules {
  readonly firstOpenPort: string;
  readonly pingGroups: string;
}

export interface StageWish {
  readonly namespaces: readonly Staged[];
  readonly people: readonly Somebody[];
  readonly net: NetRules;
}

/** Namespaces and processes of ours on the running kernel. */
export interface Stage {
  readonly actor: LiveActor;
  readonly built: BuiltWorld;
  readonly people: readonly TaskName[];
  /** The id of each namespace, by its name. */
  readonly ids: ReadonlyMap<string, NamespaceId>;
  /** The ids there are in each user namespace, by its name. */
  readonly ranges: ReadonlyMap<string, IdRanges>;
  readonly drawn: ReadonlyMap<string, Staged>;
  readonly sockets: ReadonlyMap<string, NetSockets>;
  readonly queues: ReadonlyMap<string, number>;
  /** What the sysctls of each network namespace say, besides the machine's. */
  readonly sysctls: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Who is not dumpable, by number: what no file tells, and answers take for granted. */
  readonly undumpable: ReadonlySet<string>;
  /** The maps that trials have written: each can be written once. */
  readonly written: Set<string>;
}

/** A folder that anybody may write to, in a file system that only the first task's mount namespace and its copies have. */
export const YARD = "/run/yard";
/** A mount with flags, which copies for others' user namespaces have locked. */
export const FLAGGED = "/run/flagged";
const [MS_NOSUID, MS_NODEV] = [2, 4];
const APART = ["uts", "ipc", "net", "cgroup"] as const;
const AT_FDCWD = -100;

/** As much of it as the kernel allows, without what it refuses and what hangs from that. */
export function buildStage(actor: LiveActor, wish: StageWish): Stage {
  let namespaces = wish.namespaces;
  for (;;) {
    actor.restart({});
    const { first } = actor;
    // What is tried is never tried on the machine's own.
    must(actor, first, { op: "unshare", flags: APART.reduce((all, kind) => all | NAMESPACE_KINDS[kind].flag, 0) });
    made({ actor, by: first }, "mkdirat", [AT_FDCWD, YARD, 0o777]);
    made({ actor, by: first }, "fchmodat", [AT_FDCWD, YARD, 0o777]);
    made({ actor, by: first }, "mkdirat", [AT_FDCWD, FLAGGED, 0o755]);
    made({ actor, by: first }, "mount", ["flagged", FLAGGED, "tmpfs", MS_NOSUID | MS_NODEV, 0]);
    const ranges = rangesOf(namespaces);
    try {
      const built = buildWorld(actor, namespaces, 0, (name) => ranges.get(name)?.texts ?? { uid: "", gid: "" });
      return furnished(actor, { built, namespaces, wish, ranges });
    } catch (error) {
      if (!(error instanceof BuildRefused) || error.drawn === undefined) throw error;
      const gone = new Set([error.drawn]);
      namespaces = namespaces.filter(({ name, parent, owner }) => {
        if (gone.has(name) || gone.has(parent ?? "") || gone.has(owner)) gone.add(name);
        return !gone.has(name);
      });
    }
  }
}

type Mapped = ReturnType<typeof mapped>;

function rangesOf(namespaces: readonly Staged[]): ReadonlyMap<string, Mapped> {
  const ranges = new Map<string, Mapped>([["user:init", { texts: { uid: "", gid: "" }, ids: ALL_IDS }]]);
  for (const { name, kind, parent, mapping } of namespaces) {
    const above = ranges.get(parent ?? "")?.ids;
    if (kind === "user" && above !== undefined) ranges.set(name, mapped(above, mapping));
  }
  return ranges;
}

interface Shell {
  readonly built: BuiltWorld;
  readonly namespaces: readonly Staged[];
  readonly wish: StageWish;
  readonly ranges: ReadonlyMap<string, Mapped>;
}

function furnished(actor: LiveActor, { built, namespaces, wish, ranges }: Shell): Stage {
  const ids = new Map<string, NamespaceId>();
  for (const [name, fd] of built.fds) {
    const seen = actor.call(actor.first, { op: "fstat", fd });
    const id = seen.ok ? namespaceIn(seen.value) : undefined;
    if (id !== undefined) ids.set(name, id);
  }
  const sockets = new Map<string, NetSockets>();
  const queues = new Map<string, number>();
  const sysctls = new Map<string, ReadonlyMap<string, string>>();
  const { first } = actor;
  for (const [name, fd] of built.fds) {
    if (name.startsWith("net:")) {
      must(actor, first, { op: "setns", fd, nstype: NAMESPACE_KINDS.net.flag });
      sockets.set(name, openSockets({ actor, by: first }));
      writeSysctl({ actor, by: first }, FACT_SYSCTLS["low-ports-open"], wish.net.firstOpenPort);
      writeSysctl({ actor, by: first }, FACT_SYSCTLS["ping-group"], wish.net.pingGroups);
      const values = Object.values(FACT_SYSCTLS).flatMap((sysctl): [string, string][] => {
        const value = readSysctl({ actor, by: first }, sysctl);
        return value === undefined ? [] : [[sysctl, value]];
      });
      sysctls.set(name, new Map(values));
    }
    if (name.startsWith("ipc:")) queues.set(name, makeQueue(actor, fd));
  }
  const back = built.fds.get("net:init") ?? -1;
  must(actor, first, { op: "setns", fd: back, nstype: NAMESPACE_KINDS.net.flag });
  const places = [...KINDS.map((kind) => `${kind}:init`), ...namespaces.map(({ name }) => name)];
  const people = wish.people.flatMap((one, nth) => {
    const task = settled(actor, built, { ...one, at: places[one.place % places.length] ?? "", nth });
    return task === undefined ? [] : [task];
  });
  const drawn = new Map(namespaces.map((one) => [one.name, one]));
  const all = new Map([...ranges].map(([name, range]) => [name, range.ids]));
  const everybody = [...people, ...built.keepers.values()];
  const undumpable = new Set(
    everybody.filter((task) => !isDumpable(actor, task)).map((task) => String(actor.pidOf(task))),
  );
  return { actor, built, people, ids, ranges: all, drawn, sockets, queues, sysctls, undumpable, written: new Set() };
}

function isDumpable(actor: LiveActor, task: TaskName): boolean {
  const seen = actor.call(task, { op: "get-dumpable" });
  return seen.ok && seen.value === 1;
}

/** Somebody in a place; what is refused to it, it goes without. Undefined: nobody can come there. */
function settled(
  actor: LiveActor,
  built: BuiltWorld,
  {
    at,
    nth,
    uid,
    gid,
    capabilities,
    raised,
    dumpable,
    limits,
  }: Somebody & { readonly at: string; readonly nth: number },
): TaskName | undefined {
  let task: TaskName;
  try {
    task = processIn(actor, built, at, taskName(`somebody-${nth}`));
  } catch (error) {
    if (error instanceof BuildRefused) return undefined;
    throw error;
  }
  setLimits({ actor, by: task }, limits);
  if (gid !== undefined) actor.call(task, { op: "setresgid", ids: allIds(gid) });
  const isOther = uid !== undefined && uid !== 0;
  // Capabilities stay with whoever is not root any more, for the ids to be chosen apart from them.
  if (isOther) actor.call(task, { op: "set-keep-caps", keep: true });
  if (uid !== undefined) actor.call(task, { op: "setresuid", ids: allIds(uid) });
  const seen = actor.call(task, { op: "capget", of: task });
  const has =
    seen.ok && typeof seen.value === "object" && "capabilities" in seen.value ? seen.value.capabilities : undefined;
  const wanted = capabilities === "all" ? ALL_CAPABILITIES : capabilities.reduce((all, one) => all | capBit(one), 0n);
  const set = wanted & (has?.permitted ?? 0n);
  actor.call(task, { op: "capset", effective: raised ? set : 0n, permitted: set });
  actor.call(task, { op: "set-dumpable", dumpable });
  return task;
}
