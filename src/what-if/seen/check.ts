import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import type { Call, CallName, TaskName, Value } from "../../kernel/call.ts";
import { inodeOf } from "../../abi/ids.ts";
import { bindAt } from "../../kernel/model/binds.ts";
import { FOLDERS } from "../../kernel/model/folders.ts";
import type { Task, World } from "../../kernel/model/world.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { viewOf } from "../../kernel/model/view.ts";
import { isReserved } from "../../rules/reserved.ts";
import { isWithin } from "../../rules/view.ts";
import type { Situation } from "../situation.ts";
import { EvidenceMissing, type Evidence } from "./evidence.ts";
import { BEYOND_NUMBERS } from "./namespaces.ts";
import { BEYOND_IDS, BEYOND_INODES } from "./beyond.ts";

/** Whether a caller is in the viewer's own user and pid namespace, or below. */
export function insideOf(
  world: World,
  { credentials, ...task }: Task,
  evidence: Evidence,
): Record<"user" | "pid", boolean> {
  // From within, nothing above is looked at: so the walk ends at the top.
  evidence.begin({ user: true, pid: true });
  const within = (read: () => boolean): boolean => {
    try {
      return read();
    } catch (error) {
      if (error instanceof EvidenceMissing) return false;
      throw error;
    }
  };
  const view = viewOf(world);
  return {
    user: within(() => isWithin(view, credentials.user, world.initial.user)),
    pid: within(() => isWithin(view, task.pid, world.initial.pid)),
  };
}

/** Calls that change nothing: where their outcome is unknown, what there is stays known. Those that only open are among them: what they open has no number then. */
const HARMLESS: ReadonlySet<CallName> = new Set<CallName>([
  "open",
  "readlink",
  "stat",
  "lstat",
  "reopen",
  "open-folder",
  "open-path",
  "fstat",
  "ioctl",
  "fcntl",
  "pidfd_open",
  "pidfd-ioctl",
  "dup",
  "open-other",
  "getsockopt",
  "name_to_handle_at",
  "link_to_handle_at",
  "open_by_handle_at",
  "open-map",
  "read-sysctl",
  "read-timens-offsets",
  "get-dumpable",
  "capget",
  "get-securebits",
  "getresuid",
  "getresgid",
  "getgroups",
  "status",
  "getpid",
  "getppid",
  "listns",
]);
export const leavesAll = (call: Call): boolean =>
  HARMLESS.has(call.op) || (call.op === "kill" && call.signal === "none");

interface Seen extends Situation {
  readonly evidence: Evidence;
}

const missing = (what: EvidenceMissing["missing"]["what"], of: string): never => {
  throw new EvidenceMissing({ what, of });
};

/** Before a call in a world that somebody saw: what the model would take for absent because nobody looked. */
export function checkSight({ world, evidence, names }: Seen, by: TaskName, call: Call): void {
  const task = world.tasks.get(by);
  const own = task?.resources === undefined ? undefined : world.tables.get(task.resources.table)?.descriptors;
  const isSeen = (name: TaskName): boolean => /^\d+$/.test(name);
  const unknownFd = "fd" in call && call.op !== "reopen" && own?.has(call.fd) !== true;
  if (unknownFd && isSeen(by)) missing("descriptor", `fd:${call.fd} of ${by}`);
  switch (call.op) {
    case "fcntl": {
      const file = own?.get(call.fd);
      const isRecorded = file !== undefined && isReserved(world.files.get(file) ?? {});
      return call.command === "F_GETFL" && isRecorded ? missing("not-recorded", `F_GETFL of fd:${call.fd}`) : undefined;
    }
    case "reopen": {
      const of = world.tasks.get(call.of)?.resources;
      const there = of !== undefined && world.tables.get(of.table)?.descriptors.has(call.fd) === true;
      return there || !isSeen(call.of) ? undefined : missing("descriptor", `fd:${call.fd} of ${call.of}`);
    }
    case "open-path":
    case "unbind": {
      const mnt = task?.memberships === undefined ? undefined : world.namespaces.get(task.memberships.mnt);
      return mnt !== undefined && bindAt(mnt, call.path) !== undefined ? undefined : missing("mounts", by);
    }
    case "bind":
      if (!FOLDERS.has(call.path.slice(0, call.path.lastIndexOf("/")) || "/")) missing("mounts", by);
      return evidence.note("path", call.path);
    case "chroot":
    case "pivot-root":
      return missing("mounts", by);
    case "listns":
      return missing("listing", by);
    case "read-sysctl":
      return missing("not-recorded", call.name);
    case "open_by_handle_at":
      if (typeof call.mount === "number" && own?.has(call.mount) !== true)
        missing("descriptor", `fd:${call.mount} of ${by}`);
      return undefined;
    case "ioctl":
      if (typeof call.request === "string" && call.request.startsWith("NS_MNT_")) missing("mounts", by);
      return undefined;
    case "setns":
    case "exec":
      return isSeen(by) ? evidence.note("unshared", by) : undefined;
    case "unshare":
    case "clone":
    case "legacy-clone":
      if ((call.flags & NAMESPACE_KINDS.time.flag) !== 0 && isSeen(by)) evidence.note("unshared", by);
      if (call.op === "clone" && Array.isArray(call.args?.setTid)) {
        for (const number of call.args.setTid) evidence.note("number", String(number));
      }
      return noteNesting(call.flags);
    default:
      return undefined;
  }

  function noteNesting(flags: number): void {
    const { user, pid } = world.initial;
    for (const [kind, top] of [["user", user] as const, ["pid", pid] as const]) {
      if ((flags & NAMESPACE_KINDS[kind].flag) === 0) continue;
      const first = world.namespaces.get(top);
      if (first?.inode !== NAMESPACE_KINDS[kind].initialInode) evidence.note("nesting", names.of(top));
    }
  }
}

/** Behind a call: a process that was not found may be one that nobody saw; a thread is never seen. */
export function checkOutcome({ snapshot }: Situation, by: TaskName, call: Call, outcome: Outcome<Value>): void {
  if (outcome.ok || outcome.reason !== "no-such-process") return;
  if (call.op === "ioctl" && typeof call.argument === "number") missing("process", String(call.argument));
  const rows = snapshot?.coverage.find(({ source }) => source === "processes");
  const whole =
    rows !== undefined && rows.vanished === 0 && Object.keys(rows.refused).length === 0 && rows.notes === undefined;
  if (!whole) missing("process", "pidfd_open" === call.op && typeof call.of === "object" ? String(call.of.number) : by);
}

/** Calls that give the number of a process. */
const givesProcess = (call: Call): boolean =>
  PROCESS_CALLS.has(call.op) || ("request" in call && /_PID_|_TGID_|_INFO$/.test(String(call.request)));
const PROCESS_CALLS: ReadonlySet<CallName> = new Set<CallName>(["clone", "legacy-clone", "getpid", "getppid", "wait"]);

/** Whether a value is a number that the model made up. */
export function isBeyond(call: Call | undefined, value: Value): boolean {
  if (typeof value === "number") return value >= BEYOND_NUMBERS && call !== undefined && givesProcess(call);
  if (typeof value === "bigint") return value >= BEYOND_IDS;
  if ("namespace" in value) return Number(inodeOf(value.namespace)) >= BEYOND_INODES;
  if ("handle" in value) return value.handle.id >= BEYOND_IDS;
  // The text of a link: net:[INODE].
  if ("text" in value) return Number(/\[(\d+)\]$/.exec(value.text)?.[1] ?? 0) >= BEYOND_INODES;
  return false;
}
