import { readFileSync } from "node:fs";
import { isKind, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { can, type CanAnswer, type CanQuestion } from "../../../src/caps/can.ts";
import { operationOf, type OperationName } from "../../../src/caps/operations.ts";
import type { FileFacts } from "../../../src/caps/situation.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../../src/kernel/call.ts";
import type { Resource } from "../../../src/caps/target.ts";
import { parseMountinfo } from "../../../src/procfs/mountinfo.ts";
import { parseLimits, type ResourceLimit } from "../../../src/procfs/limits.ts";
import type { SnapshotIndex } from "../../../src/snapshot/index-snapshot.ts";
import { heard, type Heard } from "./attempt.ts";
import { ATTEMPTS } from "./attempts.ts";
import { ALL_IDS, has, NO_IDS, twoOf, type IdRange } from "./ranges.ts";
import { FLAGGED, YARD, type Stage } from "./stage.ts";
import { makeFile } from "./things.ts";

/** Who tries what, and on what. */
export interface Trial {
  readonly who: TaskName;
  readonly operation: OperationName;
  readonly on:
    | { readonly namespace: string }
    | { readonly task: TaskName }
    | { readonly file: FileFacts }
    | { readonly sysctl: string }
    /** A mount of its own mount namespace. */
    | { readonly mount: string }
    /** Its own, or the machine. */
    | undefined;
}

/** Numbers that choose a trial among those that a stage has, each counted around. */
export interface Choice {
  readonly who: number;
  readonly operation: OperationName;
  readonly on: number;
  readonly file: FileFacts;
  readonly sysctl: string;
}

/** Their descriptors lead to namespaces that whoever uses them need not be in. */
const BY_DESCRIPTOR: ReadonlySet<OperationName> = new Set([
  "bind-low-port",
  "add-route",
  "configure-device",
  "firewall",
  "create-tun",
  "socket-mark",
]);
/** Whether it is tried on any namespace of the kind, and not on its own alone. */
export const byDescriptor = (operation: OperationName): boolean =>
  BY_DESCRIPTOR.has(operation) ||
  operation.startsWith("setns-") ||
  operation.startsWith("write-uid") ||
  operation.startsWith("write-gid");

/** Undefined: there is nothing such to try it on. */
export function trialOf(stage: Stage, { who, operation, on, file, sysctl }: Choice): Trial | undefined {
  const by = stage.people[who % stage.people.length];
  if (by === undefined) return undefined;
  const { on: aim } = operationOf(operation);
  if (operation === "remount") return { who: by, operation, on: { mount: "/run" } };
  if (operation === "clear-mount-flags") return { who: by, operation, on: { mount: on % 2 === 0 ? "/run" : FLAGGED } };
  if (isKind(aim)) {
    if (!byDescriptor(operation)) return { who: by, operation, on: undefined };
    const all = [...stage.built.fds.keys()].filter((name) => name.startsWith(`${aim}:`));
    // A map that is there already is the lesser question.
    const bare = all.filter((name) => stage.ranges.get(name)?.uid.count === 0);
    const names = operation.endsWith("-map") && bare.length > 0 && on % 4 !== 0 ? bare : all;
    const namespace = names[on % names.length];
    return namespace === undefined ? undefined : { who: by, operation, on: { namespace } };
  }
  switch (aim) {
    case "process": {
      const all = [...new Set([...stage.people, ...stage.built.keepers.values()])];
      const task = all[on % all.length];
      return task === undefined ? undefined : { who: by, operation, on: { task } };
    }
    case "file":
      return { who: by, operation, on: { file } };
    case "sysctl":
      return { who: by, operation, on: { sysctl } };
    default:
      return { who: by, operation, on: undefined };
  }
}

let trials = 0;

/** What the kernel says. A child of who is asked about makes the calls, with all that is its own. Undefined: it cannot be tried. */
export function tried(stage: Stage, trial: Trial): Heard | undefined {
  const { who, operation, on } = trial;
  const { actor, built } = stage;
  const nth = trials++;
  const other = TAKES_ID.has(operation) ? otherId(stage, trial) : -1;
  if (other === undefined) return undefined;
  const namespace = on !== undefined && "namespace" in on ? on.namespace : undefined;
  const above = namespace === undefined ? undefined : stage.drawn.get(namespace)?.parent;
  const ranges = stage.ranges.get(above ?? "") ?? ALL_IDS;
  const mapText = twoOf(operation === "write-gid-map" ? ranges.gid : ranges.uid);
  const map = operation.endsWith("-map") ? `${operation} ${namespace}` : undefined;
  if (map !== undefined && (mapText === undefined || stage.written.has(map))) return undefined;
  const named = on !== undefined && "task" in on ? on.task : (built.keepers.get(namespace ?? "") ?? actor.first);
  const by = taskName(`trial-${nth}`);
  // What is asked of itself, whoever tries it has to try on itself.
  const of = named === who ? by : named;
  if (BY_NUMBER.has(operation) && !hasNumberFor(stage, who, named)) return undefined;
  const path = on === undefined ? YARD : "file" in on ? `${YARD}/file-${nth}` : "mount" in on ? on.mount : YARD;
  if (on !== undefined && "file" in on) makeFile(actor, path, on.file);
  must(actor, who, { op: "clone", flags: 0, as: by });
  try {
    const said = heard(ATTEMPTS[operation], {
      ...{ actor, by, of, path },
      fd: built.fds.get(namespace ?? "") ?? -1,
      sockets: stage.sockets.get(namespace ?? ""),
      queue: operation.endsWith("-ipc-object") ? (stage.queues.get(nameOfOwn(stage, who, "ipc")) ?? -1) : -1,
      sysctl: on !== undefined && "sysctl" in on ? on.sysctl : "",
      otherId: other,
      mapText: mapText ?? "",
    });
    if (map !== undefined && said === "yes") stage.written.add(map);
    return said;
  } finally {
    actor.call(by, { op: "exit" });
    actor.call(who, { op: "wait", child: by });
  }
}

/** The name that a stage has for the namespace of a kind that a task is in. */
export function nameOfOwn(stage: Stage, task: TaskName, kind: NamespaceKind): string {
  const seen = stage.actor.call(stage.actor.first, { op: "open", of: task, link: kind });
  if (!seen.ok || typeof seen.value !== "number") throw new Error(`${task} is gone`);
  const id = stage.actor.call(stage.actor.first, { op: "fstat", fd: seen.value });
  must(stage.actor, stage.actor.first, { op: "close", fd: seen.value });
  const own = id.ok && typeof id.value === "object" && "namespace" in id.value ? id.value.namespace : undefined;
  for (const [name, one] of stage.ids) if (one === own) return name;
  throw new Error(`${task} is in a ${kind} namespace that is not of the stage`);
}

const BY_NUMBER: ReadonlySet<OperationName> = new Set(["kill", "ptrace", "read-memory"]);

/** These calls take a number: who has none in the pid namespace of who makes them cannot be named. */
function hasNumberFor(stage: Stage, who: TaskName, of: TaskName): boolean {
  const [from, to] = [nameOfOwn(stage, who, "pid"), nameOfOwn(stage, of, "pid")];
  for (let at: string | undefined = to; at !== undefined; at = stage.drawn.get(at)?.parent)
    if (at === from) return true;
  return false;
}

/** Operations that take an id. */
const TAKES_ID: ReadonlySet<OperationName> = new Set(["setuid", "setgid", "chown", "set-file-capabilities"]);

/** An id that is none of its own (of a file: not its owner) and has a number where it is; undefined: there is none. */
function otherId(stage: Stage, { who, operation, on }: Trial): number | undefined {
  const user = stage.ranges.get(nameOfOwn(stage, who, "user")) ?? { uid: NO_IDS, gid: NO_IDS };
  const seen = stage.actor.call(who, { op: operation === "setgid" ? "getresgid" : "getresuid" });
  const ids = seen.ok && typeof seen.value === "object" && "ids" in seen.value ? seen.value.ids : undefined;
  const own = ids === undefined ? [] : [ids.real, ids.effective, ids.saved];
  const range = operation === "setgid" ? user.gid : user.uid;
  const taken = on !== undefined && "file" in on ? [...own, on.file.uid] : own;
  const other = candidates(range).find((id) => has(range, id) && !taken.includes(id));
  // Whose capabilities they are to be does not matter.
  return operation === "set-file-capabilities" ? (other ?? range.first) : other;
}

const candidates = ({ first, count }: IdRange): readonly number[] => [7, 8, first, first + 1, first + count - 1];

const NONE: ReadonlyMap<string, string> = new Map();

/** What `can` says of it. */
export function askedOf(index: SnapshotIndex, stage: Stage, trial: Trial): CanAnswer {
  const question = questionOf(index, stage, trial);
  const process = index.processes.get(stage.actor.pidOf(trial.who));
  if (process === undefined) throw new Error(`${trial.who} was not seen`);
  const answer = can(index, { process }, question);
  if (answer === undefined || "wanted" in answer) throw new Error(`no answer to ${JSON.stringify(question)}`);
  return answer;
}

function questionOf(index: SnapshotIndex, stage: Stage, { who, operation, on }: Trial): CanQuestion {
  const { on: aim } = operationOf(operation);
  const net = on !== undefined && "namespace" in on && on.namespace.startsWith("net:") ? on.namespace : undefined;
  const rests = aim === "net" || aim === "host";
  const sysctls = rests ? (stage.sysctls.get(net ?? nameOfOwn(stage, who, "net")) ?? NONE) : NONE;
  if (on === undefined) {
    return { operation, sysctls, ...(aim === "own" && { limits: limitsOf(stage.actor.pidOf(who)) }) };
  }
  if ("namespace" in on) {
    const namespace = stage.ids.get(on.namespace);
    if (namespace === undefined) throw new Error(`${on.namespace} was not seen`);
    return { operation, sysctls, resource: { namespace } };
  }
  if ("task" in on) {
    const process = index.processes.get(stage.actor.pidOf(on.task));
    if (process === undefined) throw new Error(`${on.task} was not seen`);
    return { operation, sysctls, resource: { process: { process } } };
  }
  if ("file" in on) return { operation, sysctls, resource: { file: `${YARD}/file`, facts: on.file } };
  if ("mount" in on) return { operation, resource: mountOf(stage, who, on.mount) };
  return { operation, sysctls, resource: { sysctl: on.sysctl } };
}

function mountOf(stage: Stage, who: TaskName, path: string): Resource {
  const read = parseMountinfo(readFileSync(`/proc/${stage.actor.pidOf(who)}/mountinfo`, "utf8"));
  const mount = read.ok ? read.value.findLast(({ mountPoint }) => mountPoint === path) : undefined;
  const namespace = stage.ids.get(nameOfOwn(stage, who, "mnt"));
  if (mount === undefined || namespace === undefined) throw new Error(`${who} has nothing mounted at ${path}`);
  const { id, fsType, options } = mount;
  return { mount: path, namespace, facts: { id, mountPoint: path, fsType, options, readOnly: false } };
}

function limitsOf(pid: number): readonly ResourceLimit[] {
  const read = parseLimits(readFileSync(`/proc/${pid}/limits`, "utf8"));
  if (!read.ok) throw new Error(`/proc/${pid}/limits: ${read.text}`);
  return read.value;
}

/** The processes and namespaces that a question names. */
export function namedIn(
  index: SnapshotIndex,
  stage: Stage,
  { who, on }: Trial,
): { readonly pids: ReadonlySet<number>; readonly ids: ReadonlySet<string> } {
  const pid = stage.actor.pidOf(who);
  const other = on !== undefined && "task" in on ? [stage.actor.pidOf(on.task)] : [];
  const own = Object.values(index.processes.get(pid)?.namespaces ?? {});
  const namespace = on !== undefined && "namespace" in on ? stage.ids.get(on.namespace) : undefined;
  return { pids: new Set([pid, ...other]), ids: new Set([...own, ...(namespace === undefined ? [] : [namespace])]) };
}

/** Whether a look has what a question names: who was refused it could not ask. */
export function knows(index: SnapshotIndex, stage: Stage, { who, on }: Trial): boolean {
  const people = on !== undefined && "task" in on ? [who, on.task] : [who];
  const name =
    on === undefined
      ? undefined
      : "namespace" in on
        ? on.namespace
        : "mount" in on
          ? nameOfOwn(stage, who, "mnt")
          : undefined;
  const id = name === undefined ? undefined : stage.ids.get(name);
  return (
    people.every((one) => index.processes.has(stage.actor.pidOf(one))) && (id === undefined || index.namespaces.has(id))
  );
}
