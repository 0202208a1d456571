import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { must } from "../../src/kernel/build-world.ts";
import { allIds, taskName, type TaskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";

/** A container with a sandbox in it, and everybody in there. */
export interface Pod {
  /** Process 1 of the container: root there, uid `100000 + 65536 i` outside. */
  readonly root: TaskName;
  /** Processes of uid 33 in the container. */
  readonly workers: readonly TaskName[];
  /** Process 1 of the sandbox. */
  readonly sandbox: TaskName;
}

/** A machine that runs nothing but pods, each with a `shim` above it as container runtimes have. */
export interface Machine {
  readonly actor: ModelActor;
  readonly pods: readonly Pod[];
}

export const flagsOf = (...kinds: NamespaceKind[]): number =>
  kinds.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);
const CONTAINER = flagsOf("user", "mnt", "pid", "net", "ipc", "uts", "cgroup");
const SANDBOX = flagsOf("user", "pid", "net");

/** What a pod adds to the world. */
export const PER_POD = { namespaces: 10, processes: 50 } as const;
const WORKERS = 38;
const SANDBOXED = 9;
const IDS = 65_536;
/** How many network namespaces have a name: a new mount namespace is a copy, which costs what is mounted, here as in Linux. */
const NAMED = 10;

export function machineOf(podCount: number): Machine {
  const actor = new ModelActor();
  must(actor, actor.first, { op: "write-sysctl", name: "pid_max", text: "4194304" });
  return { actor, pods: Array.from({ length: podCount }, (_, at) => makePod(actor, at)) };
}

function makePod(actor: ModelActor, at: number): Pod {
  const { first } = actor;
  const shim = taskName(`shim-${at}`);
  const root = taskName(`pod-${at}`);
  const sandbox = taskName(`sandbox-${at}`);
  must(actor, first, { op: "clone", flags: 0, as: shim });
  must(actor, shim, { op: "clone", flags: CONTAINER, as: root });
  const base = 100_000 + at * IDS;
  become(actor, { by: first, who: root, map: `0 ${base} ${IDS}` });
  for (const what of ["null", "null", "null", "socket"] as const) must(actor, root, { op: "open-other", what });
  const workers = family(actor, root, { name: "worker", at, count: WORKERS });
  for (const worker of workers) {
    must(actor, worker, { op: "setresgid", ids: allIds(33) });
    must(actor, worker, { op: "setresuid", ids: allIds(33) });
  }
  must(actor, root, { op: "clone", flags: SANDBOX, as: sandbox });
  become(actor, { by: root, who: sandbox, map: "0 0 1000" });
  family(actor, sandbox, { name: "sandboxed", at, count: SANDBOXED });
  if (at < NAMED) {
    const fd = must(actor, first, { op: "open", of: root, link: "net" });
    must(actor, first, { op: "bind", fd, path: `/run/netns/pod-${at}` });
    must(actor, first, { op: "close", fd });
  }
  return { root, workers, sandbox };
}

/** Root of the user namespace that it was cloned into. */
function become(
  actor: ModelActor,
  { by, who, map }: { readonly by: TaskName; readonly who: TaskName; readonly map: string },
): void {
  must(actor, by, { op: "write", of: who, file: "uid_map", text: map });
  must(actor, by, { op: "write", of: who, file: "gid_map", text: map });
  must(actor, who, { op: "setresgid", ids: allIds(0) });
  must(actor, who, { op: "setresuid", ids: allIds(0) });
  must(actor, who, { op: "exec" });
}

function family(
  actor: ModelActor,
  parent: TaskName,
  { name, at, count }: { readonly name: string; readonly at: number; readonly count: number },
): TaskName[] {
  return Array.from({ length: count }, (_, number) => {
    const as = taskName(`${name}-${at}-${number}`);
    must(actor, parent, { op: "clone", flags: number === 0 ? CLONE_FLAGS.CLONE_FS : 0, as });
    return as;
  });
}
